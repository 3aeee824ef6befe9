import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../../api/testing/test-record-api.ts'
import { caseRoutes } from '../../api/routes/cases.ts'
import { notificationRoutes } from '../../api/routes/notifications.ts'
import { taskRoutes } from '../../api/routes/tasks.ts'
import { append, caseOpened, deadline, documentIssued, event, fresh, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import type { Db } from '../connect.ts'
import type { EventType, NewEvent } from '../../model/events.ts'
import { appendEvents, findCase, fromJson } from '../record/record.ts'
import { HEARS } from './hears.ts'
import { ASKING, NOTICES, type NoticeKind } from './messages.ts'
import { resolveNotices, type NoticeRow } from './notices.ts'
import { notice } from '../schema.ts'

let api: RecordApi
/** Without and with a mail server. */
let db: Db
let mailing: Db
beforeAll(async () => {
  api = await startRecordApi(deps => [caseRoutes(deps), taskRoutes(deps), notificationRoutes(deps)])
  db = api.db
  mailing = { ...db, mail: true }
})
afterAll(() => api.close())

/** The notices that these events cause, as they stand in the inbox and outbox. */
async function noticesOf(caseNo: string, via: Db, ...events: NewEvent[]): Promise<NoticeRow[]> {
  const known = new Map((await rowsOf(caseNo)).map(n => [n.id, n.count]))
  await append(via, caseNo, ...events)
  return (await rowsOf(caseNo)).filter(n => known.get(n.id) !== n.count)
}
async function rowsOf(caseNo: string): Promise<NoticeRow[]> {
  const { rows } = await db.pool.query('SELECT to_jsonb(n) AS n FROM notice n WHERE case_no = $1 ORDER BY channel, person_id, address', [caseNo])
  return rows.map(r => fromJson(notice, r.n))
}
const inbox = (rows: NoticeRow[]) => rows.filter(n => n.channel === 'inbox').map(n => `${n.personId}: ${n.title}`)
const told = async (caseNo: string, ...events: NewEvent[]) => inbox(await noticesOf(caseNo, db, ...events))

const at = { clock: '', dueAt: deadline().dueAt }
const held = (no: string) => [taskOpened(no), event('task-claimed', { task: `${no}.handle.1` }, officer('economic-crime-1'))]

const handle = (no: string) => `${no}.handle.1`
const office = ['office-1', 'office-2', 'office-3', 'office-leader']
const leaders = ['bureau-leader-1', 'bureau-leader-2']
const queue = ['economic-crime-1', 'economic-crime-2']
const all = (ids: string[], title: string) => ids.map(id => `${id}: ${title}`)
const supplement = (no: string) => [...held(no), taskOpened(no, { name: 'supplement', title: '补正', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })]
const answered = (no: string) => [...held(no), taskOpened(no, { name: 'answer', title: '回复', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact', answers: { unit: 'traffic', person: 'traffic-1' } })]
const approval = (no: string) => [...held(no), taskOpened(no, { name: 'approve-extension', title: '审批延期：办理', role: 'unit-leader', notBy: ['economic-crime-1'], context: { task: handle(no) } }), event('task-claimed', { task: `${no}.approve-extension.1` }, officer('economic-crime-leader'))]
const later = deadline('2026-03-19T23:59:59+08:00')
const ent = { id: 'ent-01-contact', unit: null }

const file = { id: 'x', name: 'x.pdf', type: 'application/pdf', size: 1, hash: 'x' }

interface Sample { what: string, before?: (no: string) => NewEvent[], events: (no: string) => NewEvent[], told: string[] }
/** Every event there is, and who hears of it in a case of ent-01 whose `handle` economic-crime-1 holds, unless said otherwise. */
const HEARD: Record<Exclude<EventType, 'case-opened'>, Sample[]> = {
  'task-opened': [
    { what: 'for a person', events: no => [taskOpened(no, { name: 'visit', holder: 'legal-1' })], told: ['legal-1: 请办理“办理”'] },
    { what: 'for the applicant', events: no => [taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })], told: ['ent-01-contact: 请办理“评价”'] },
    { what: 'for whom the roster has on duty', events: no => [taskOpened(no, { name: 'examine', offeredTo: 'economic-crime-2' })], told: ['economic-crime-2: 值班任务：“办理”'] },
    { what: 'in a queue: who may claim it', events: no => [taskOpened(no, { name: 'reply' })], told: all(queue, '待签收：“办理”') },
    { what: 'in a queue, four eyes', events: no => [taskOpened(no, { name: 'reply', notBy: ['economic-crime-1'] })], told: all(queue.slice(1), '待签收：“办理”') },
    { what: 'in a queue, within hours', events: no => [taskOpened(no, { name: 'reply', deadline: { ...deadline(), clock: { n: 4, unit: 'hour', source: '[C] x' } } })], told: all(queue, '请尽快签收“办理”') },
    { what: 'for an outside system', events: no => [taskOpened(no, { name: 'external', unit: 'four-platforms', holder: 'system:four-platforms' })], told: [] },
  ],
  'task-claimed': [{ what: 'by a candidate', before: no => [taskOpened(no)], events: no => [event('task-claimed', { task: handle(no) }, officer('economic-crime-2'))], told: [] }],
  'task-released': [{ what: 'by the system', events: no => [event('task-released', { task: handle(no) })], told: ['economic-crime-1: 任务已转出：“办理”', ...all(queue.slice(1), '待签收：“办理”')] }],
  'task-offered': [{ what: 'at a change of shift', events: no => [event('task-offered', { task: handle(no), to: 'economic-crime-2', reason: '交接班' })], told: ['economic-crime-1: 任务已转出：“办理”', 'economic-crime-2: 交接班：请签收“办理”'] }],
  'task-rerouted': [
    { what: 'to the leader', before: no => [taskOpened(no)], events: no => [event('task-rerouted', { task: handle(no), unit: 'economic-crime', role: 'unit-leader' })], told: ['economic-crime-leader: 请办理“办理”'] },
    { what: 'to the bureau, after somebody was kept out', events: no => [event('task-released', { task: handle(no) }), event('task-rerouted', { task: handle(no), unit: 'bureau', role: 'bureau-leader' })], told: [...all(leaders, '请办理“办理”'), 'economic-crime-1: 任务已转出：“办理”'] },
  ],
  'task-transferred': [{ what: 'by the leader', events: no => [event('task-transferred', { task: handle(no), to: 'economic-crime-2', reason: 'x' }, officer('economic-crime-leader'))], told: ['economic-crime-1: 任务已转出：“办理”', 'economic-crime-2: 任务转交给您：“办理”'] }],
  'task-delegated': [{ what: 'by the holder', events: no => [event('task-delegated', { task: handle(no), to: 'economic-crime-2', reason: 'x' }, officer('economic-crime-1'))], told: ['economic-crime-2: 任务委托给您：“办理”'] }],
  'task-completed': [
    { what: 'by its holder', events: no => [event('task-completed', { task: handle(no), action: 'complete', form: {} }, officer('economic-crime-1'))], told: [] },
    { what: 'by a proxy', events: no => [event('task-completed', { task: handle(no), action: 'complete', form: {}, onBehalfOf: 'economic-crime-1' }, officer('economic-crime-2'))], told: ['economic-crime-1: 已代为办结：“办理”'] },
    { what: 'no more time', before: approval, events: no => [event('task-completed', { task: `${no}.approve-extension.1`, action: 'complete', form: { approve: false, reason: 'x' } }, officer('economic-crime-leader'))], told: ['economic-crime-1: “办理”延期未获批准'] },
  ],
  'task-cancelled': [
    { what: 'of an officer', events: no => [event('task-cancelled', { task: handle(no), reason: 'x' })], told: ['economic-crime-1: 不需再办：“办理”'] },
    { what: 'of the applicant', before: supplement, events: no => [event('task-cancelled', { task: `${no}.supplement.1`, reason: 'x' })], told: ['ent-01-contact: 不需再办：“补正”'] },
  ],
  'task-lapsed': [{ what: 'of the applicant', before: supplement, events: no => [event('task-lapsed', { task: `${no}.supplement.1` })], told: ['ent-01-contact: “补正”逾期未办'] }],
  'extension-requested': [{ what: 'by the holder', events: no => [event('extension-requested', { task: handle(no), n: 5, unit: 'workday', reason: 'x' }, officer('economic-crime-1'))], told: [] }],
  'deadline-extended': [{ what: 'granted', events: no => [event('deadline-extended', { task: handle(no), deadline: later })], told: ['economic-crime-1: “办理”已获准延期', 'ent-01-contact: “办理”已获准延期'] }],
  'deadline-replanned': [
    { what: 'of a task', events: no => [event('deadline-replanned', { clock: handle(no), deadline: later, from: deadline().dueAt })], told: ['economic-crime-1: 期限调整：“办理”'] },
    { what: 'of the case', events: () => [event('deadline-replanned', { clock: 'case', deadline: later, from: deadline().dueAt })], told: ['economic-crime-1: 期限调整：案件', 'ent-01-contact: 期限调整：案件'] },
    { what: 'to the same instant', events: no => [event('deadline-replanned', { clock: handle(no), deadline: deadline(), from: deadline().dueAt })], told: [] },
  ],
  'clock-chosen': [{ what: 'another than was promised', events: () => [event('clock-chosen', { deadline: later })], told: ['ent-01-contact: 办理期限已确定'] }],
  'party-joined': [{ what: 'with a lane of its own', events: () => [event('party-joined', { id: 'p1', name: '示例', kind: 'enterprise', enterprise: 'ent-02' })], told: [] }],
  'party-left': [{ what: 'whose lane has ended', before: () => [event('party-joined', { id: 'p1', name: '示例', kind: 'enterprise', enterprise: 'ent-02' })], events: () => [event('party-left', { party: 'p1', answer: null })], told: [] }],
  'case-shown': [{ what: 'that was kept from its enterprise', events: () => [event('case-shown', {})], told: ['ent-01-contact: 有一项与贵企业有关的事项'] }],
  'clock-paused': [
    { what: 'for somebody else', events: () => [event('clock-paused', { deadline: null, reason: 'x' })], told: ['ent-01-contact: 办理期限暂停计算'] },
    { what: 'for the applicant, who is asked in the same step', events: no => [event('clock-paused', { deadline: null, reason: 'x' }), ...supplement(no).slice(2)], told: ['ent-01-contact: 请办理“补正”'] },
  ],
  'clock-resumed': [{ what: 'with a new deadline', events: () => [event('clock-resumed', { deadline: later })], told: ['ent-01-contact: 办理期限恢复计算'] }],
  'promise-kept': [{ what: 'in time', events: () => [event('promise-kept', { deadline: later })], told: [] }],
  'reminded': [
    { what: 'of a task', events: no => [event('reminded', { ...at, clock: handle(no) })], told: ['economic-crime-1: 期限将至：“办理”'] },
    { what: 'of a task in a queue', before: no => [taskOpened(no)], events: no => [event('reminded', { ...at, clock: handle(no) })], told: [...all(queue, '期限将至：“办理”'), 'economic-crime-leader: 期限将至：“办理”'] },
    { what: 'of the case’s own promise', events: () => [event('reminded', { ...at, clock: 'case' })], told: ['economic-crime-1: 期限将至：案件'] },
  ],
  'yellow-card': [{ what: 'of a task', events: no => [event('yellow-card', { ...at, clock: handle(no) })], told: all(['economic-crime-1', 'economic-crime-leader'], '黄牌：“办理”已到期') }, {
    what: 'of a step of the enterprise, for which whoever filed the case answers', before: answered, events: no => [event('yellow-card', { ...at, clock: `${no}.answer.1` })],
    told: ['ent-01-contact: “回复”已过期限', ...all(['traffic-1', 'traffic-leader'], '黄牌：“回复”已到期')],
  }],
  'red-card': [{ what: 'of a task', events: no => [event('red-card', { ...at, clock: handle(no) })], told: all(['economic-crime-leader', ...office], '红牌：“办理”严重逾期') }, {
    what: 'of such a step', before: answered, events: no => [event('red-card', { ...at, clock: `${no}.answer.1` })], told: all([...office, 'traffic-1', 'traffic-leader'], '红牌：“回复”严重逾期'),
  }],
  'leader-alerted': [{ what: 'of a task', events: no => [event('leader-alerted', { ...at, clock: handle(no) })], told: all(leaders, '局领导预警：“办理”红牌未签收') }],
  'card-acknowledged': [{ what: 'by its leader', events: no => [event('card-acknowledged', { clock: handle(no) }, officer('economic-crime-leader'))], told: [] }],
  'wait-begun': [{ what: 'for another case', events: () => [event('wait-begun', { wait: 'CR-1', text: '等待另案办结' })], told: [] }],
  'wait-ended': [{ what: 'for another case', events: () => [event('wait-ended', { wait: 'CR-1' })], told: [] }],
  'noted': [{ what: 'by a check', events: () => [event('noted', { name: 'x', facts: {} })], told: [] }],
  'linked': [{ what: 'by the desk', events: () => [event('linked', { caseNo: 'EA-999999', kind: 'duplicate-of' }, officer('desk-1'))], told: ['economic-crime-1: 案件已关联'] }],
  'told': [
    { what: 'to a person', events: () => [event('told', { to: { person: 'legal-1' }, title: '请知悉', body: 'x' })], told: ['legal-1: 请知悉'] },
    { what: 'to a unit', events: () => [event('told', { to: { unit: 'liaison-01' }, title: '反馈', body: 'x' })], told: ['liaison-01-1: 反馈'] },
    { what: 'to a role', events: () => [event('told', { to: { role: 'bureau-leader' }, title: '请知悉', body: 'x' })], told: all(leaders, '请知悉') },
  ],
  'document-issued': [{ what: 'to the enterprise', events: () => [documentIssued(fresh('证'), { kind: 'k', content: {} })], told: ['ent-01-contact: 文书已出具'] }, { what: 'for officers', events: () => [documentIssued(fresh('证'), { kind: 'k', content: {}, to: 'officers' })], told: [] }],
  'document-withdrawn': [
    { what: 'to the enterprise', events: () => [event('document-withdrawn', { number: '证〔2026〕1号', reason: 'x', to: 'applicant' })], told: ['ent-01-contact: 文书已撤销'] },
    { what: 'of one for officers', events: () => [event('document-withdrawn', { number: '证〔2026〕1号', reason: 'x', to: 'officers' })], told: [] },
  ],
  'document-replaced': [{ what: 'to the enterprise', events: () => [event('document-replaced', { number: '证〔2026〕1号', by: '证〔2026〕2号', reason: 'x', to: 'applicant' })], told: ['ent-01-contact: 文书已更换'] }],
  'handed-over': [{ what: 'outside', events: no => [event('handed-over', { task: handle(no), system: 'four-platforms', payload: {} })], told: [] }],
  'pushed': [{ what: 'outside', events: () => [event('pushed', { system: 'credit-platform', payload: {} })], told: [] }],
  'conflict-declared': [{ what: 'by an officer', events: () => [event('conflict-declared', { reason: 'x' }, officer('office-2'))], told: [] }],
  'persons-excluded': [{ what: 'by the procedure', events: () => [event('persons-excluded', { persons: ['economic-crime-2'] })], told: [] }],
  'commented': [
    { what: 'by the enterprise: who holds it', events: () => [event('commented', { text: 'x', to: 'officers' }, ent)], told: ['economic-crime-1: 企业留言'] },
    { what: 'by the enterprise, while nobody holds it: who may claim it', before: no => [taskOpened(no)], events: () => [event('commented', { text: 'x', to: 'officers' }, ent)], told: all(queue, '企业留言') },
    { what: 'by the enterprise, while it waits for itself: who did the last step', before: no => [...held(no), event('task-completed', { task: handle(no), action: 'complete', form: {} }, officer('economic-crime-1')), ...supplement(no).slice(2)], events: () => [event('commented', { text: 'x', to: 'officers' }, ent)], told: ['economic-crime-1: 企业留言'] },
    { what: 'in answer to the enterprise', events: () => [event('commented', { text: 'x', to: 'applicant' }, officer('economic-crime-1'))], told: ['ent-01-contact: 办理单位答复'] },
    { what: 'among officers: who holds it', events: () => [event('commented', { text: 'x', to: 'officers' }, officer('office-1'))], told: ['economic-crime-1: 内部批注'] },
  ],
  'material-added': [
    { what: 'by the enterprise', events: () => [event('material-added', { ...file, to: 'officers' }, ent)], told: ['economic-crime-1: 企业提交材料'] },
    { what: 'for the enterprise', events: () => [event('material-added', { ...file, to: 'applicant' }, officer('economic-crime-1'))], told: ['ent-01-contact: 办理单位提供材料'] },
    { what: 'among officers', events: () => [event('material-added', { ...file, to: 'officers' }, officer('office-1'))], told: ['economic-crime-1: 新的内部材料'] },
  ],
  'urged': [
    { what: 'while somebody holds it', events: () => [event('urged', { text: '请尽快' }, ent)], told: ['economic-crime-1: 企业催办'] },
    { what: 'while nobody does', before: no => [taskOpened(no)], events: () => [event('urged', { text: null }, ent)], told: all(queue, '企业催办') },
  ],
  'application-amended': [{ what: 'by the applicant', events: () => [event('application-amended', { application: {}, title: '货车被扣', reason: 'x' }, ent)], told: [] }],
  'withdrawal-requested': [{ what: 'by the applicant', before: approval, events: () => [event('withdrawal-requested', { reason: 'x' }, ent)], told: all(['economic-crime-1', 'economic-crime-leader'], '案件已撤回') }],
  'cancellation-ordered': [{ what: 'by 护航办', before: approval, events: () => [event('cancellation-ordered', { reason: 'x' }, officer('office-1'))], told: all(['economic-crime-1', 'economic-crime-leader', 'ent-01-contact'], '案件已撤销') }],
  'notice-failed': [{ what: 'of an e-mail', events: () => [event('notice-failed', { notice: 'x', channel: 'email', failure: 'y' })], told: all(office, '通知未能送达') }],
  'notice-retried': [{ what: 'by 护航办', events: () => [event('notice-retried', { notice: 'x' }, officer('office-1'))], told: [] }],
  'workflow-halted': [{ what: 'found by the sweep', events: () => [event('workflow-halted', { cause: 'fault' })], told: all(office, '流程停顿，请恢复') }],
  'workflow-resumed': [{ what: 'found by the sweep', events: () => [event('workflow-resumed', {})], told: all(office, '流程已恢复') }],
  'case-closed': [
    { what: 'at its end', before: () => [], events: () => [event('case-closed', { outcome: 'resolved', result: null })], told: ['ent-01-contact: 案件已办结'] },
    { what: 'with a step still open', events: () => [event('case-closed', { outcome: 'resolved', result: null })], told: ['economic-crime-1: 不需再办：“办理”', 'ent-01-contact: 案件已办结'] },
    { what: 'after its withdrawal, of which all were told', before: no => [...held(no), event('withdrawal-requested', { reason: 'x' }, ent)], events: () => [event('case-closed', { outcome: 'withdrawn', result: null })], told: [] },
  ],
}
/** Everybody has read everything. */
const read = () => db.pool.query('UPDATE notice SET read_at = now() WHERE read_at IS NULL')

it('no standard text speaks of applying or accepting: cases of the office are told of in the same words', () => {
  for (const { title, body } of Object.values(NOTICES)) expect(title + body).not.toMatch(/申请|受理|代为登记/)
})

/** What those hear who supervise, also of what they do not see. */
const SUPERVISED = ['red-card', 'leader-alerted', 'notice-failed', 'workflow-halted']

describe('who is told what', () => {
  it('the enterprise, that its case was received and closed', async () => {
    const caseNo = fresh()
    await appendEvents(db, caseNo, 'k', () => [caseOpened()])
    expect(inbox(await rowsOf(caseNo))).toEqual(['ent-01-contact: 案件已收到'])
    expect(await told(caseNo, event('case-closed', { outcome: 'resolved', result: null }))).toEqual(['ent-01-contact: 案件已办结'])
  })

  it.each(Object.entries(HEARD))('of %s, or nobody', async (type, samples) => {
    for (const { what, before = held, events, told: expected } of samples) {
      const caseNo = await openCase(db, before)
      await read()
      expect(await told(caseNo, ...events(caseNo)), what).toEqual(expected)
      // Never who does it himself.
      for (const reader of expected) {
        const [id] = reader.split(':')
        const again = await openCase(db, before)
        await read()
        const byReader = events(again).map(e => ({ ...e, actor: { id: id!, unit: id!.startsWith('ent-') ? null : e.actor?.unit ?? 'x' } }) as NewEvent)
        expect((await told(again, ...byReader)).filter(line => line.startsWith(`${id}:`)), `${what}, by ${id}`).toEqual([])
      }
    }
    const rule = HEARS[type as EventType]
    if (samples.every(s => s.told.length === 0)) expect(rule, 'says why nobody').toMatchObject({ nobody: expect.stringMatching(/\w+ \w+/) })
    else expect(rule).toBeTypeOf('function')
  })

  it.each(Object.entries(HEARD))('of %s, with a link that opens for whoever is told; of a restricted case too', async (_, samples) => {
    // Who answers for an enterprise's silence has filed the case, which these samples' has not.
    for (const { what, before = held, events } of samples.filter(one => one.before !== answered)) for (const restricted of [false, true]) {
      const caseNo = await openCase(db, before, restricted ? { restricted, applicantId: 'criminal-1' } : {})
      await read()
      const rows = (await noticesOf(caseNo, db, ...events(caseNo))).filter(n => n.channel === 'inbox')
      for (const { personId, kind } of rows) {
        const ask = (url: string) => api.ask(personId!, 'GET', url)
        const { items } = (await ask(`/api/notifications?caseNo=${caseNo}`)).body
        const { href, taskId } = items[0]
        expect(href, `${what}: ${personId}`).toBe(`/cases/${caseNo}${taskId === null ? '' : `?task=${encodeURIComponent(taskId)}`}`)
        const isOpen = (await ask(`/api/cases/${caseNo}`)).status === 200 || (taskId !== null && (await ask(`/api/tasks/${taskId}`)).status === 200) || (await ask(`/api/tasks?view=unit&caseNo=${caseNo}`)).body.total > 0
        // Who is only told of a case that he does not see finds there what he was told; so does who supervises, of a restricted one.
        if (!(restricted && SUPERVISED.includes(kind)) && ASKING.includes(kind as NoticeKind)) expect(isOpen, `${what}, restricted ${restricted}: ${personId}, ${kind}`).toBe(true)
      }
    }
  })

  it('the leader, of a task that nobody holds', async () => {
    const caseNo = await openCase(db)
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期'])
  })

  it('护航办, of a task of an outside system, which has neither holder nor leader here', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'four-platforms', holder: 'system:four-platforms' })])
    expect(await told(caseNo, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['office-1', 'office-2', 'office-3', 'office-leader'].map(id => `${id}: 期限将至：“办理”`))
  })

  it('the leader of the unit that the case is with, of a task that the applicant is late with', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no), taskOpened(no, { name: 'supplement', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })])
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.supplement.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期', 'ent-01-contact: 黄牌：“办理”已到期'])
  })

  it('the leader of whoever hands it over, too, until it is received; of a restricted case the unit’s own alone', async () => {
    const late = (no: string) => event('yellow-card', { clock: `${no}.acknowledge.1`, dueAt: '2026-03-06T18:00:00+08:00' })
    const handedOver = (no: string) => [taskOpened(no, { name: 'triage', unit: 'service-centre' }), taskOpened(no, { name: 'acknowledge', unit: 'tax', from: 'service-centre' })]
    const caseNo = await openCase(db, handedOver)
    expect(await told(caseNo, late(caseNo))).toEqual(['service-centre-leader', 'tax-leader'].map(id => `${id}: 黄牌：“办理”已到期`))
    const restricted = await openCase(db, handedOver, { restricted: true })
    expect(await told(restricted, late(restricted))).toEqual(['tax-leader: 黄牌：任务已到期'])
  })

  it('whoever stands in for the leader, the role or the unit’s people, of everything that these are told', async () => {
    await owner(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) SELECT 'post-' || a, a, b, now() - interval '1 day', now() + interval '1 day'
      FROM (VALUES ('command-leader', 'command-1'), ('command-1', 'command-2'), ('bureau-leader-1', 'bureau-leader-2'), ('office-leader', 'office-1')) v(a, b)`)
    const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'command' })])
    const clock = { ...at, clock: `${caseNo}.handle.1` }
    const of = (ids: string[], title: string) => ids.map(id => `${id}: ${title}`)
    const offices = ['office-1', 'office-2', 'office-3', 'office-leader']
    expect(await told(caseNo, event('yellow-card', clock))).toEqual(of(['command-2', 'command-leader'], '黄牌：“办理”已到期'))
    expect(await told(caseNo, event('red-card', clock))).toEqual(of(['command-2', 'command-leader', ...offices], '红牌：“办理”严重逾期'))
    expect(await told(caseNo, event('leader-alerted', clock))).toEqual(of(['bureau-leader-1', 'bureau-leader-2'], '局领导预警：“办理”红牌未签收'))
    expect(await told(caseNo, event('task-rerouted', { task: `${caseNo}.handle.1`, unit: 'command', role: 'unit-leader' }))).toEqual(of(['command-2', 'command-leader'], '请办理“办理”'))
    // Nobody stands in any more, or may: 护航办 sees to it.
    expect(await told(caseNo, event('conflict-declared', { reason: 'x' }, officer('command-2')), event('yellow-card', { ...clock, dueAt: 'again' }))).toEqual(of(['command-leader', ...offices], '黄牌：“办理”已到期'))
    await owner(`UPDATE person SET unit_id = 'tax' WHERE id = 'command-1'`)
    const other = await openCase(db, no => [taskOpened(no, { unit: 'command' })])
    expect(await told(other, event('yellow-card', { ...at, clock: `${other}.handle.1` }))).toEqual(of(['command-leader', ...offices], '黄牌：“办理”已到期'))
    await owner(`DELETE FROM absence WHERE id LIKE 'post-%'`)
  })

  it('every contact of an enterprise, of what one of them is asked', async () => {
    await owner(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-03-second', 'ent-03-second', 'x', 'ent-03', '{enterprise}')`)
    const caseNo = await openCase(db, () => [], { enterpriseId: 'ent-03', applicantId: 'ent-03-contact' })
    const both = (title: string) => [`ent-03-contact: ${title}`, `ent-03-second: ${title}`]
    expect(await told(caseNo, taskOpened(caseNo, { name: 'supplement', title: '补正', unit: 'applicant', role: 'enterprise', holder: 'ent-03-contact' }))).toEqual(both('请办理“补正”'))
    expect(await told(caseNo, event('reminded', { ...at, clock: `${caseNo}.supplement.1` }))).toEqual(both('期限将至：“补正”'))
    await owner(`UPDATE person SET active = false WHERE id = 'ent-03-contact'`)
    expect(await told(caseNo, event('task-transferred', { task: `${caseNo}.supplement.1`, to: 'ent-03-second', reason: 'x' }, { id: 'admin-1' }))).toEqual(['ent-03-second: 任务转交给您：“补正”'])
  })

  it('every contact of the enterprise, also when an officer filed the case, and none that has left', async () => {
    await owner(`INSERT INTO person (id, sub, name, enterprise_id, roles, active) VALUES ('ent-02-second', 'ent-02-second', 'x', 'ent-02', '{enterprise}', true), ('ent-02-left', 'ent-02-left', 'x', 'ent-02', '{enterprise}', false)`)
    const caseNo = await openCase(db, () => [], { enterpriseId: 'ent-02', applicantId: 'ent-02-contact' })
    expect(inbox(await rowsOf(caseNo))).toEqual(['ent-02-contact: 案件已收到', 'ent-02-second: 案件已收到'])
  })

  it('once each, however many reasons there are', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no, { holder: 'economic-crime-leader' })])
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期'])
  })

  it('whoever stands in for an absent holder, too', async () => {
    await owner(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES
      ('a', 'traffic-1', 'traffic-2', now() - interval '1 day', now() + interval '1 day'), ('b', 'traffic-1', 'traffic-leader', now() - interval '2 days', now() - interval '1 day')`)
    const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'traffic', holder: 'traffic-1' })])
    expect(await told(caseNo, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['traffic-1: 期限将至：“办理”', 'traffic-2: 期限将至：“办理”'])
  })

  it('nobody who declared a conflict of interest, nor a proxy for such a person', async () => {
    await owner(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ('c', 'cyber-1', 'cyber-2', now() - interval '1 day', now() + interval '1 day')`)
    const caseNo = await openCase(db, held)
    await append(db, caseNo, event('conflict-declared', { reason: 'x' }, officer('office-2')), event('conflict-declared', { reason: 'x' }, officer('cyber-1')))
    expect(await told(caseNo, event('red-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader', 'office-1', 'office-3', 'office-leader'].map(id => `${id}: 红牌：“办理”严重逾期`))
    expect(await told(caseNo, event('told', { to: { person: 'cyber-1' }, title: 'x', body: 'x' }))).toEqual([])
  })
})

