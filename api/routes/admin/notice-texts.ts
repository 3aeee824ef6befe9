/** The texts of notices: standard ones, and what administrators have changed of them for a procedure. */
import { z } from 'zod'
import { findNames } from '../../../db/directory/directory.ts'
import { mayBe } from '../../../model/filing.ts'
import { shanghai, toIso } from '../../../model/instants.ts'
import { hasOnly, NOTICES, PLACEHOLDERS, placeholdersOf, standardText, type NoticeKind, type Placeholder } from '../../../db/notices/messages.ts'
import { listTexts, removeText, saveText, type ChangedText } from '../../../db/notices/notice-texts.ts'
import { findProcedure, PROCEDURES } from '../../../workflows/catalogue.ts'
import type { Procedure } from '../../../workflows/kit/procedure.ts'
import { line, prose } from '../../../workflows/kit/fields.ts'
import type { Facts } from '../../../model/types.ts'
import type { Policy } from '../../../model/policy.ts'
import type { App } from '../../http/app-types.ts'
import { problem } from '../../http/errors.ts'
import { refusing, type ApiDeps } from '../../cases/requests.ts'
import { Named } from '../../http/schemas.ts'
import { NO_CONTENT } from './records.ts'

const config = { access: ['admin'] } as const
const tags = ['管理']

const Form = z.strictObject({ title: line('标题', 100), body: prose('正文', undefined, 1000), reason: prose('理由') })
  .meta({ examples: [{ title: '请办理{环节}', body: '{事项}等您办理，期限 {期限}，逾期将出示黄牌。', reason: '提示逾期后果。' }] })
const Text = z.object({ title: z.string(), body: z.string() })
const Place = z.object({ name: z.string(), means: z.string(), sample: z.string() })
const NoticeText = Text.extend({
  kind: z.string(), when: z.string(), to: z.string(), outside: z.boolean(), standard: Text, placeholders: z.array(Place),
  changed: z.object({ reason: z.string(), by: Named, at: z.iso.datetime({ offset: true }) }).nullable(),
})
const NoticeTexts = z.object({ procedure: z.string(), title: z.string(), restricted: z.boolean(), texts: z.array(NoticeText) }).meta({
  id: 'NoticeTexts', title: '通知文字', description: '各流程的现行通知文字。placeholders：可用的占位符，写作 {名称}，sample 为样例案件中的内容。outside：也发邮件和外部通知。',
})
const Key = z.strictObject({ procedure: z.string(), kind: z.string() })

/** What the places hold in a sample case: the application that the procedure's own form gives as an example. */
function samplesOf({ policy, forms, titleOf }: Procedure): Record<Placeholder, string> {
  const isRestricted = mayBe(policy, 'restricted')
  const 案件 = isRestricted ? '受限案件' : `《${titleOf((forms.application.meta()!.examples as Facts[])[0]!)}》`
  const 环节 = isRestricted ? '任务' : `“${Object.values(policy.tasks)[0]!.title}”`
  const [prefix = ''] = Object.values(policy.documents ?? {})
  return { 案件, 环节, 编号: `${policy.code}-000001`, 事项: `${案件}的${环节}`, 期限: shanghai(new Date('2026-03-05T17:30:00+08:00')), 文号: `${prefix}〔2026〕1号`, 渠道: '邮件' }
}

/** Documents are issued only where a procedure has some. */
const kindsOf = ({ documents }: Policy): NoticeKind[] => (Object.keys(NOTICES) as NoticeKind[]).filter(kind => !kind.startsWith('document-') || documents !== undefined)

function view(procedure: Procedure, changed: ChangedText[], names: Map<string, string>): z.infer<typeof NoticeTexts> {
  const { policy } = procedure
  const restricted = mayBe(policy, 'restricted')
  const samples = samplesOf(procedure)
  return {
    procedure: policy.key, title: policy.title, restricted,
    texts: kindsOf(policy).map((kind) => {
      const { when, to } = NOTICES[kind]
      const own = changed.find(one => one.procedure === policy.key && one.kind === kind)
      const standard = standardText(kind, restricted)
      const { title, body } = own ?? standard
      return {
        kind, when, to, outside: 'outside' in NOTICES[kind], title, body, standard,
        placeholders: placeholdersOf(kind, restricted).map(name => ({ name, means: PLACEHOLDERS[name], sample: samples[name] })),
        changed: own ? { reason: own.reason, by: { id: own.changedBy, name: names.get(own.changedBy) ?? own.changedBy }, at: toIso(own.changedAt) } : null,
      }
    }),
  }
}

/** `/api/admin/notice-texts`. What is changed holds for notices sent later. */
export function addNoticeTexts(app: App, { db }: ApiDeps): void {
  async function viewAll(procedures: Iterable<Procedure>) {
    const changed = await listTexts(db.pool)
    const names = await findNames(db.pool, changed.map(one => one.changedBy))
    return [...procedures].map(procedure => view(procedure, changed, names))
  }
  /** @throws Problem */
  function find({ procedure: key, kind }: z.infer<typeof Key>): { procedure: Procedure, kind: NoticeKind } {
    const procedure = findProcedure(key)
    const known = procedure && kindsOf(procedure.policy).find(one => one === kind)
    if (!known) throw problem('not-found')
    return { procedure, kind: known }
  }

  app.get('/api/admin/notice-texts', { config, schema: { tags, summary: '各流程的通知文字', response: { 200: z.object({ items: z.array(NoticeTexts) }) } } },
    async () => ({ items: await viewAll(PROCEDURES.values()) }))

  app.put('/api/admin/notice-texts/:procedure/:kind', {
    config, schema: { tags, summary: '修改一种通知的文字，对此后的通知生效', params: Key, body: Form, response: { 200: NoticeTexts } },
  }, async ({ params, body, person }) => {
    const { procedure, kind } = find(params)
    const known = placeholdersOf(kind, mayBe(procedure.policy, 'restricted'))
    const allowed = known.map(name => `{${name}}`).join('、')
    const errors = Object.entries({ title: '标题', body: '正文' } as const).filter(([field]) => !hasOnly(body[field as 'title' | 'body'], known))
      .map(([field, label]) => ({ pointer: `/${field}`, detail: `${label}：有不能使用的占位符或者多余的花括号，可以使用 ${allowed}` }))
    if (errors.length > 0) throw problem('bad-form', undefined, { errors })
    await saveText(db, { procedure: procedure.policy.key, kind, ...body, changedBy: person.id })
    return (await viewAll([procedure]))[0]!
  })

  app.delete('/api/admin/notice-texts/:procedure/:kind', {
    config, schema: { tags, summary: '恢复标准文字', params: Key, response: { 204: NO_CONTENT } },
  }, async ({ params, person }, reply) => {
    const { procedure, kind } = find(params)
    await refusing(db, { personId: person.id, caseNo: null, taskId: null, action: 'admin notice-texts' }, () => removeText(db, person.id, procedure.policy.key, kind))
    return reply.code(204).send(null)
  })
}
