/** Opens what recurs: the calendar says when, the record that it was done, so that it is done once, and made up for after an outage. */
import { Temporal } from 'temporal-polyfill'
import { openingsOf, readPeriod, type Opening } from '../clock/recurrence.ts'
import type { Db } from '../db/connect.ts'
import { alarm, keepRecurrence, listFiled, listRecurrences, listSubjects, promiseCases, SCHEDULE, type ToOpen } from '../db/recurrences.ts'
import { shanghaiDate } from '../model/instants.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import { checkForm } from '../workflows/kit/check-forms.ts'
import type { CalendarActivities, Engine } from '../workflows/kit/activities.ts'
import type { Procedure, Subject } from '../workflows/kit/procedure.ts'
import type { CaseInput } from '../workflows/kit/types.ts'
import type { Rules } from './rules.ts'

/** So many cases are opened in one run of the activity. */
const BATCH = 500
/** So many are started at once. */
const AT_ONCE = 20

interface Deps { db: Db, engine: Pick<Engine, 'startCase'>, rules(procedure: string): Promise<Rules>, now?: () => Date }
type Input = Omit<CaseInput, 'caseNo'>

/** Makes the activity over the record and what starts cases; `now` is for tests. */
export function createCalendarActivities({ db, engine, rules, now = () => new Date() }: Deps): CalendarActivities {
  return {
    async openDue(key) {
      const procedure = getProcedure(key)
      const { policy, calendar } = await rules(key)
      if (!policy.recurs) return false
      const at = now()
      const span = { from: earliest(policy.recurs.since), until: shanghaiDate(at) }
      const opened = new Set((await listRecurrences(db.pool, { procedure: key, ...span })).flatMap(r => r.openedAt ? r.period : []))
      for (const opening of openingsOf(policy.recurs, calendar, span)) {
        if (!opened.has(opening.period) && await openPeriod(procedure, opening, at)) return true
      }
      return false
    },
  }

  /** Opens what is left of a period, as far as one batch goes; whether more of it is left. */
  async function openPeriod(procedure: Procedure, opening: Opening, at: Date): Promise<boolean> {
    const { policy } = procedure
    const forEach = policy.recurs!.forEach
    const subjects: (Subject | null)[] = forEach === undefined ? [null] : await listSubjects(db.pool, forEach, opening.opensOn)
    const keyed = new Map(subjects.map(subject => [keyOf(policy.key, opening, subject), subject]))
    const filed = await listFiled(db.pool, [...keyed.keys()])
    const failures: string[] = []
    const cases: ToOpen<Input>[] = []
    let left = false
    for (const [key, subject] of keyed) {
      if (filed.has(key)) continue
      if (cases.length === BATCH) { left = true; break }
      const made = makeInput(procedure, opening, subject)
      if (typeof made === 'string') failures.push(made)
      else if (made) cases.push({ key, input: made })
    }
    const promised = await promiseCases(db.pool, { procedure: policy.key, code: policy.code, cases })
    // One that cannot be started now is promised: it is started by whoever keeps promises.
    for (let i = 0; i < promised.length; i += AT_ONCE) await Promise.allSettled(promised.slice(i, i + AT_ONCE).map(({ caseNo, input }) => engine.startCase(policy, { caseNo, ...input })))
    if (left) return true
    await conclude(procedure, opening, at, filed.size + promised.length, failures)
    return false
  }

  async function conclude({ policy: { key, title, owner } }: Procedure, { period, opensOn }: Opening, at: Date, cases: number, failures: string[]): Promise<void> {
    const failure = failures.length === 0 ? null : `${failures[0]}${failures.length > 1 ? `（共 ${failures.length} 件）` : ''}`
    if (!await keepRecurrence(db.pool, { procedure: key, period, opensOn, openedAt: failure === null ? at : null, cases, failure })) return
    const today = shanghaiDate(at)
    const what = `${readPeriod(period)}的${title}应于 ${opensOn} 开立`
    const told = { unit: owner, at, key: `${key}/${period}/${failure ?? 'late'}` }
    if (failure !== null) await alarm(db.pool, { ...told, title: `未能按计划开立：${title}`, body: `${what}，未能全部开立：${failure}。请联系系统管理员处理，处理后次日自动补开。` })
    else if (today > opensOn) await alarm(db.pool, { ...told, title: `未按时开立，已补开：${title}`, body: `${what}，系统至 ${today} 方予补开，共 ${cases} 件。请留意各件的办理期限。` })
  }
}

/** A day that rolls back may lie in the year before. */
const earliest = (since: string) => Temporal.PlainDate.from(since).subtract({ months: 1 }).toString()

const keyOf = (procedure: string, { period }: Opening, subject: Subject | null) => ['recurs', procedure, period, ...(subject ? [subject.kind, subject.id] : [])].join('/')

/** What a case is started with, null where there is none for this subject, or what is wrong with it. */
function makeInput(procedure: Procedure, opening: Opening, subject: Subject | null): Input | string | null {
  const of = subject ? `${subject.name}：` : ''
  let application
  try {
    application = procedure.applicationOf!(opening, subject)
  } catch (e) {
    return `${of}${(e as Error).message}`
  }
  if (!application) return null
  const checked = checkForm(procedure.forms.application, application)
  if ('errors' in checked) return `${of}${checked.errors.map(e => e.detail).join('；')}`
  const form = checked.form as Input['application']
  return { application: form, title: procedure.titleOf(form), applicant: SCHEDULE, filedBy: { id: SCHEDULE, unit: null }, enterpriseId: subject?.enterpriseId ?? procedure.enterpriseOf?.(form) ?? null }
}
