import { runCase, type Case, type Ending } from '../kit/case.ts'
import type { CaseInput, Done } from '../kit/types.ts'
import type { Application, Consultation, Rate, ReturnVisit, Triage } from './forms.ts'
import { policy } from './policy.ts'

type Appeal = Case<typeof policy>
/** Where a matter was routed to, and whether anybody has received it. */
type Routed = Triage & { received: boolean }
/** How far a case of many rounds has come. */
type Progress = { routed: Routed, handlers: string[], round: number }

/** After so many rounds that the enterprise was not satisfied with, a consultation decides. */
const ROUNDS_BEFORE_CONSULTATION = 2

/** 涉企诉求: collected, routed, handled, answered, rated; reworked by another handler when the enterprise is dissatisfied. */
export async function enterpriseAppeal(input: CaseInput<Application>): Promise<Ending> {
  return runCase(policy, input, async (c, application) => {
    if (isEmergency(application) && !c.carried) c.tell('applicant', '紧急情况请立即拨打110', '您填报的事项可能正在危及人身财产安全，请立即拨打110报警，不要等待本事项办理。')

    let { routed, handlers, round } = c.carried as Progress | null ?? { routed: await route(c), handlers: [], round: 1 }
    for (;;) {
      if (routed.decision === 'reject') return turnDown(c, routed)
      const answer = await handleAndReply(c, routed, handlers)
      if (typeof answer !== 'string') {
        routed = await route(c, answer)
        continue
      }
      feedback(c, application, answer)

      const rating = await rate(c, answer)
      if (rating ? !isDissatisfied(rating) : !needsAWord(c)) return { outcome: 'resolved', result: { reply: answer, rating } }

      const visit = (await c.ask('return-visit', { context: rating ? { rating } : {} })).form as ReturnVisit
      if (!visit.rework) return { outcome: 'resolved', result: { reply: answer, rating, findings: visit.findings } }
      if (round >= ROUNDS_BEFORE_CONSULTATION) {
        const { conclusion } = (await c.ask('consultation')).form as Consultation
        c.tell('applicant', '会商结论', conclusion)
        return { outcome: 'resolved', result: { reply: conclusion, rating, findings: visit.findings } }
      }
      round++
      await c.checkpoint({ routed, handlers, round })
    }
  })
}

/** 不予受理: told why; the same matter again is linked to the case that has it. */
function turnDown(c: Appeal, { reason = '', duplicateOf }: Routed): Ending<'rejected' | 'merged'> {
  if (duplicateOf) c.link(duplicateOf, 'duplicate-of')
  c.tell('applicant', duplicateOf ? '诉求已并案处理' : '诉求不予受理', reason)
  return { outcome: duplicateOf ? 'merged' : 'rejected', result: { reason, duplicateOf } }
}

/** 流转: routes the matter until somebody has received it; who refuses sends it back to the desk, which answers for it until receipt. */
async function route(c: Appeal, refused?: Done): Promise<Routed> {
  for (let back = refused; ;) {
    const triage = (await c.ask('triage', back && { context: { ...(back.unit && { returnedBy: back.unit }), reason: String(back.form.reason ?? '') } })).form as Triage
    if (triage.decision === 'reject') return { ...triage, received: false }
    if (triage.consult) await c.ask('consultation', { context: { reason: triage.reason ?? '' } })
    if (triage.decision === 'accept') return { ...triage, received: true }
    const receipt = triage.decision === 'hand-over'
      ? await c.ask('acknowledge', { unit: triage.unit!, context: { reason: triage.reason ?? '' } })
      : await c.ask('external-acknowledge', { context: { reason: triage.reason ?? '' } })
    if (receipt.action === 'acknowledge') return { ...triage, received: true }
    back = receipt
  }
}

/** 处置: the responsible unit, with co-handling units beside it, or the outside platform. Answers with the reply to the enterprise, or with who sent it back to be routed anew. */
async function handleAndReply(c: Appeal, routed: Routed, handlers: string[]): Promise<string | Done> {
  if (routed.decision === 'external') {
    const answer = await c.ask('external', { context: { reason: routed.reason ?? '' } })
    return answer.action === 'complete' ? String(answer.form.result) : answer
  }
  const clock = routed.complexity ?? (c.input.application.kind === 'consultation' ? 'consultation' : 'ordinary')
  const unit = routed.unit!
  const others = [...handlers]
  for (;;) {
    const [handled] = await c.askAll([
      ['handle', { unit, clock, notBy: others }],
      ...(routed.coUnits ?? []).map(coUnit => ['co-handle', { unit: coUnit, clock }] as ['co-handle', { unit: string, clock: string }]),
    ])
    if (handled!.action === 'return') return handled!
    const reply = await c.ask('reply', { unit, context: { result: (handled as Done).form.result! } })
    if (reply.action !== 'return') {
      handlers.push(...handled!.answerable)
      return String(reply.form.reply)
    }
  }
}

/** 反馈: to the enterprise (with the request to rate) and at the same time to the sub-centre or liaison room it came from. */
function feedback(c: Appeal, application: Application, reply: string) {
  if (application.originUnit) c.tell({ unit: application.originUnit }, '诉求办理结果反馈', reply)
}

/** 评价: the enterprise's alone, never of an officer who filed in his own name; null where there is none. */
async function rate(c: Appeal, reply: string): Promise<Rate['rating'] | null> {
  if (isOfficers(c)) return null
  const { rating } = (await c.ask('rate', { context: { reply } })).form as Partial<Rate>
  return rating ?? null
}

/** Without the enterprise's word an overdue case, or one that an officer filed in his own name, is not closed without a supervisor's. */
const needsAWord = (c: Appeal) => c.overdue || isOfficers(c)

const isOfficers = ({ input: { applicant, filedBy } }: Appeal) => applicant === filedBy.id && Boolean(filedBy.unit)

/** Whatever calls for the police at once: as the enterprise says, or an urgent 报警. */
const isEmergency = ({ emergency, kind, urgency }: Application) => emergency === true || (kind === 'report' && urgency === 'urgent')

const isDissatisfied = (rating: Rate['rating']) => rating === 'dissatisfied' || rating === 'very-dissatisfied'
