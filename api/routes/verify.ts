/** Whether a document is genuine: for anybody who holds it, without signing in. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { findByCode, findByHash, type FoundDocument } from '../../db/lists/documents.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { halfWidth, readDocumentNo } from '../../model/text.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { asTyped } from '../../workflows/kit/check-forms.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import type { ApiDeps } from '../cases/requests.ts'

const Verified = z.object({
  genuine: z.boolean().meta({ title: '是否真实' }),
  number: z.string().nullable().meta({ title: '文号' }),
  kind: z.string().nullable().meta({ title: '文书种类' }),
  date: z.string().nullable().meta({ title: '成文日期' }),
  state: z.enum(['valid', 'replaced', 'withdrawn']).nullable().meta({ title: '现状', description: 'valid 有效，replaced 已被替换，withdrawn 已撤销' }),
  hash: z.string().nullable().meta({ title: '原件的校验值', description: 'SHA-256' }),
}).meta({ id: 'Verified', title: '文书核验结果', description: '核验码不对的、没有这个文号的，回答一样：genuine 为 false，其余为 null。' })
const File = z.unknown().meta({ title: '文书文件', description: 'application/octet-stream：下载的 PDF 原件。' }).register(asTyped)

/** Of one address, in one API process: enough for whoever holds some documents, and nothing for who tries codes. */
const perMinute = 30
const maxFileBytes = 20 * 1024 * 1024
const config = { access: 'public', rateLimit: { max: perMinute, timeWindow: '1 minute' } } as const
const tags = ['核验']

/** `GET /verify/:number` by its code, `POST /verify` by the file itself. */
export const verifyRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: maxFileBytes }, async (_request: unknown, body: Buffer) => body)

  app.get('/verify/:number', {
    config,
    schema: {
      tags, summary: '凭文号和核验码核验文书', description: '不需登录。浏览器打开时转到核验页面。',
      params: z.strictObject({ number: z.string().max(200) }), querystring: z.strictObject({ code: z.string().max(100).default('').meta({ title: '核验码' }) }), response: { 200: Verified },
    },
  }, async ({ params, query, headers }, reply) => {
    if (/text\/html/.test(headers.accept ?? '')) return reply.redirect(`/verify?number=${encodeURIComponent(params.number)}&code=${encodeURIComponent(query.code)}`, 303)
    reply.header('cache-control', 'no-store')
    return view(await findByCode(pool, readDocumentNo(params.number), readCode(query.code)))
  })

  app.post('/verify', {
    config, bodyLimit: maxFileBytes, schema: { tags, summary: '凭文件核验文书', description: '不需登录；文件只用来比对，不保存。', body: File, response: { 200: Verified } },
  }, async ({ body }, reply) => {
    if (!Buffer.isBuffer(body)) throw problem('unsupported-media-type', '请以 application/octet-stream 格式提交文件内容。')
    reply.header('cache-control', 'no-store')
    return view(await findByHash(pool, createHash('sha256').update(body).digest('hex')))
  })
}

/** The code as it is kept, however it was typed. */
const readCode = (typed: string): string => halfWidth(typed).toUpperCase().replace(/[^A-Z0-9]/g, '').replace(/.{4}(?=.)/g, '$&-')

const view = (found: FoundDocument | undefined): z.infer<typeof Verified> => found
  ? { genuine: true, number: found.number, kind: getProcedure(found.procedure).documents?.[found.kind]?.template.name ?? found.title, date: shanghaiDate(found.issuedAt), state: found.state, hash: found.hash }
  : { genuine: false, number: null, kind: null, date: null, state: null, hash: null }
