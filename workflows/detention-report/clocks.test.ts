import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TaskRow } from '../../model/state.ts'
import { policy } from './policy.ts'
import { ago, agree, back, startReportTest, type Change, type ReportCase, type ReportTest } from './test-report.ts'

let t: ReportTest
beforeAll(async () => { t = await startReportTest() })
afterAll(() => t?.close())

/** How a case gets to the round whose clock is looked at. */
interface Way { task: keyof (typeof policy)['tasks'], clock: string, change?: () => Change, go?(c: ReportCase): Promise<unknown>, which?(tasks: TaskRow[]): TaskRow | undefined }

const urgent = () => ({ detainedAt: ago(2) })
const caught = (): Change => ({ ...urgent(), caughtInTheAct: true, suspect: { deputyOf: 'npc-county-or-above' } })
const decided = async (c: ReportCase) => { await c.review(); await c.decide('agree') }
const awaiting = (milestone: string) => (tasks: TaskRow[]) => tasks.find(x => x.status === 'claimed' && (x.context?.awaiting as string[] | undefined)?.includes(milestone))

const hourly: (Way & { hours: number[] })[] = [
  { task: 'legal-review', clock: 'ordinary', hours: [3.2, 4, 6, 7] },
  { task: 'legal-review', clock: 'urgent', change: urgent, hours: [0.8, 1, 3, 4] },
  { task: 'impact-review', clock: 'ordinary', hours: [3.2, 4, 6, 7] },
  { task: 'impact-review', clock: 'urgent', change: urgent, hours: [0.8, 1, 3, 4] },
  { task: 'permission', clock: 'at-once', change: caught, hours: [1.6, 2, 4, 5] },
  { task: 'decide', clock: '', go: c => c.review(), hours: [3.2, 4, 6, 7] },
  { task: 'revise', clock: 'urgent', change: urgent, go: c => c.complete('legal-review', 'legal-1', back), hours: [3.2, 4, 6, 7] },
  { task: 'custody-milestones', clock: 'execution', go: decided, hours: [12, 19.2, 24, 26, 27] },
  { task: 'custody-milestones', clock: 'first-day', change: urgent, which: awaiting('questioned'), hours: [12, 19.2, 24, 26, 27] },
]

const daily: (Way & { days: number, unit: 'day' | 'workday' })[] = [
  { task: 'permission', clock: 'prior', change: () => ({ suspect: { deputyOf: 'cppcc' } }), days: 5, unit: 'workday' },
  { task: 'revise', clock: 'ordinary', go: c => c.complete('impact-review', 'office-1', back), days: 1, unit: 'workday' },
  { task: 'custody-milestones', clock: 'arrest-request', change: urgent, which: awaiting('arrest-requested'), days: 3, unit: 'day' },
  { task: 'custody-milestones', clock: 'arrest-request-7-days', change: urgent, go: c => c.confirm({ 'request-extended': { doneAt: ago(1), term: '7-days' } }), which: awaiting('arrest-requested'), days: 7, unit: 'day' },
  { task: 'custody-milestones', clock: 'arrest-request-30-days', change: urgent, go: c => c.confirm({ 'request-extended': { doneAt: ago(1), term: '30-days' } }), which: awaiting('arrest-requested'), days: 30, unit: 'day' },
  { task: 'custody-milestones', clock: 'arrest-decision', change: urgent, go: c => c.confirm({ 'arrest-requested': 1 }), which: awaiting('arrest-decided'), days: 7, unit: 'day' },
  { task: 'follow-up', clock: '', change: urgent, go: async c => { await c.confirm({ released: 1 }); await decided(c) }, days: 5, unit: 'workday' },
]

it('looks at every clock of every task', () => {
  const clocks = Object.entries(policy.tasks).flatMap(([task, { clock }]) => 'n' in clock ? [`${task}/`] : Object.keys(clock).map(name => `${task}/${name}`))
  expect([...hourly, ...daily].map(way => `${way.task}/${way.clock}`).toSorted()).toEqual(clocks.toSorted())
})

