/** The workbench's pages and files, as `npm run build` has left them. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problem } from './errors.ts'

/** Everything else that a browser asks for as a page is the workbench's, whose router knows its addresses. */
const NOT_PAGES = /^\/(api|auth|docs|health|metrics|callbacks|codec|openapi\.json|assets)(\/|$)/

/** Stands in the built page where the nonce of each answer goes (`html.cspNonce` of web/vite.config.ts). */
const NONCE = '__CSP_NONCE__'

/** Own scripts only, none inline, no eval; styles that the component library inserts carry the answer's nonce. */
const policy = (nonce: string) => [
  `default-src 'self'`, `script-src 'self'`, `style-src 'self' 'nonce-${nonce}'`, `img-src 'self' data: blob:`, `object-src 'none'`,
  `base-uri 'none'`, `form-action 'none'`, `frame-ancestors 'none'`,
].join('; ')

/** The worker that pages share goes by the policy of its own file: it connects to the API and loads nothing. */
const FILE_POLICY = `default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/**
 * Its files. Register it before what limits requests and asks who may call: a page loads dozens of them, for anybody, and the
 * routes of the plugin cannot say so themselves.
 */
export const workbenchFiles = (dist: string) => async (app: FastifyInstance): Promise<void> => {
  app.addHook('onRoute', (route) => { route.config = { ...route.config, access: 'public' } })
  await app.register(files, {
    root: dist, wildcard: false, index: false, globIgnore: ['index.html', '**/*.{gz,br}'], preCompressed: true, cacheControl: false,
    setHeaders: (reply, path) => void reply.headers({
      'cache-control': path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'public, max-age=3600', 'content-security-policy': FILE_POLICY,
    }),
  })
}

/** Its page, at every address that is not the API's; where none was built, the API works and says so. */
export function addPage(app: FastifyInstance, dist: string): void {
  const index = join(dist, 'index.html')
  const page = existsSync(index) ? readFileSync(index, 'utf8') : undefined
  if (page === undefined) app.log.warn('no workbench: web/dist is missing, run `npm run build`')

  app.get('/*', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    if (!isForPage(request)) throw problem('not-found')
    if (page === undefined) throw problem('not-found', '工作台尚未构建：请运行 npm run build 后重新启动。')
    const nonce = randomBytes(16).toString('base64')
    return reply.type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy(nonce), 'cache-control': 'no-store' })
      .send(page.replaceAll(NONCE, nonce))
  })
}

const isForPage = ({ url, headers }: FastifyRequest) => !NOT_PAGES.test(url.split('?', 1)[0]!) && /text\/html/.test(headers.accept ?? '')
