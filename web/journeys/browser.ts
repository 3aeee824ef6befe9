/** The workbench as people use it: a real browser on the real API, database, Temporal and worker. */
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { extractText, getDocumentProxy } from 'unpdf'
import { expect } from 'vitest'
import { startApi, type TestApi } from '../../api/testing/test-api.ts'
import { findChromium } from '../../scripts/servers/chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A name under which the workbench is reached too, without TLS and not as localhost: to browsers no secure context. */
export const intranetHost = 'anxin.intranet'

export interface Workbench {
  api: TestApi
  /** A window in which that person (or nobody) is signed in, opened on an address. What the page logs as an error fails the journey's end. */
  open(person: string | null, path: string, size?: { width: number, height: number }): Promise<Page>
  /** Stops the API, as for a new version; pages stay open. */
  stop(): Promise<void>
  /** Starts it again at the same address. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Boots it; needs a build (`npm run build -w web`) and Chromium (`CHROMIUM_PATH`, else Debian's). */
export async function startWorkbench(): Promise<Workbench> {
  const api = await startApi({ workbench: fileURLToPath(new URL('../dist', import.meta.url)) })
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--font-render-hinting=none', `--host-resolver-rules=MAP ${intranetHost} 127.0.0.1`] })
  const faults: string[] = []
  return {
    api,
    async open(person, path, viewport = { width: 1280, height: 800 }) {
      const context = await browser.newContext({ baseURL: url, viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
      const page = await context.newPage()
      page.on('pageerror', error => faults.push(`${path}: ${error.message}`))
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d|net::ERR_|Opener-Policy header has been ignored/.test(message.text())) faults.push(`${path}: ${message.text()} (${message.location().url}:${message.location().lineNumber}:${message.location().columnNumber})`) })
      if (person !== null) await page.request.post('/auth/dev-login', { data: { person }, headers: { origin: url } })
      await page.goto(path)
      return page
    },
    stop: () => api.app.close(),
    async start() {
      await api.renew()
      await api.app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })
    },
    async close() {
      await browser.close()
      await api.close()
      expect(faults).toEqual([])
    },
  }
}

/** What axe finds wrong with the page by WCAG 2.2 AA: rule and place. */
export async function findBarriers(page: Page): Promise<string[]> {
  // By evaluation in the page's own world through the debugger: the Content-Security-Policy lets no foreign script tag in.
  await page.evaluate(axe)
  const found = await page.evaluate(() => (window as unknown as { axe: { run(of: Document, how: object): Promise<{ violations: { id: string, nodes: { target: string[], failureSummary: string }[] }[] }> } }).axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }))
  return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id} ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim() ?? ''}`))
}

/** What a page says when it is printed, line by line as it stands on paper, without blanks. */
export async function onPaper(page: Page, name?: string): Promise<string> {
  const folder = process.env.ANXIN_SCREENSHOTS
  const pdf = await page.pdf({ format: 'A4', ...(folder && name && { path: `${folder}/${name}.pdf` }) })
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })
  return text.normalize('NFKC').replaceAll(/[^\S\n]+/g, '')
}

/** Which of these texts are not on paper. Some glyphs come back as the radicals that look like them (⽂ for 文), a few of which Unicode does not fold. */
export const missingOnPaper = (paper: string, said: string[]): string[] =>
  said.filter(text => !new RegExp([...text.normalize('NFKC').replaceAll(' ', '')].map(one => `(?:${one.replace(/\W/, '\\$&')}|[\u2E80-\u2EFF])`).join('')).test(paper))

/** Keeps a picture of the page in the folder `ANXIN_SCREENSHOTS`, where that is set. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.ANXIN_SCREENSHOTS
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
