import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from './app-types.ts'
import { buildTestApp } from '../testing/test-app.ts'

const dist = mkdtempSync(join(tmpdir(), 'anxin-dist-'))
mkdirSync(join(dist, 'assets'))
writeFileSync(join(dist, 'index.html'), '<meta nonce="__CSP_NONCE__"><script type="module" nonce="__CSP_NONCE__" src="/assets/main-1a2b.js"></script>')
writeFileSync(join(dist, 'assets/main-1a2b.js'), 'start()')
writeFileSync(join(dist, 'assets/main-1a2b.js.br'), brotliCompressSync('start()'))
writeFileSync(join(dist, 'favicon.svg'), '<svg/>')

let app: App
beforeAll(async () => { ({ app } = await buildTestApp({ workbench: dist })) })
afterAll(async () => {
  await app.close()
  rmSync(dist, { recursive: true })
})
const page = (url: string) => app.inject({ url, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })

describe('the workbench', () => {
  it.each(['/', '/cases/EA-000001', '/cases?card=red', '/no/such/page', '/apiary'])('is the page at %s, for its own router to tell', async (url) => {
    const answer = await page(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  })

  it('runs its own scripts only, and styles with the nonce of this very answer', async () => {
    const [one, two] = [await page('/'), await page('/')]
    const csp = String(one.headers['content-security-policy'])
    const [, nonce] = csp.match(/style-src 'self' 'nonce-([^']{20,})'/)!
    expect(one.body).toBe(`<meta nonce="${nonce}"><script type="module" nonce="${nonce}" src="/assets/main-1a2b.js"></script>`)
    expect(csp).toContain(`script-src 'self';`)
    expect(csp).not.toMatch(/unsafe|https?:|\*/)
    expect(two.body).not.toBe(one.body)
    expect(one.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' })
  })

  it('has files that are kept for ever, for their names change with their content, and small ones', async () => {
    const plain = await app.inject('/assets/main-1a2b.js')
    expect([plain.body, plain.headers['content-type'], plain.headers['cache-control']]).toEqual(['start()', expect.stringContaining('javascript'), 'public, max-age=31536000, immutable'])
    const small = await app.inject({ url: '/assets/main-1a2b.js', headers: { 'accept-encoding': 'br' } })
    expect(small.headers).toMatchObject({ 'content-encoding': 'br', 'content-type': expect.stringContaining('javascript') })
    expect((await app.inject('/favicon.svg')).headers['cache-control']).toBe('public, max-age=3600')
  })

  it('lets the worker that pages share connect to the API, and load nothing', async () => {
    expect((await app.inject('/assets/main-1a2b.js')).headers['content-security-policy']).toMatch(/^default-src 'none'; connect-src 'self';/)
  })

  it.each(['/api/nothing', '/auth/nothing', '/assets/main-0000.js', '/health/nothing', '/callbacks/x'])('is not the answer to %s', async (url) => {
    expect((await page(url)).json()).toMatchObject({ status: 404, code: 'not-found' })
  })

  it('is not the answer to a program, nor does it show the page as it was built', async () => {
    expect((await app.inject({ url: '/cases', headers: { accept: 'application/json' } })).json()).toMatchObject({ code: 'not-found' })
    expect((await app.inject('/index.html')).statusCode).toBe(404)
    expect((await app.inject('/assets/../../package.json')).statusCode).toBe(404)
    expect((await app.inject('/assets/..%2f..%2fpackage.json')).statusCode).toBe(404)
  })

  it('that was not built is missed, and nothing else is', async () => {
    const { app: bare, log } = await buildTestApp({ workbench: join(dist, 'nowhere') })
    expect((await bare.inject({ url: '/', headers: { accept: 'text/html' } })).json()).toMatchObject({ status: 404, detail: expect.stringContaining('npm run build') })
    expect((await bare.inject('/health/live')).statusCode).toBe(200)
    expect(log.join('')).toContain('no workbench')
    await bare.close()
  })
})
