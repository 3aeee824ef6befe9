/** Enterprise-appeal over HTTP, as people do it: look the task up, claim it, complete it. */
import type { BenchClient } from './client.ts'

interface Case { caseNo: string, tasks: { id: string, name: string, status: string }[] }

/** Tasks of a whole appeal: triage, handle, reply, rate. */
export const TASKS_PER_CASE = 4

const appeal = {
  kind: 'help', subject: '货款被拖欠并遭上门滋扰', description: '客户拖欠货款，近日多次派人到厂区滋扰，影响正常生产，请求帮助。'.repeat(5),
  contact: { name: '示例企业 联系人', phone: '0575-00000001' }, urgency: 'normal', originUnit: 'station-01',
}
const STEPS = [
  { name: 'triage', by: ['desk-1', 'desk-2'], form: { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' } },
  { name: 'handle', by: ['economic-crime-1', 'economic-crime-2'], form: { result: '已约谈当事人，滋扰停止，双方就付款达成一致。', measures: '上门走访、约谈、调解' } },
  { name: 'reply', by: ['economic-crime-1', 'economic-crime-2'], form: { reply: '您反映的事项已办结：滋扰已停止，付款协议已签订。如有反复请及时联系。' } },
]
const applicant = (i: number) => `ent-0${i % 6 + 1}-contact`

/** Files an appeal and answers its number. */
export async function file(http: BenchClient, i: number): Promise<string> {
  return (await http.post<Case>(applicant(i), '/api/procedures/enterprise-appeal/cases', appeal)).caseNo
}

/** The open task of a step. */
export function findTask(http: BenchClient, i: number, caseNo: string, step = 0): Promise<string> {
  return http.until(async () => {
    const { tasks } = await http.get<Case>(STEPS[step]!.by[i % 2]!, `/api/cases/${caseNo}`)
    return tasks.find(t => t.name === STEPS[step]!.name && t.status === 'open')?.id
  })
}

export const claim = (http: BenchClient, i: number, taskId: string, step = 0) => http.post(STEPS[step]!.by[i % 2]!, `/api/tasks/${taskId}/actions/claim`)
export const complete = (http: BenchClient, i: number, taskId: string, step = 0) => http.post(STEPS[step]!.by[i % 2]!, `/api/tasks/${taskId}/actions/complete`, STEPS[step]!.form)

/** A whole appeal, from filing to rating. */
export async function wholeCase(http: BenchClient, i: number): Promise<string> {
  const caseNo = await file(http, i)
  for (let step = 0; step < STEPS.length; step++) {
    const id = await findTask(http, i, caseNo, step)
    await claim(http, i, id, step)
    await complete(http, i, id, step)
  }
  await http.post(applicant(i), `/api/cases/${caseNo}/actions/rate`, { rating: 'satisfied' })
  return caseNo
}
