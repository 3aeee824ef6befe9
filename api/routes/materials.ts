/** Files of a case. */
import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { z } from 'zod'
import { asWho } from '../../db/directory/directory.ts'
import { toIso } from '../../model/instants.ts'
import { addMaterial, findMaterial, keepMaterial, listMaterials, recordKept, type Material as MaterialRow } from '../../db/materials.ts'
import type { Routes } from '../http/app-types.ts'
import { attachment } from '../http/attachment.ts'
import { problem } from '../http/errors.ts'
import { refuseIllegal } from '../http/json-body.ts'
import { idempotencyKey, refusing, requestHash, requestKey, type ApiDeps } from '../cases/requests.ts'
import { getVisibleCase, getVisibleOrReceived, noteAccess } from '../cases/visible-case.ts'

/** What may be added, by the type found in the content; nothing that can run. */
const TYPES = new Set([
  'application/pdf', 'image/jpeg', 'image/png',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
])
const maxBytes = 20 * 1024 * 1024

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
const Content = z.unknown().meta({ title: '文件内容', description: 'application/octet-stream，不超过 20 MB；PDF、JPG、PNG、docx 或者 xlsx。' })

/** `/api/cases/:caseNo/materials`. `dir`: where content is kept; undefined: in the database. */
export const materialRoutes = (deps: ApiDeps, dir?: string): Routes => async (app) => {
  const { db } = deps
  const config = { access: 'signed-in' } as const
  const tags = ['案件']
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: maxBytes }, async (_request: unknown, body: Buffer) => body)

  app.get('/api/cases/:caseNo/materials', { config, schema: { tags, summary: '案件的材料', params: CaseNo, response: { 200: z.array(Material) } } }, async ({ person, params }) => {
    const who = asWho(person)
    await getVisibleOrReceived(deps, who, params.caseNo, 'material')
    return (await listMaterials(db.pool, who, params.caseNo)).map(view)
  })

  app.post('/api/cases/:caseNo/materials', {
    config, bodyLimit: maxBytes,
    schema: {
      tags, summary: '提交材料', description: '也可提交到您所提交、正在立案的申请（GET /api/cases/{caseNo} 回答 202）：先行保存，立案后自动归入案件。', params: CaseNo, querystring: Readers, headers: Headers, body: Content, response: { 200: Material },
    },
  }, async (request) => {
    const who = asWho(request.person)
    const { caseNo } = request.params
    const { to } = request.query
    const name = fileName(request.headers['x-file-name'])
    const content = Buffer.isBuffer(request.body) ? request.body : undefined
    if (!content) throw problem('unsupported-media-type', '请以 application/octet-stream 格式提交文件内容。')
    const type = (await fileTypeFromBuffer(content))?.mime
    if (type === undefined || !TYPES.has(type)) throw problem('file-refused')
    const found = await getVisibleOrReceived(deps, who, caseNo, 'material')
    const change = { who, key: requestKey(who.id, idempotencyKey(request)), hash: requestHash(`${caseNo}/material/${to}/${name}`, createHash('sha256').update(content).digest('hex')) }
    const add = 'receivedAt' in found ? keepMaterial : addMaterial
    if (add === addMaterial) await recordKept(db, caseNo)
    return view(await refusing(db, { personId: who.id, caseNo, taskId: null, action: 'add-material' }, () => add(db, caseNo, change, { to, name, type, content }, dir)))
  })

  app.get('/api/cases/:caseNo/materials/:id', { config, schema: { tags, summary: '下载材料', params: CaseNoAndId } }, async ({ person, params: { caseNo, id } }, reply) => {
    const who = asWho(person)
    const state = await getVisibleCase(deps, who, caseNo, 'action')
    const found = await findMaterial(db.pool, who, caseNo, id, dir)
    if (!found) throw problem('not-found')
    // Every reading of a file is noted, not only of restricted cases.
    await noteAccess(deps, who, state, 'material', true, true)
    return reply.type(found.type).header('content-disposition', attachment(found.name)).send(found.content)
  })
}

/** The name without a path. @throws Problem `bad-form` */
function fileName(encoded: string | undefined): string {
  const wrong = (detail: string) => problem('bad-form', undefined, { errors: [{ pointer: '/x-file-name', detail: `文件名：${detail}` }] })
  if (!encoded) throw wrong('必填')
  let name: string
  try {
    name = decodeURIComponent(encoded).replace(/^.*[/\\]/, '').trim()
  } catch {
    throw wrong('编码有误')
  }
  refuseIllegal(name)
  if (name === '' || name.length > 200) throw wrong('应为 1 至 200 个字')
  return name
}

const view = ({ id, name, type, size, hash, readers, addedAt }: MaterialRow) => ({ id, name, type, size, hash, to: readers, addedAt: toIso(addedAt) })