describe('the texts', () => {
  it('say what it is about, and by when in Shanghai', async () => {
    const caseNo = await openCase(db, held)
    const [n] = await noticesOf(caseNo, db, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))
    expect(n!.body).toBe('《货车被扣》的“办理”期限将至，期限 2026年3月12日 23:59，请抓紧办理。')
  })

  it('of a restricted case hold no content, in any channel', async () => {
    await owner(`INSERT INTO webhook_destination (url, secret, procedures) VALUES ('http://127.0.0.1/restricted', 'x', '{detention-report}')`)
    const caseNo = fresh()
    await appendEvents(mailing, caseNo, 'k', () => [caseOpened({ procedure: 'detention-report', title: '机密标题', restricted: true, applicantId: 'criminal-1', application: { suspect: '机密' } })])
    const task = { task: `${caseNo}.handle.1` }
    const clock = { ...at, clock: task.task }
    await append(mailing, caseNo, taskOpened(caseNo, { title: '机密任务', holder: 'criminal-1' }), taskOpened(caseNo, { name: 'duty', title: '机密任务', offeredTo: 'criminal-2' }))
    for (const e of [
      event('task-transferred', { ...task, to: 'criminal-2', reason: '机密' }), event('task-delegated', { ...task, to: 'criminal-1', reason: '机密' }), event('task-offered', { ...task, to: 'criminal-2', reason: '机密' }), event('task-rerouted', { ...task, unit: 'bureau', role: 'bureau-leader' }),
      event('reminded', clock), event('yellow-card', clock), event('red-card', clock), event('leader-alerted', clock), event('urged', { text: '机密' }), event('deadline-extended', { ...task, deadline: deadline() }),
      documentIssued('机密文号', { kind: 'k', content: { text: '机密' } }), event('told', { to: 'applicant', title: '机密标题', body: '机密' }),
      event('notice-failed', { notice: 'x', channel: 'email', failure: '机密' }), event('case-closed', { outcome: '机密', result: { text: '机密' } }),
    ]) await append(mailing, caseNo, e)
    const rows = await rowsOf(caseNo)
    expect(new Set(rows.map(n => n.channel))).toEqual(new Set(['inbox', 'email', 'webhook']))
    expect(JSON.stringify(rows)).not.toContain('机密')
  })
})

