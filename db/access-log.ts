/** What auditors read: who looked at what, and who was refused what. Appended to, never changed. */
import type { Queryable } from './connect.ts'

/** Notes that somebody looked at a case (`what`: the part of it), or was turned away; without a case: that he took a list or these logs along. */
export async function logAccess(via: Queryable, access: { personId: string, caseNo: string | null, allowed: boolean, what: string }): Promise<void> {
  const { personId, caseNo, allowed, what } = access
  await via.query({ name: 'log-access', text: 'INSERT INTO access_log (person_id, case_no, allowed, what) VALUES ($1, $2, $3, $4)', values: [personId, caseNo, allowed, what] })
}

/** An action that was refused for a reason of law. */
export interface RefusedAction { personId: string, caseNo: string | null, taskId: string | null, action: string, code: string }

/** Notes that somebody was refused an action. */
export async function logRefusal(via: Queryable, { personId, caseNo, taskId, action, code }: RefusedAction): Promise<void> {
  await via.query({
    name: 'log-refusal', text: 'INSERT INTO refusal (person_id, case_no, task_id, action, code) VALUES ($1, $2, $3, $4, $5)', values: [personId, caseNo, taskId, action, code],
  })
}
