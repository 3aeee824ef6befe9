/**
 * Plays sample cases of every procedure through the API, as people would: each is left at another stage. One runs under a
 * policy with clocks in seconds, and what its recipients are told is printed as it arrives.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.ts'

interface Schema { examples?: object[] }
interface Procedure { title: string, application: Schema, tasks: { name: string, form: Schema }[] }
interface Task { id: string, caseNo: string, name: string }
interface Notice { id: string, caseNo: string, title: string, body: string }
/** Who does which step; the form is the one given, laid over the step's first example. */
type Step = [task: string, person: string, form?: object, action?: string]

const WATCH_FOR_MS = 60_000

/** Files and moves the sample cases; answers when all are at their stages. The ladder of the hurried one goes on in the background. */
export async function play(baseUrl: string): Promise<void> {
  const api = createApi(baseUrl)
  const cases = createCases(api)
  await Promise.all([appeals(cases), detentions(cases), repairs(cases), purchases(cases)])
  await hurry(api, cases)
}

async function appeals({ run }: Cases): Promise<void> {
  const key = 'enterprise-appeal'
  const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary', coUnits: [] }
  const untilRating: Step[] = [['triage', 'desk-1', accept], ['handle', 'economic-crime-1'], ['reply', 'economic-crime-1']]
  await run(key, 'ent-01-contact', { subject: '货款被拖欠并遭上门滋扰' }, [...untilRating, ['rate', 'ent-01-contact', { rating: 'very-satisfied' }]])
  await run(key, 'ent-02-contact', { subject: '厂区门口长期被违停货车堵塞', kind: 'complaint' }, [])
  await run(key, 'ent-03-contact', { subject: '疑似员工侵占货款', kind: 'report' }, [untilRating[0]!])
  await run(key, 'ent-04-contact', { subject: '网店遭恶意投诉', kind: 'help' }, [...untilRating, ['rate', 'ent-04-contact', { rating: 'dissatisfied' }]])
  await run(key, 'ent-05-contact', { subject: '同行冒用注册商标', kind: 'complaint' }, [['triage', 'desk-2', { decision: 'hand-over', unit: 'market-regulation', coUnits: [] }]])
}

async function detentions({ run }: Cases): Promise<void> {
  const key = 'detention-report'
  await run(key, 'economic-crime-1', {}, [['legal-review', 'legal-1', { opinion: 'agree' }]])
  await run(key, 'criminal-1', {}, [])
}

async function repairs({ run }: Cases): Promise<void> {
  const key = 'credit-repair'
  await run(key, 'ent-01-contact', {}, [['accept', 'legal-1', { decision: 'accept' }]])
  await run(key, 'ent-02-contact', {}, [['accept', 'legal-2', { decision: 'supplement', missing: '请补充罚款缴纳凭证。' }]])
  const recently = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10)
  await run(key, 'ent-03-contact', { severity: 'serious', decidedOn: recently }, [])
}

async function purchases({ run }: Cases): Promise<void> {
  const key = 'precursor-purchase'
  await run(key, 'ent-05-contact', {}, [])
  await run(key, 'ent-06-contact', {}, [['examine', 'anti-drug-1', { decision: 'approve' }]])
  await run(key, 'ent-06-contact', { items: [{ cas: '103-79-7', quantityKg: 1 }] }, [])
}

/** One appeal under a policy with clocks in seconds: reminder, yellow card, red card and the leader's alert within half a minute. */
async function hurry(api: Api, { file }: Cases): Promise<void> {
  const policy = '/api/admin/policies/enterprise-appeal'
  const patch = { clock: { n: 10, unit: 'second', source: '[C] 演示：以秒计' }, ladder: { reminders: [0.5], red: { n: 8, unit: 'second' }, leader: { n: 8, unit: 'second' } } }
  await api.send('admin-1', 'PUT', policy, { task: 'triage', patch, reason: '演示：分流时限改为10秒' })
  const caseNo = await file('enterprise-appeal', 'ent-06-contact', { subject: '（演示）无人分流的诉求' })
  await api.send('admin-1', 'DELETE', `${policy}?task=triage`)
  say(`案件 ${caseNo} 的分流时限只有 10 秒，无人办理：请看下面的提醒、黄牌、红牌和局领导预警`, `case ${caseNo} has 10 seconds to be routed and nobody does: watch below`)
  void watch(api, caseNo).catch(() => {})
}

