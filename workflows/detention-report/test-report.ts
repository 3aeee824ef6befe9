/** What the tests of this procedure share: reports, and the words in which they are dealt with. */
import { vi } from 'vitest'
import { isLive } from '../../model/state.ts'
import { startProcedureTest, type TestCase } from '../../test/procedure.ts'
import type { Application } from './forms.ts'

/** The instant so many hours before now (after it, when negative), by the time that the tests have skipped to. */
export const ago = (hours: number) => new Date(Date.now() - hours * 3600_000).toISOString()

/** Any change to a report. */
export type Change = Partial<Omit<Application, 'suspect'>> & { suspect?: Partial<Application['suspect']> }

/** A report before the detention; with `detainedAt` after it, on the urgent path. */
export function report({ suspect, ...change }: Change = {}): Application {
  return {
    agencyCaseNo: '示例经侦〔2026〕1号', legalBasis: '刑事诉讼法第八十一条', enterpriseId: 'ent-01',
    suspect: { name: '示例嫌疑人', idNumber: '000000000000000000', enterpriseRole: '实际控制人', ...suspect },
    grounds: [{ ground: '可能串供', evidenceRef: '卷一' }], alternatives: [{ measure: '取保候审', whyInsufficient: '可能串供' }],
    continuityPlan: '印章由副总经理保管。', plannedAt: ago(-24), urgent: change.detainedAt !== undefined, ...change,
  }
}

export const agree = { opinion: 'agree', text: '符合条件。' }
export const back = { opinion: 'return', text: '请补充社会危险性证据。' }

export type ReportTest = Awaited<ReturnType<typeof startReportTest>>
export type ReportCase = Awaited<ReturnType<ReportTest['file']>>

/** Boots an environment in which forms tell past from future by the skipped time. */
export async function startReportTest() {
  const t = await startProcedureTest()
  const realNow = Date.now
  let aheadMs = 0
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs)
  const followTime = async () => { aheadMs = await t.env.currentTimeMs() - realNow() }
  await followTime()

  return {
    store: t.store,
    async skip(time: number | string) {
      await t.skip(time)
      await followTime()
    },
    async skipTo(at: Date | string) {
      await t.skipTo(at)
      await followTime()
    },
    async file(change: Change = {}, by = 'economic-crime-1') {
      return words(await t.file('detention-report', report(change), by, { enterpriseId: 'ent-01' }), followTime)
    },
    async close() {
      spy.mockRestore()
      await t.close()
    },
  }
}

function words(c: TestCase, followTime: () => Promise<void>) {
  const { result, ...rest } = c
  const one = {
    ...rest,
    async result() {
      const ending = await result()
      await followTime()
      return ending
    },
    /** Names and rounds of what waits now. */
    async waiting() {
      return (await c.state()).tasks.filter(isLive).map(t => `${t.name}.${t.round}`).toSorted()
    },
    async review(legal: object = agree, impact: object = agree) {
      await c.complete('legal-review', 'legal-1', legal)
      await c.complete('impact-review', 'office-1', impact)
    },
    /** Decides on the facts as the task shows them. */
    async decide(decision: string, by = 'bureau-leader-1') {
      return c.complete('decide', by, { decision, text: '已阅。', contentHash: (await c.task('decide')).context!.contentHash })
    },
    /** Confirms milestones, each with the hours since it was done; in the first round that waits, or the one of that clock. */
    async confirm(milestones: Record<string, number | object>, { by = 'economic-crime-1', awaiting = '' } = {}) {
      const { tasks } = await c.state()
      const task = tasks.find(t => t.name === 'custody-milestones' && t.status === 'claimed' && (!awaiting || (t.context!.awaiting as string[]).includes(awaiting)))
      if (!task) throw new Error(`no milestones to confirm; waiting: ${await one.waiting()}`)
      await c.claim(task, by)
      return c.send('complete', task, by, {
        milestones: Object.entries(milestones).map(([milestone, done]) => ({ milestone, ...(typeof done === 'number' ? { doneAt: ago(done) } : done) })),
      })
    },
    /** The rounds of a task, oldest first. */
    async rounds(name: string) {
      return (await c.state()).tasks.filter(t => t.name === name).toSorted((a, b) => a.round - b.round)
    },
  }
  return one
}

/** Everything that follows a detention at once, with the hours since each was done. */
export const wholeCustody = { 'detained': 20, 'detention-house': 18, 'family-notified': 17, 'questioned': 16, 'arrest-requested': 6, 'arrest-decided': 1 }
