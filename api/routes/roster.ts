/** The duty roster (中心值班): a month of it, and what may be done there. */
import { z } from 'zod'
import { actOnRoster } from '../../db/roster/acts.ts'
import { findTarget } from '../../db/roster/read.ts'
import { asWho } from '../../db/directory/directory.ts'
import { findCase } from '../../db/record/record.ts'
import { maySee } from '../../model/actions.ts'
import { shanghaiDate } from '../../model/instants.ts'
import type { RosterAction } from '../../model/roster.ts'
import type { Role } from '../../model/person.ts'
import type { Facts } from '../../model/types.ts'
import { DUTY_STEPS } from '../../workflows/catalogue.ts'
import { rosterForm, rosterForms } from '../../workflows/kit/roster-forms.ts'
import { FormBody, IdempotencyHeader, readChange, refusing, type ApiDeps } from '../cases/requests.ts'
import { checkReferences } from '../cases/references.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { parseForm } from '../http/parse-form.ts'
import { Named } from '../http/schemas.ts'
import { homeRoster, RosterMonth, viewMonth, viewToday } from '../views/roster-view.ts'

/** Whoever works here; who keeps the system or reads its trail takes no part (三员分立). */
const OFFICERS: Role[] = ['handler', 'unit-leader', 'duty-desk', 'legal-reviewer', 'office', 'bureau-leader']
const Query = z.strictObject({ month: z.string().regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, '须为年月，如 2026-12').meta({ title: '月份' }).optional(), unit: z.string().min(1).max(64).meta({ title: '单位', description: '单位编号；rotation 为部门轮驻。缺省为本单位' }).optional() })
const Acted = z.object({ id: z.string(), remarks: z.array(z.string()).meta({ title: '须注意', description: '不妨碍办理、但应当知道的情况，如七天内值班过多。' }) }).meta({ id: 'RosterActed', title: '已办理' })
const isAction = (name: string): name is RosterAction => Object.hasOwn(rosterForms, name)

export const rosterRoutes = ({ db }: ApiDeps): Routes => async (app) => {
  const [tags, config] = [['值班'], { access: OFFICERS }]

  app.get('/api/roster', { config, schema: { tags, summary: '一个月的值班表，及本人可以进行的操作', querystring: Query, response: { 200: RosterMonth } } }, async ({ query, person }) => {
    const who = asWho(person)
    const unit = query.unit ?? await homeRoster(db.pool, who)
    if ((await findTarget(db.pool, unit))?.what !== 'roster') throw problem('not-found')
    return viewMonth(db.pool, who, unit, query.month ?? shanghaiDate(new Date()).slice(0, 7))
  })

  app.get('/api/roster/today', {
    config: { access: 'signed-in' },
    schema: { tags, summary: '今天在中心的部门和开放时间', response: { 200: z.object({ date: z.iso.date(), department: Named.nullable(), openingHours: z.string() }).meta({ id: 'RosterToday', title: '今日在岗部门' }) } },
  }, () => viewToday(db.pool))

  app.post('/api/roster/:id/actions/:action', {
    config,
    schema: { tags, summary: '对值班表、班、换班、交接班、随驻、缺岗预警进行操作', params: z.strictObject({ id: z.string(), action: z.string() }), headers: IdempotencyHeader, body: FormBody.optional(), response: { 200: Acted } },
  }, async (request) => {
    const { id, action } = request.params
    const { key, hash, body } = readChange(request, `roster ${id} ${action}`)
    const target = await findTarget(db.pool, id)
    if (!target) throw problem('not-found')
    if (!isAction(action)) throw problem('action-not-allowed')
    const schema = rosterForm(action, target.what === 'roster' && target.roster === 'rotation')
    return refusing(db, { personId: request.person.id, caseNo: null, taskId: null, action: `roster ${action}` }, async () => {
      const form = parseForm(schema, body) as Facts
      const about = typeof form.caseNo === 'string' ? await findCase(db.pool, form.caseNo) : null
      if (typeof form.caseNo === 'string' && (!about || about.file.restricted || !maySee(asWho(request.person), about.file, about.tasks))) throw problem('bad-form', undefined, { errors: [{ pointer: '/caseNo', detail: '案件：没有这个案件，或者您无权查看' }] })
      await checkReferences(db.pool, schema, form, { enterpriseId: about?.file.enterpriseId ?? null, outwards: false })
      return actOnRoster(db, { id, action, who: asWho(request.person), key, hash, form, steps: DUTY_STEPS })
    })
  })
}
