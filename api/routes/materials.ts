/** Files of a case. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { writtenOut } from '../../model/text.ts'
import { asWho } from '../../db/directory/directory.ts'
import { toIso } from '../../model/instants.ts'
import { addMaterial, Altered, findMaterial, keepMaterial, listMaterials, maxPerCase, recordKept, type Material as MaterialRow } from '../../db/materials.ts'
import type { Routes } from '../http/app-types.ts'
import { asTyped } from '../../workflows/kit/check-forms.ts'
import { problem } from '../http/errors.ts'
import { attachment } from '../http/attachment.ts'
import { emptyWhy, FILE_KINDS, FILE_RULES, FileRule, judgeFile, maxFileBytes, unknownWhy } from '../cases/file-kinds.ts'
import { fileName } from '../cases/file-name.ts'
import { idempotencyKey, refusing, requestHash, requestKey, type ApiDeps } from '../cases/requests.ts'
import { getVisibleCase, getVisibleOrReceived, noteAccess, WINDOW } from '../cases/visible-case.ts'

const Material = z
  .object({ id: z.string(), name: z.string(), type: z.string(), size: z.int(), hash: z.string().meta({ description: 'SHA-256' }), to: z.enum(['officers', 'applicant']).meta({ title: '由谁阅读' }), addedAt: z.iso.datetime({ offset: true }) })
  .meta({ id: 'Material', title: '材料' })
const CaseNo = z.strictObject({ caseNo: z.string() })
const CaseNoAndId = z.strictObject({ caseNo: z.string(), id: z.string() })
const Readers = z.strictObject({ to: z.enum(['officers', 'applicant']).default('officers').meta({ title: '由谁阅读', description: 'applicant：办案人员提供给企业，企业可以下载；officers：只供办案人员。企业提交的，本企业都能看到。' }) })
const Headers = z.looseObject({
  'idempotency-key': z.string().optional().meta({ title: '防重复标识' }),
  'x-file-name': z.string().optional().meta({ title: '文件名', description: '必填，以 encodeURIComponent 编码。' }),
}).meta({ required: ['idempotency-key', 'x-file-name'] })
const Content = z.unknown().meta({ title: '文件内容', description: 'application/octet-stream；大小、种类见 GET /api/materials/rules。' }).register(asTyped)
const Rules = z.object({
  maxBytes: z.int(), maxPerCase: z.int(), emptyWhy: z.string(), unknownWhy: z.string(),
  kinds: z.array(z.object({ title: z.string(), type: z.string(), endings: z.array(z.string()) })), rules: z.array(FileRule),
}).meta({ id: 'FileRules', title: '收哪些文件', description: 'rules 依次判断，先符合者为准：type 为收的种类，why 为不收的理由；都不符合的为 unknownWhy。' })

/** `/api/cases/:caseNo/materials`. `dir`: where content is kept; undefined: in the database. */
export const materialRoutes = (deps: ApiDeps, dir?: string): Routes => async (app) => {
  const { db } = deps
  const config = { access: 'signed-in' } as const
  const tags = ['案件']
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: maxFileBytes }, async (_request: unknown, body: Buffer) => body)

  app.get('/api/materials/rules', { config, schema: { tags, summary: '收哪些文件：大小、份数、种类及其判断', response: { 200: Rules } } },
    async () => ({ maxBytes: maxFileBytes, maxPerCase, emptyWhy, unknownWhy, kinds: FILE_KINDS, rules: FILE_RULES }))

  app.get('/api/cases/:caseNo/materials', { config, schema: { tags, summary: '案件的材料', params: CaseNo, response: { 200: z.array(Material) } } }, async ({ person, params }) => {
    const who = asWho(person)
    await getVisibleOrReceived(deps, who, params.caseNo, 'material', WINDOW)
    return (await listMaterials(db.pool, who, params.caseNo)).map(view)
  })

  app.post('/api/cases/:caseNo/materials', {
    config, bodyLimit: maxFileBytes,
    schema: {
      tags, summary: '提交材料', description: '也可提交到您所提交、正在立案的申请（GET /api/cases/{caseNo} 回答 202）：先行保存，立案后自动归入案件。', params: CaseNo, querystring: Readers, headers: Headers, body: Content, response: { 200: Material },
    },
  }, async (request) => {
    const who = asWho(request.person)
    const { caseNo } = request.params
    const { to } = request.query
    const filed = nameSent(request.headers['x-file-name'])
    const content = Buffer.isBuffer(request.body) ? request.body : undefined
    if (!content && request.headers['content-length'] === '0') throw problem('file-refused', emptyWhy)
    if (!content) throw problem('unsupported-media-type', '请以 application/octet-stream 格式提交文件内容。')
    const judged = judgeFile(content)
    if ('why' in judged) throw problem('file-refused', judged.why)
    const name = fileName(filed, judged.kind)
    const found = await getVisibleOrReceived(deps, who, caseNo, 'material', WINDOW)
    const change = { who, key: requestKey(who.id, idempotencyKey(request)), hash: requestHash(`${caseNo}/material/${to}/${filed}`, createHash('sha256').update(content).digest('hex')) }
    const add = 'receivedAt' in found ? keepMaterial : addMaterial
    if (add === addMaterial) await recordKept(db, caseNo)
    return view(await refusing(db, { personId: who.id, caseNo, taskId: null, action: 'add-material' }, () => add(db, caseNo, change, { to, name, ...(filed !== name && { filedAs: writtenOut(filed) }), type: judged.kind.type, content }, dir)))
  })

  app.get('/api/cases/:caseNo/materials/:id', { config, schema: { tags, summary: '下载材料', params: CaseNoAndId } }, async (request, reply) => {
    const { person, params: { caseNo, id } } = request
    const who = asWho(person)
    const state = await getVisibleCase(deps, who, caseNo, 'action', WINDOW)
    const found = await findMaterial(db.pool, who, caseNo, id, dir).catch((cause: unknown) => {
      throw cause instanceof Altered ? problem('internal', `这份材料与案件记录不符，未予提供。请将编号 ${request.id} 告知系统管理员和审计员。`, { cause }) : cause
    })
    if (!found) throw problem('not-found')
    // Every reading of a file is noted, not only of restricted cases.
    await noteAccess(deps, who, state, 'material', true, true)
    return reply.type(found.type).header('content-disposition', attachment(found.name)).send(found.content)
  })
}

/** More is no name. */
const maxNameSent = 1000

/** The name as it was sent. @throws Problem `bad-form` */
function nameSent(encoded: string | undefined): string {
  const wrong = (detail: string) => problem('bad-form', undefined, { errors: [{ pointer: '/x-file-name', detail: `文件名：${detail}` }] })
  if (!encoded) throw wrong('必填')
  try {
    const name = decodeURIComponent(encoded)
    if (name.length > maxNameSent) throw wrong(`最多 ${maxNameSent} 字，现有 ${name.length} 字`)
    return name
  } catch (error) {
    throw error instanceof URIError ? wrong('编码有误') : error
  }
}

const view = ({ id, name, type, size, hash, readers, addedAt }: MaterialRow) => ({ id, name, type, size, hash, to: readers, addedAt: toIso(addedAt) })
