import { condition } from '@temporalio/workflow'
import { runCase, type Case, type Ending } from '../kit/case.ts'
import type { Facts, Json } from '../../model/types.ts'
import type { Ask, CaseInput, Done } from '../kit/types.ts'
import { arrest, confirm, detainedAt, firstDay, type Custody, type Due, type Milestone } from './custody.ts'
import { deputyDuty, type DeputyDuty } from './deputies.ts'
import type { Application, Decide, FollowUp } from './forms.ts'
import { policy } from './policy.ts'

type Report = Case<typeof policy>

/** What is kept from round to round: the custody, and the permission or notification that was given, by its duty. */
interface Progress { custody: Custody, permits: Record<string, Done> }

/** What was decided, and whether only after the detention (紧急情形). */
interface Decided extends Pick<Decide, 'decision' | 'text'> { afterTheFact: boolean, conditions: string[], late?: string }

/** 羁押事前报备: reviewed side by side, decided on unchanged facts; custody clocks from the detention on; a visit to the enterprise. */
export async function detentionReport(input: CaseInput<Application>): Promise<Ending> {
  return runCase(policy, input, async (c, application) => {
    c.exclude(declaredPersons(application))
    if (declaredPersons(application).includes(input.filedBy.id)) return { outcome: 'cancelled', result: { reason: '报备人有应当回避的情形，须由其他承办人另行报备' } }

    const progress: Progress = { custody: { confirmed: {} }, permits: {} }
    const isDetained = () => detainedAt(progress.custody) !== undefined
    let over = false
    const [decided] = await Promise.all([
      reviewAndDecide(c, progress).finally(() => { over = true }),
      // On the urgent path custody runs while the report is still being reviewed.
      condition(() => over || isDetained()).then(() => isDetained() ? watchCustody(c, progress.custody) : undefined),
    ])
    const visit = isDetained() ? await c.ask('follow-up', { context: { continuityPlan: String(c.input.application.continuityPlan) } }) : null
    return { outcome: outcomeOf(decided), result: { ...decided, carriedOut: isDetained(), ...visit?.form as FollowUp | undefined } }
  })
}

const outcomeOf = ({ afterTheFact, decision }: Decided) =>
  afterTheFact ? 'reviewed-after-the-fact' : decision === 'agree' ? 'agreed' : 'alternative-advised'

/**
 * Rounds of review and decision, until one decides. An amendment voids the round, also after the decision, as long as the
 * detention was not carried out.
 */
async function reviewAndDecide(c: Report, progress: Progress): Promise<Decided> {
  for (;;) {
    const decided = await c.untilUnchanged(facts => oneRound(c, facts as unknown as Application, progress))
    if (decided) return decided
  }
}

/** One round; null when the report was returned, and has been completed for another. */
async function oneRound(c: Report, application: Application, { custody, permits }: Progress): Promise<Decided | null> {
  const { urgent } = application
  c.exclude(declaredPersons(application))
  custody.reportedAt = application.detainedAt
  const reporting = urgent ? await c.check<{ late?: string }>('reporting') : {}

  const duty = deputyDuty(application)
  const given = duty && permits[duty.title]
  if (duty) c.note('deputy', { ...duty })
  const marks: Facts = { urgent, ...reporting as Facts, ...(duty && { deputy: duty.reason }) }
  const opinions = await review(c, urgent, marks, given ? null : duty)
  const permit = given ?? opinions.find(({ form }) => 'ref' in form)
  if (duty && permit) permits[duty.title] = permit
  const returned = opinions.find(isReturned)
  if (returned) return revise(c, urgent, returned)

  const done = await c.ask('decide', { title: marked('决定', urgent), context: { ...marks, opinions: [...opinions, ...(given ? [given] : [])].map(summary) } })
  if (isReturned(done)) return revise(c, urgent, done)

  c.withdrawable = false
  const { decision, text } = done.form as Decide
  c.tell('applicant', '受限案件已有决定', text)
  if (decision === 'agree' && !detainedAt(custody)) await carryOut(c, custody, application.plannedAt)
  return { decision, text, afterTheFact: urgent, conditions: opinions.filter(isConditional).map(o => String(o.form.text)), ...(reporting.late && { late: reporting.late }) }
}