describe('where there is much', () => {
  const message = (to: 'applicant' | 'officers' = 'officers') => event('commented', { text: 'x', to }, to === 'officers' ? ent : officer('economic-crime-1'))
  const rows = async (personId: string, kind: string, channel = 'inbox') => (await db.pool.query(`SELECT case_no, task_id, title, count, read_at FROM notice WHERE person_id = $1 AND kind = $2 AND channel = $3 ORDER BY created_at`, [personId, kind, channel])).rows

  it('messages and files of a case are one unread notice that counts up, and one e-mail', async () => {
    await read()
    const caseNo = await openCase(mailing, held)
    const mine = async (kind: string, channel?: string) => (await rows('economic-crime-1', kind, channel)).filter(n => n.case_no === caseNo)
    await Promise.all(Array.from({ length: 30 }, () => append(mailing, caseNo, message())))
    for (let i = 0; i < 20; i++) await append(mailing, caseNo, event('material-added', { ...file, to: 'officers' }, ent))
    expect(await mine('message-received')).toMatchObject([{ count: 30, read_at: null }])
    expect(await mine('files-received')).toMatchObject([{ count: 20, read_at: null }])
    expect([(await mine('message-received', 'email')).length, (await mine('files-received', 'email')).length]).toEqual([1, 1])
    // Once it was read, the next is news again.
    await read()
    await append(mailing, caseNo, message())
    expect(await mine('message-received')).toMatchObject([{ count: 30 }, { count: 1, read_at: null }])
    expect(await mine('message-received', 'email')).toHaveLength(2)
  })

  it('what comes into a queue is one notice for each who may claim it, without e-mail, also when much comes at once', async () => {
    await read()
    const before = (await rows('traffic-1', 'task-queued')).length
    const opened = await Promise.all(Array.from({ length: 12 }, () => openCase(mailing, no => [taskOpened(no, { unit: 'traffic' }), taskOpened(no, { unit: 'traffic', name: 'reply' })])))
    const now = (await rows('traffic-1', 'task-queued')).slice(before)
    expect(now).toMatchObject([{ count: 24, task_id: null, read_at: null }])
    expect(opened).toContain(now[0]!.case_no)
    expect(await rows('traffic-1', 'task-queued', 'email')).toEqual([])
  })

  it('what must be claimed within hours is a notice of its own, and an e-mail', async () => {
    const soon = { ...deadline(), clock: { n: 1, unit: 'hour' as const, source: '[C] x' } }
    const caseNo = await openCase(mailing, no => [taskOpened(no, { deadline: soon })], { restricted: true })
    const got = (await rowsOf(caseNo)).filter(n => n.personId === 'economic-crime-1')
    expect(got.map(n => [n.channel, n.title, n.body])).toEqual(['email', 'inbox'].map(channel => [channel, '请尽快签收任务', '受限案件的任务待您或同岗人员签收，期限 2026年3月12日 23:59。']))
  })
})