/** Prints what each of these people is told about a case, as it arrives in their inboxes. */
async function watch(api: Api, caseNo: string): Promise<void> {
  const people = { 'service-centre-leader': '中心负责人', 'office-1': '护航办', 'bureau-leader-1': '局领导' }
  const seen = new Set<string>()
  for (const until = Date.now() + WATCH_FOR_MS; Date.now() < until; await sleep(500)) {
    for (const [person, name] of Object.entries(people)) {
      const { items } = await api.send<{ items: Notice[] }>(person, 'GET', '/api/notifications?unread=1')
      for (const notice of items) {
        if (notice.caseNo !== caseNo || seen.has(notice.id)) continue
        seen.add(notice.id)
        console.log(`  ${new Date().toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })}  → ${name}：${notice.title} — ${notice.body}`)
      }
    }
  }
}

type Cases = ReturnType<typeof createCases>

function createCases(api: Api) {
  const procedures = new Map<string, Promise<Procedure>>()
  const procedure = (key: string) => {
    if (!procedures.has(key)) procedures.set(key, api.send<Procedure>('admin-1', 'GET', `/api/procedures/${key}`))
    return procedures.get(key)!
  }

  async function file(key: string, by: string, changes: object): Promise<string> {
    const { application } = await procedure(key)
    const { caseNo } = await api.send<{ caseNo: string }>(by, 'POST', `/api/procedures/${key}/cases`, { ...application.examples![0], ...changes })
    return caseNo
  }

  async function step(key: string, caseNo: string, [name, by, form, action = 'complete']: Step): Promise<void> {
    const task = await findTask(caseNo, name, by)
    const schema = (await procedure(key)).tasks.find(t => t.name === name)!.form
    await api.send(by, 'POST', `/api/tasks/${task.id}/actions/claim`, {})
    await api.send(by, 'POST', `/api/tasks/${task.id}/actions/${action}`, form && 'decision' in form ? { ...onlyDecision(schema, form), ...form } : { ...schema.examples![0], ...form })
  }

  async function findTask(caseNo: string, name: string, by: string): Promise<Task> {
    for (const view of ['candidate', 'mine']) {
      const { items } = await api.send<{ items: Task[] }>(by, 'GET', `/api/tasks?view=${view}&limit=100`)
      const found = items.find(t => t.caseNo === caseNo && t.name === name)
      if (found) return found
    }
    throw new Error(`${by} finds no task ${name} of ${caseNo}`)
  }

  return {
    file,
    /** Files a case and has its first steps done. */
    async run(key: string, by: string, changes: object, steps: Step[]): Promise<void> {
      const caseNo = await file(key, by, changes)
      for (const s of steps) await step(key, caseNo, s)
      const { title } = await procedure(key)
      console.log(`  ${caseNo}  ${title}`)
    },
  }
}

/** The example for the same decision, for forms whose fields depend on it. */
const onlyDecision = (schema: Schema, form: object): object =>
  schema.examples?.find(e => (e as { decision?: string }).decision === (form as { decision?: string }).decision) ?? {}

type Api = ReturnType<typeof createApi>

function createApi(baseUrl: string) {
  const tokens = new Map<string, Promise<string>>()
  const token = (person: string) => {
    if (!tokens.has(person)) tokens.set(person, request<{ token: string }>('POST', '/api/dev/login', { person }).then(r => r.token))
    return tokens.get(person)!
  }
  async function request<T>(method: string, path: string, body?: object, bearer?: string): Promise<T> {
    const response = await fetch(baseUrl + path, {
      method, body: body && JSON.stringify(body),
      headers: { ...(body && { 'content-type': 'application/json' }), ...(bearer && { authorization: `Bearer ${bearer}` }), ...(method === 'POST' && { 'idempotency-key': randomUUID() }) },
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
  return { send: async <T = unknown>(person: string, method: string, path: string, body?: object) => request<T>(method, path, body, await token(person)) }
}