/** 法制审核 and 影响评估 side by side, with the prior permission or notification where one is missing; the first return ends the others. */
function review(c: Report, urgent: boolean, context: Facts, duty: DeputyDuty | null): Promise<Done[]> {
  const clock = urgent ? 'urgent' : 'ordinary'
  return c.askAll([
    ['legal-review', { clock, title: marked('法制审核', urgent), context }],
    ['impact-review', { clock, title: marked('影响评估', urgent), context }],
    ...(duty?.when === 'prior' ? [permission(c, duty)] : []),
  ], { enough: decided => decided.some(isReturned) })
}

const permission = (c: Report, { when, title, reason }: DeputyDuty): ['permission', Ask] => ['permission', { ...byReporter(c), clock: when, title, context: { reason } }]

/** 退回补充: the reporter amends the report and confirms it; then both review it again. */
async function revise(c: Report, urgent: boolean, returned: Done): Promise<null> {
  await c.ask('revise', { ...byReporter(c), clock: urgent ? 'urgent' : 'ordinary', context: { returnedBy: returned.unit ?? '', text: String(returned.form.text) } }, { stands: true })
  return null
}

/** The case unit says whether and when the detention that was agreed to was carried out. */
async function carryOut(c: Report, custody: Custody, plannedAt: string) {
  const from = Date.parse(plannedAt) > Date.now() ? { from: plannedAt } : {}
  const done = await c.ask('custody-milestones', { ...byReporter(c), clock: 'execution', ...from, title: '羁押节点确认（执行情况）', context: { awaiting: ['detained', 'not-carried-out'] } })
  await take(c, custody, done)
}

/** 羁押期限: reminders for each clock that runs, and what is to be reported about a deputy; nothing here holds anything up. */
async function watchCustody(c: Report, custody: Custody) {
  const duty = deputyDuty(c.input.application as unknown as Application)
  await Promise.all([
    watchClock(c, custody, firstDay),
    watchClock(c, custody, arrest),
    duty?.when === 'at-once' && c.askAll([permission(c, duty)], { stands: true }),
  ])
}

const TITLES: Partial<Record<Due['clock'], string>> = { 'first-day': '羁押节点确认（24小时内）', 'arrest-decision': '羁押节点确认（检察机关决定）' }

/** Asks for the milestones of one clock, round after round, until it no longer runs. Any milestone may be confirmed in any round. */
async function watchClock(c: Report, custody: Custody, dueOf: (custody: Custody) => Due | null) {
  const { unit, holder: reporter } = byReporter(c)
  let holder = reporter
  for (let due = dueOf(custody); due; due = dueOf(custody)) {
    const { clock, from, awaiting } = due
    const asked = JSON.stringify(due)
    const [done] = await c.askAll(
      [['custody-milestones', { unit, holder, clock, from, title: TITLES[clock] ?? '羁押节点确认（提请批准逮捕）', context: { awaiting, detainedAt: detainedAt(custody)! } }]],
      { stands: true, enough: () => JSON.stringify(dueOf(custody)) !== asked },
    )
    if (done) {
      holder = done.holder ?? reporter
      await take(c, custody, done)
    } else await c.flush()
  }
}

/** Takes what was confirmed into the custody, and has each milestone checked against its limit. */
async function take(c: Report, custody: Custody, done: Done) {
  confirm(custody, done.form.milestones as unknown as Milestone[])
  await c.check('custody')
}

/** A task of the case unit that the reporter holds: need to know. */
const byReporter = ({ input: { filedBy } }: Report) => ({ unit: filedBy.unit ?? 'service-centre', holder: filedBy.id })

const isReturned = ({ form }: Done) => form.opinion === 'return' || form.decision === 'return'
const isConditional = ({ form }: Done) => form.opinion === 'conditional'

const summary = ({ taskId, by, form }: Done): Json => ({ task: taskId, by, ...form })

/** What is reviewed after the fact says so in its title. */
const marked = (title: string, urgent: boolean) => urgent ? `${title}（事后）` : title

/** 回避 (刑诉法29–30): whom the report names as having a conflict. */
const declaredPersons = ({ conflictDeclaration }: Application) => (conflictDeclaration?.conflicts ?? []).map(conflict => conflict.person)