describe('outside channels', () => {
  const reminded = (no: string) => event('reminded', { ...at, clock: `${no}.handle.1` })
  const yellow = (no: string) => event('yellow-card', { ...at, clock: `${no}.handle.1` })
  const channels = (rows: NoticeRow[]) => rows.map(n => `${n.channel} ${n.address ?? n.personId} ${n.state}`)

  it('are used for what is worth it; the inbox has everything and is done at once', async () => {
    const caseNo = await openCase(mailing, held)
    expect(channels(await noticesOf(caseNo, mailing, reminded(caseNo)))).toEqual(['inbox economic-crime-1 done'])
    expect(channels(await noticesOf(caseNo, mailing, yellow(caseNo)))).toEqual([
      'email economic-crime-1@example.com pending', 'email economic-crime-leader@example.com pending', 'inbox economic-crime-1 done', 'inbox economic-crime-leader done',
    ])
  })

  it('leave e-mail out without a mail server, or without an address', async () => {
    await owner(`UPDATE person SET email = NULL WHERE id = 'prevention-1'`)
    const caseNo = await openCase(mailing, no => [taskOpened(no, { unit: 'prevention', holder: 'prevention-1' })])
    expect(channels(await noticesOf(caseNo, db, yellow(caseNo))).filter(c => c.startsWith('email'))).toEqual([])
    expect(channels(await noticesOf(caseNo, mailing, yellow(caseNo))).filter(c => c.startsWith('email'))).toEqual(['email prevention-leader@example.com pending'])
  })

  it('send webhooks only to destinations that are active and subscribed to the procedure, once for an event', async () => {
    await owner(`INSERT INTO webhook_destination (id, url, secret, procedures, active) VALUES ('a', 'http://127.0.0.1/a', 'x', '{hooked,other}', true),
      ('b', 'http://127.0.0.1/b', 'x', '{other}', true), ('c', 'http://127.0.0.1/c', 'x', '{hooked}', false), ('d', 'http://127.0.0.1/d', 'x', '{}', true)`)
    const caseNo = await openCase(db, held, { procedure: 'hooked' })
    expect(channels(await noticesOf(caseNo, db, yellow(caseNo)))).toEqual(['inbox economic-crime-1 done', 'inbox economic-crime-leader done', 'webhook a pending'])
  })

  it('carry hand-overs to the outside system they name, with the enterprise by its credit code, which cannot be told another case or task by their content', async () => {
    const caseNo = await openCase(db, held)
    const [n] = await noticesOf(caseNo, db, event('handed-over', { task: 't', system: 'four-platforms', payload: { application: { a: 1 }, caseNo: 'other', task: 'other', enterprise: 'other' } }))
    const enterprise = { name: '示例袜业有限公司', uscc: '91999999MA0000001N' }
    expect(n).toMatchObject({ channel: 'system', address: 'four-platforms', personId: null, state: 'pending' })
    expect(JSON.parse(n!.body)).toEqual({ caseNo, task: 't', application: { a: 1 }, enterprise })
    const [pushed] = await noticesOf(caseNo, db, event('pushed', { system: 'credit-platform', payload: { decision: 'x' } }))
    expect([pushed!.address, JSON.parse(pushed!.body)]).toEqual(['credit-platform', { caseNo, decision: 'x', enterprise }])
  })
})

