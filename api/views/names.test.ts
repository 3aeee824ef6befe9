import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EventData, EventType, NewEvent } from '../../model/events.ts'
import { append, caseOpened, deadline, documentIssued, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import type { Policy } from '../../model/policy.ts'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { organisation } from '../../db/seed/organisation.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { adminRoutes } from '../routes/admin/index.ts'
import { caseRoutes } from '../routes/cases.ts'
import { taskRoutes } from '../routes/tasks.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [adminRoutes(deps), caseRoutes(deps), taskRoutes(deps)]) })
afterAll(() => api.close())

const get = async (person: string, url: string) => {
  const { status, body } = await api.ask(person, 'GET', url)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const long = { ...deadline(), extensions: [{ n: 1, unit: 'workday', reason: '取证', by: 'economic-crime-leader', at: '2026-03-06T10:00:00+08:00' }] } as EventData['clock-chosen']['deadline']
const [DR, step] = ['detention-report', 'legal-review'] as const
const form = { suspect: { name: '示例', idNumber: '00000', enterpriseRole: '示例' }, enterpriseId: 'ent-01', conflictDeclaration: { none: false, conflicts: [{ person: 'criminal-2', relation: '亲属' }] } }

/** One event of every kind, with an id wherever its kind can hold one. */
const everyEvent = (no: string): { [T in EventType]: EventData[T] } => {
  const task = `${no}.${step}.1`
  const clock = { clock: task, dueAt: long.dueAt }
  return {
    'case-opened': caseOpened().data as EventData['case-opened'],
    'task-opened': taskOpened(no, { name: 'decide', title: '决定', unit: 'bureau', role: 'bureau-leader', from: 'legal', offeredTo: 'bureau-leader-1', notBy: ['criminal-1'], context: { opinions: [{ task, by: 'legal-1', opinion: 'agree', text: '同意' }] }, deadline: long }).data as EventData['task-opened'],
    'task-claimed': { task }, 'task-released': { task }, 'task-offered': { task, to: 'legal-2', reason: '交接班' }, 'task-rerouted': { task, unit: 'legal', role: 'legal-reviewer' },
    'task-transferred': { task, to: 'legal-2', reason: '外出' }, 'task-delegated': { task, to: 'legal-1', reason: '外出' },
    'task-completed': { task, action: 'return', form: { to: 'revise', reason: '材料不全' }, onBehalfOf: 'legal-2' },
    'task-cancelled': { task, reason: '撤回' }, 'task-lapsed': { task }, 'extension-requested': { task, n: 1, unit: 'workday', reason: '取证' },
    'deadline-extended': { task, deadline: long }, 'deadline-replanned': { clock: task, deadline: long, from: long.dueAt }, 'clock-chosen': { deadline: long }, 'case-shown': {}, 'party-joined': { id: 'p1', name: '交警', kind: 'unit', unit: 'traffic' }, 'party-left': { party: 'p1', answer: null }, 'clock-paused': { deadline: long, reason: '补正' }, 'clock-resumed': { deadline: long }, 'promise-kept': { deadline: long },
    'reminded': clock, 'yellow-card': clock, 'red-card': clock, 'leader-alerted': clock, 'card-acknowledged': { clock: task },
    'wait-begun': { wait: 'EA-000009', text: '等待另案办结' }, 'wait-ended': { wait: 'EA-000009' },
    'noted': { name: 'deputy', facts: { title: '取得人大许可', when: 'prior', reason: '示例' } }, 'linked': { caseNo: 'EA-000009', kind: 'child' },
    'told': { to: { unit: 'economic-crime' }, title: '示例', body: '示例' }, 'document-issued': documentIssued(`${no}号`, { kind: 'none' }).data,
    'document-withdrawn': { number: `${no}号`, reason: '示例', to: 'applicant' }, 'document-replaced': { number: `${no}号`, by: `${no}2号`, reason: '示例', to: 'applicant' },
    'handed-over': { task, system: 'four-platforms', payload: {} }, 'pushed': { system: 'four-platforms', payload: {} }, 'conflict-declared': { reason: '亲属' }, 'persons-excluded': { persons: ['criminal-2'] },
    'commented': { text: '示例', to: 'officers' }, 'material-added': { to: 'officers', id: 'm', name: '示例.pdf', type: 'application/pdf', size: 1, hash: 'x' }, 'urged': { text: null },
    'application-amended': { application: form, title: '羁押事前报备', reason: '补充' }, 'withdrawal-requested': { reason: '撤回' }, 'cancellation-ordered': { reason: '重复' },
    'notice-failed': { notice: 'n', channel: 'email', failure: 'x' }, 'notice-retried': { notice: 'n' }, 'workflow-halted': { cause: 'lost' }, 'workflow-resumed': {}, 'case-closed': { outcome: 'cancelled', result: { reason: '重复' } },
  }
}

/** Every text in some JSON. */
const textsIn = (json: unknown): string[] => typeof json === 'string' ? [json] : typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : []
const ids = new Set([...organisation.people, ...organisation.units, ...organisation.enterprises].map(({ id }) => id))

it('names every person, unit, enterprise, system and task that an event of any kind mentions', async () => {
  const caseNo = await openCase(api.db, no => [taskOpened(no, { name: step, title: '法制审核', unit: 'legal', role: 'legal-reviewer' })], { procedure: DR, application: form })
  const { 'case-opened': _, ...later } = everyEvent(caseNo)
  await append(api.db, caseNo, ...Object.entries(later).map(([type, data]) => ({ type, actor: officer('criminal-1'), data }) as NewEvent))
  const events = await get('office-1', `/api/cases/${caseNo}/events`) as { type: string, data: object, names: Record<string, string> }[]
  expect(new Set(events.map(e => e.type))).toEqual(new Set(Object.keys(everyEvent(caseNo))))
  for (const { type, data, names } of events) {
    const mentioned = textsIn(data).filter(text => ids.has(text) || text.startsWith(`${caseNo}.`))
    const named = new Map(Object.entries(names).map(([key, name]) => [key.slice(key.indexOf('/') + 1).replace('system:', ''), name]))
    expect(mentioned.filter(id => !/\p{Script=Han}/u.test(named.get(id) ?? '')), type).toEqual([])
  }
  expect(events.find(e => e.type === 'handed-over')!.names).toMatchObject({ 'person/system:four-platforms': '四个平台' })
  expect(events.find(e => e.type === 'task-completed')!.names).toMatchObject({ 'step/revise': '补充报备材料' })
})

it('names who gave an opinion, and in which task, beside the decision that rests on it', async () => {
  const caseNo = await openCase(api.db, no => [
    taskOpened(no, { name: step, title: '法制审核', unit: 'legal', role: 'legal-reviewer' }),
    taskOpened(no, { name: 'decide', title: '决定', unit: 'bureau', role: 'bureau-leader', context: { opinions: [{ task: `${no}.${step}.1`, by: 'legal-1', opinion: 'agree', text: '同意' }] } }),
  ], { procedure: DR, application: form })
  const { names } = await get('office-1', `/api/tasks/${caseNo}.decide.1`)
  expect(names).toEqual({ [`task/${caseNo}.${step}.1`]: '法制审核', 'person/legal-1': '法制大队 审核员甲' })
  const file = await get('office-1', `/api/cases/${caseNo}`)
  expect(file.names).toEqual({ 'enterprise/ent-01': '示例袜业有限公司', 'person/criminal-2': '刑侦大队 民警乙' })
  expect(file.tasks.find((t: { name: string }) => t.name === 'decide').names).toEqual(names)
})

it('tells an enterprise no officer’s name', async () => {
  const caseNo = await openCase(api.db, no => [taskOpened(no)])
  await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')), event('task-transferred', { task: `${caseNo}.handle.1`, to: 'economic-crime-2', reason: '外出' }, officer('economic-crime-leader')))
  const answers = [await get('ent-01-contact', `/api/cases/${caseNo}`), await get('ent-01-contact', `/api/cases/${caseNo}/events`)]
  expect(JSON.stringify(answers)).not.toMatch(/民警|economic-crime-\d/)
})

it('goes on naming what happened as it was called then, and says what that is called now', async () => {
  const caseNo = await openCase(api.db, no => [taskOpened(no)])
  const handle = `${caseNo}.handle.1`
  await append(api.db, caseNo, event('task-claimed', { task: handle }, officer('economic-crime-1')))
  await append(api.db, caseNo, event('task-completed', { task: handle, action: 'complete', form: { result: '已办' } }, officer('economic-crime-1')), taskOpened(caseNo, { name: 'reply', title: '反馈' }))
  const renamed = async (kind: string, id: string, name: string) => {
    const { body: { items } } = await api.ask('admin-1', 'GET', `/api/admin/${kind}?q=${id}`)
    const { id: _, ...before } = items.find((one: { id: string }) => one.id === id)
    const { status, body } = await api.ask('admin-1', 'PUT', `/api/admin/${kind}/${id}`, { ...before, name, ...(kind === 'people' && { unit: before.unit?.id ?? null, enterprise: before.enterprise?.id ?? null }) })
    expect(status, JSON.stringify(body)).toBe(200)
  }
  await renamed('units', 'economic-crime', '经侦支队')
  await renamed('people', 'economic-crime-1', '经侦支队 民警甲')
  await renamed('enterprises', 'ent-01', '示例针织有限公司')
  await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.reply.1` }, officer('economic-crime-1')))

  const events = await get('office-1', `/api/cases/${caseNo}/events`) as { type: string, actor: object, names: object }[]
  const claims = events.filter(e => e.type === 'task-claimed')
  expect(claims[0]!.actor).toEqual({ id: 'economic-crime-1', name: '经侦大队 民警甲', now: '经侦支队 民警甲', unit: 'economic-crime' })
  expect(claims[1]!.actor).toEqual({ id: 'economic-crime-1', name: '经侦支队 民警甲', unit: 'economic-crime' })
  expect(events.find(e => e.type === 'task-opened')!.names).toMatchObject({ 'unit/economic-crime': '经侦大队（现 经侦支队）' })
  expect(events[0]!.names).toMatchObject({ 'enterprise/ent-01': '示例袜业有限公司（现 示例针织有限公司）' })

  const file = await get('office-1', `/api/cases/${caseNo}`)
  expect(file.enterprise.name).toBe('示例针织有限公司')
  expect(file.tasks).toMatchObject([
    { name: 'handle', unitName: '经侦大队', completedBy: { name: '经侦大队 民警甲', now: '经侦支队 民警甲' } },
    { name: 'reply', unitName: '经侦支队', holder: { name: '经侦支队 民警甲' } },
  ])
  await append(api.db, caseNo, event('case-closed', { outcome: 'resolved', result: null }))
  await renamed('units', 'economic-crime', '经侦大队')
  await renamed('enterprises', 'ent-01', '示例袜业有限公司')
  expect(await get('office-1', `/api/cases/${caseNo}`)).toMatchObject({ unitName: '经侦支队', enterprise: { name: '示例针织有限公司', now: '示例袜业有限公司' } })
})

it('promises an enterprise when each step will be done, in words of the public, and says nothing of what the office has still to settle', async () => {
  const caseNo = await openCase(api.db, no => [taskOpened(no, { name: 'triage', title: '分流', unit: 'service-centre', role: 'duty-desk' })])
  const promised = '我们将在5个工作日内（3月12日前）完成受理分办'
  const file = await get('ent-01-contact', `/api/cases/${caseNo}`)
  expect(file).toMatchObject({ promise: promised, stageTitle: '受理分办', tasks: [{ title: '受理分办' }] })
  expect((await get('ent-01-contact', '/api/cases')).items.find((one: { caseNo: string }) => one.caseNo === caseNo).promise).toBe('我们将在3月12日前完成受理分办')
  const clock = await get('ent-01-contact', `/api/cases/${caseNo}/clock`)
  expect(clock).toMatchObject([{ title: '受理分办', lines: [`${promised}。`] }])
  expect(JSON.stringify(clock)).not.toContain('待法制部门确认')
  expect(JSON.stringify(await get('office-1', `/api/cases/${caseNo}/clock`))).toContain('待法制部门确认')
  expect((await get('office-1', `/api/cases/${caseNo}`)).stageTitle).toBe('分流')
})

it('tells an enterprise every step in words of the public, in what happened and in the picture', async () => {
  const policies = [...PROCEDURES.values()].map(({ policy }) => policy).filter(policy => policy.whoMayApply.includes('enterprise'))
  expect(policies.length).toBeGreaterThan(1)
  for (const { key, tasks } of policies) {
    const steps = Object.entries(tasks as Policy['tasks'])
    const caseNo = await openCase(api.db, no => steps.map(([name, { title }]) => taskOpened(no, { name, title })), { procedure: key })
    await append(api.db, caseNo, ...steps.map(([name]) => event('task-completed', { task: `${caseNo}.${name}.1`, action: 'complete', form: {} }, officer('economic-crime-1'))))
    const read = async (person: string) => ({
      opened: (await get(person, `/api/cases/${caseNo}/events`)).filter((e: { type: string }) => e.type === 'task-opened').map((e: { data: { title: string } }) => e.data.title),
      named: (await get(person, `/api/cases/${caseNo}/events`)).filter((e: { type: string }) => e.type === 'task-completed').map((e: { data: { task: string }, names: Record<string, string> }) => e.names[`task/${e.data.task}`]),
      steps: (await get(person, `/api/cases/${caseNo}/journey`)).steps.map((step: { title: string }) => step.title).sort(),
    })
    const words = steps.map(([, { title, publicly }]) => publicly ?? title)
    const own = steps.map(([, { title }]) => title)
    expect(await read('ent-01-contact'), key).toEqual({ opened: words, named: words, steps: [...words].sort() })
    expect(await read('office-1'), key).toEqual({ opened: own, named: own, steps: [...own].sort() })
  }
})