async function arrive({ task, change, go, which }: Way) {
  const c = await t.file(change?.())
  await go?.(c)
  const found = which ? which((await c.state()).tasks) : await c.task(task)
  return { c, task: found!, climbed: () => c.events().filter(e => 'clock' in e.data && e.data.clock === found!.id).map(e => e.type) }
}

/** Somebody of 护航办 who takes part ends it. */
async function leave(c: ReportCase) {
  if ((await c.waiting()).some(name => name.startsWith('impact-review'))) await c.complete('impact-review', 'office-1', agree)
  if ((await c.state()).file.participants.includes('office-1')) await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
}

const LADDER = ['yellow-card', 'red-card', 'leader-alerted']

describe('clocks in hours', () => {
  it.each(hourly)('$task $clock: reminders, yellow, red, leader after $hours hours', async ({ hours, ...way }) => {
    const { c, task, climbed } = await arrive(way)
    const rungs = [...hours.slice(0, -3).map(() => 'reminded'), ...LADDER]
    for (const [i, after] of hours.entries()) {
      await t.skipTo(new Date(Date.parse(task.deadline.startAt) + after * 3_600_000 - 60_000))
      expect(climbed(), `shortly before ${after} h`).toEqual(rungs.slice(0, i))
      await t.skip('2 minutes')
    }
    expect(climbed()).toEqual(rungs)
    await leave(c)
  })
})

describe('clocks in days', () => {
  it.each(daily)('$task $clock: due after $days × $unit, then yellow, red, leader', async ({ days, unit, ...way }) => {
    const { c, task, climbed } = await arrive(way)
    expect(task.deadline.clock).toMatchObject({ n: days, unit })
    await t.skipTo(new Date(task.dueAt.getTime() - 60_000))
    const reminders = climbed()
    expect(reminders.length).toBeGreaterThan(0)
    expect(new Set(reminders)).toEqual(new Set(['reminded']))
    await t.skip('2 minutes')
    expect(climbed()).toEqual([...reminders, 'yellow-card'])
    if (unit === 'day') {
      // Custody: 23:59:59 of its last day, whatever day that is, and its ladder goes on by the hour.
      expect(task.dueAt.getTime()).toBe(startOfDay(task.deadline.startAt) + (days + 1) * 86_400_000 - 1000)
      await t.skip('2 hours')
      expect(climbed()).toEqual([...reminders, 'yellow-card', 'red-card'])
      await t.skip('1 hour')
    } else await t.skip('15 days')
    expect(climbed()).toEqual([...reminders, ...LADDER])
    await leave(c)
  })
})

/** Midnight in Asia/Shanghai before an instant. */
function startOfDay(at: string): number {
  const offsetMs = 8 * 3_600_000
  return Math.floor((Date.parse(at) + offsetMs) / 86_400_000) * 86_400_000 - offsetMs
}

it('counts the time to say whether it was carried out from the planned time', async () => {
  const c = await t.file({ plannedAt: ago(-100) })
  await decided(c)
  const { startAt } = (await c.task('custody-milestones')).deadline
  expect(Date.parse(startAt)).toBe(Date.parse(String((await c.state()).file.application.plannedAt)))
  await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
})

it('does not trouble the bureau leader when the red card of a review was acknowledged in time', async () => {
  const { c, task, climbed } = await arrive({ task: 'legal-review', clock: 'ordinary' })
  await t.skipTo(new Date(task.dueAt.getTime() + 2.5 * 3_600_000))
  await c.act('acknowledge-card', 'legal-review', 'legal-leader')
  await t.skip('1 day')
  expect(climbed()).toEqual(['reminded', 'yellow-card', 'red-card', 'card-acknowledged'])
  await c.onCase('withdraw', 'economic-crime-1', {})
})