describe('the id of a notice', () => {
  it('follows from the step, the channel and the recipient: working it out again comes to the same', async () => {
    const caseNo = await openCase(mailing, held)
    const before = await findCase(mailing.pool, caseNo)
    const { events } = await append(mailing, caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }), event('urged', { text: null }))
    const first = await resolveNotices(mailing.pool, events, before, true)
    expect(await resolveNotices(mailing.pool, events, before, true)).toEqual(first)
    const ids = first.map(n => n.id)
    expect(new Set(ids).size).toBe(5)
    expect((await rowsOf(caseNo)).map(n => n.id)).toEqual(expect.arrayContaining(ids))
    // The webhook's signature joins id, time and body by full stops.
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is another for the same event of another case or step', async () => {
    const [one, other] = [await openCase(db, held), await openCase(db, held)]
    const urged = event('urged', { text: null })
    for (const no of [one, other]) await appendEvents(db, no, 'same-key', () => [urged])
    await append(db, one, urged)
    const ids = [...await rowsOf(one), ...await rowsOf(other)].filter(n => n.title === '企业催办').map(n => n.id)
    expect(new Set(ids).size).toBe(3)
  })
})

it('writes no notice when the events are not written', async () => {
  const caseNo = await openCase(db, held)
  const before = await rowsOf(caseNo)
  await expect(append(db, caseNo, event('urged', { text: 'a\u0000' }))).rejects.toThrow()
  expect(await rowsOf(caseNo)).toEqual(before)
  expect((await findCase(db.pool, caseNo))!.file.lastSeq).toBe(3)
})

async function owner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: api.owner.pool.options.connectionString! })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
