/** What the tests of this procedure share: an application, and who does which step when nothing out of the ordinary happens. */
import { expect } from 'vitest'
import { shanghaiDate } from '../../model/instants.ts'
import type { ProcedureTest, TestCase } from '../../test/procedure.ts'

export const accept = { decision: 'accept' }
export const fulfilled = { fulfilled: true, text: '罚款已缴清。' }
export const agree = { agree: true, text: '符合修复条件。' }
export const repair = { decision: 'repair', text: '准予信用修复。' }
export const refuse = { decision: 'refuse', text: '整改未到位。' }

const steps: [task: string, by: string, form: object][] = [
  ['accept', 'legal-1', accept], ['verify', 'traffic-1', fulfilled], ['review', 'legal-2', agree], ['decide', 'legal-leader', refuse],
  ['objection', 'ent-01-contact', { object: true, grounds: '整改已完成。' }],
]

/** Today's date in skipped time. */
export const today = async (t: ProcedureTest) => shanghaiDate(new Date(await t.env.currentTimeMs()))

let filed = 0
/** Files a case over a minor decision of today, which may be repaired at once. */
export const file = async (t: ProcedureTest, change: object = {}, enterprise = 'ent-01') => t.file('credit-repair', {
  decisionNo: `示例公（交）行罚决字〔2026〕${++filed}号`, decidedOn: await today(t), decidedBy: 'traffic', severity: 'minor',
  dutiesDone: [{ duty: '缴纳罚款', proof: '缴款凭证' }], commitment: true, ...change,
}, `${enterprise}-contact`)

/** Goes through the ordinary steps, a refusal among them, until this one waits. */
export async function upTo(c: TestCase, task: string): Promise<TestCase> {
  for (const [name, by, form] of steps) {
    if (name === task) break
    await c.complete(name, by, form)
  }
  return c
}

/** How the case ended, from the record: waiting for the workflow's result would skip time under the other cases. */
export async function ended(c: TestCase) {
  await expect.poll(async () => (await c.state()).file.status).toBe('closed')
  const { outcome, result } = (await c.state()).file
  return { outcome, result: result as Record<string, unknown> | null }
}

export async function keepHistory(c: TestCase, name: string) {
  await expect.poll(async () => (await c.handle.describe()).status.name).toBe('COMPLETED')
  await c.keepHistory(name)
}

/** The titles of what was told, in order. */
export const told = (c: TestCase) => c.find('told').map(e => e.data.title)
