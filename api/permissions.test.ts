import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append, caseOpened, event, fresh, officer, taskOpened } from '../test/sample-case.ts'
import { appendEvents } from '../db/record/record.ts'
import { passOnOrphaned } from '../db/directory/succession.ts'
import { appeal, startApi, type Answer, type TestApi } from './testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
  await api.system.db.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles) VALUES ('economic-crime-3', 'economic-crime-3', '经侦大队 民警丙', 'economic-crime', '{handler}')`)
})
afterAll(() => api.close())

const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }
const reason = { reason: '原办理人外出办案。' }

/** Status and code of an answer, as one word: `403 four-eyes`; `200` when all is well. */
const said = ({ status, body }: Answer) => status < 300 ? String(status) : `${status} ${body.code}`
const names = (actions: { name: string }[]) => actions.map(action => action.name)

/** A case filed by ent-01, whose task `handle` waits in 经侦大队. */
async function toHandle(): Promise<{ caseNo: string, taskId: string }> {
  const { caseNo } = await api.file()
  const triage = await api.task('desk-1', caseNo, 'triage')
  expect(said(await api.act('desk-1', triage.id, 'claim'))).toBe('200')
  expect(said(await api.act('desk-1', triage.id, 'complete', accept))).toBe('200')
  return { caseNo, taskId: (await api.task('office-1', caseNo, 'handle')).id }
}

/** The same, claimed by economic-crime-1. */
async function handled() {
  const found = await toHandle()
  expect(said(await api.act('economic-crime-1', found.taskId, 'claim'))).toBe('200')
  return found
}

/** The refusals that auditors find of a person. */
async function refusalsOf(person: string): Promise<string[]> {
  const { rows } = await api.system.db.pool.query('SELECT action, code FROM refusal WHERE person_id = $1 ORDER BY id', [person])
  return rows.map(r => `${r.action}: ${r.code}`)
}

describe('filing', () => {
  it('is for those whom the procedure names; a refusal is noted', async () => {
    for (const person of ['auditor-1', 'admin-1', 'bureau-leader-1']) expect(said(await api.post(person, '/api/procedures/enterprise-appeal/cases', appeal)), person).toBe('403 not-permitted')
    for (const person of ['ent-03-contact', 'traffic-1', 'traffic-leader', 'desk-1', 'office-1']) expect(said(await api.post(person, '/api/procedures/enterprise-appeal/cases', appeal)), person).toBe('201')
    expect(await refusalsOf('auditor-1')).toEqual(['file enterprise-appeal: not-permitted'])
  })

  it('for another enterprise is refused to an enterprise and open to an officer, who is not the applicant', async () => {
    const body = { ...appeal, onBehalfOf: 'ent-02' }
    expect(said(await api.post('ent-01-contact', '/api/procedures/enterprise-appeal/cases', body))).toBe('403 not-permitted')
    const filed = await api.post('station-01-1', '/api/procedures/enterprise-appeal/cases', { ...body, channel: 'visit' })
    expect(filed).toMatchObject({ status: 201, body: { enterprise: { id: 'ent-02' }, applicant: { id: 'ent-02-contact' }, filedBy: { id: 'station-01-1' }, channel: 'visit' } })
    expect(said(await api.get('ent-02-contact', `/api/cases/${filed.body.caseNo}`))).toBe('200')
    expect(said(await api.get('station-01-1', `/api/cases/${filed.body.caseNo}`))).toBe('200')
    expect(said(await api.get('station-02-1', `/api/cases/${filed.body.caseNo}`))).toBe('404 not-found')
  })

  it('of a restricted procedure is closed to enterprises, and is not done in their name', async () => {
    const { examples: [example] } = (await api.get('economic-crime-1', '/api/procedures/detention-report')).body.application
    const [hidden, none] = await Promise.all(['detention-report', 'no-such-procedure'].map(key => api.post('ent-01-contact', `/api/procedures/${key}/cases`, example)))
    expect([hidden!.status, { ...hidden!.body, instance: '' }], 'as if there were none').toEqual([404, { ...none!.body, instance: '' }])
    const inTheirName = await api.post('economic-crime-1', '/api/procedures/detention-report/cases', { ...example, onBehalfOf: 'ent-01' })
    expect(inTheirName).toMatchObject({ status: 400, body: { errors: [{ pointer: '/onBehalfOf' }] } })
  })
})

describe('a case', () => {
  it('is seen by its enterprise, by those who take part, by the unit that handles it and by those who supervise; by nobody else', async () => {
    const { caseNo } = await handled()
    const url = `/api/cases/${caseNo}`
    for (const person of ['ent-01-contact', 'desk-2', 'economic-crime-1', 'economic-crime-2', 'economic-crime-leader', 'office-1', 'bureau-leader-1']) {
      for (const part of ['', '/events', '/events/verify', '/clock']) expect(said(await api.get(person, url + part)), person + part).toBe('200')
    }
    for (const person of ['ent-02-contact', 'traffic-1', 'legal-leader', 'admin-1']) {
      for (const part of ['', '/events', '/events/verify', '/clock']) expect(said(await api.get(person, url + part)), person + part).toBe('404 not-found')
      expect((await api.get(person, '/api/cases')).body.items.map((c: { caseNo: string }) => c.caseNo), person).not.toContain(caseNo)
    }
    const { rows } = await api.system.db.pool.query('SELECT what, allowed FROM access_log WHERE case_no = $1 AND person_id = $2 ORDER BY id', [caseNo, 'traffic-1'])
    expect(rows).toEqual(['case', 'events', 'verify', 'clock'].map(what => ({ what, allowed: false })))
  })

  it('is open to an auditor only in its trail, and the look is noted', async () => {
    const { caseNo } = await api.file()
    expect(said(await api.get('auditor-1', `/api/cases/${caseNo}`))).toBe('404 not-found')
    expect(said(await api.get('auditor-1', `/api/cases/${caseNo}/events`))).toBe('200')
    expect((await api.get('auditor-1', `/api/cases/${caseNo}/events/verify`)).body).toMatchObject({ ok: true, brokenAt: null })
    const { rows } = await api.system.db.pool.query('SELECT what, allowed FROM access_log WHERE case_no = $1 AND person_id = $2 ORDER BY id', [caseNo, 'auditor-1'])
    expect(rows).toEqual([{ what: 'case', allowed: false }, { what: 'events', allowed: true }, { what: 'verify', allowed: true }])
  })
})

describe('an enterprise', () => {
  it('reads what concerns it and no names, remarks or inner workings', async () => {
    const { caseNo, taskId } = await handled()
    await api.post('office-1', `/api/cases/${caseNo}/actions/comment`, { text: '内部批注：重点督办' })
    await api.act('economic-crime-1', taskId, 'complete', { result: '内部办理结果' })
    const own = await api.get('ent-01-contact', `/api/cases/${caseNo}`)
    expect(own.body).toMatchObject({ application: appeal, facts: {}, links: [] })
    const done = own.body.tasks.find((t: { name: string }) => t.name === 'handle')
    expect(done).toMatchObject({ status: 'completed', result: null, context: null, action: null, completedBy: { id: 'economic-crime', name: '经侦大队 工作人员' }, actions: [] })
    const events = await api.get('ent-01-contact', `/api/cases/${caseNo}/events`)
    const clock = await api.get('ent-01-contact', `/api/cases/${caseNo}/clock`)
    for (const { body } of [own, events, clock]) expect(JSON.stringify(body)).not.toMatch(/economic-crime-1|desk-1|office-1|内部|民警甲/)
    expect(events.body.map((e: { type: string }) => e.type)).toEqual(['case-opened', 'task-opened', 'task-completed', 'task-opened', 'task-completed', 'task-opened'])
    expect(events.body[2]).toMatchObject({ actor: { id: 'service-centre', name: '护企优商服务中心 工作人员', unit: 'service-centre' } })
    const whole = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body
    expect(whole.map((e: { type: string }) => e.type)).toContain('commented')
    expect(whole.map((e: { prevHash: string }) => e.prevHash).slice(1)).toEqual(whole.map((e: { hash: string }) => e.hash).slice(0, -1))
  })

  it('may withdraw, urge, comment and rate its own case, and nothing of another’s', async () => {
    const { caseNo } = await api.file()
    const url = `/api/cases/${caseNo}/actions`
    expect(names((await api.get('ent-01-contact', `/api/cases/${caseNo}`)).body.actions)).toEqual(['urge', 'comment', 'withdraw'])
    for (const action of ['withdraw', 'urge', 'comment', 'rate', 'cancel', 'link']) expect(said(await api.post('ent-02-contact', `${url}/${action}`, {})), action).toBe('404 not-found')
    expect(said(await api.post('ent-01-contact', `${url}/rate`, { rating: 'satisfied' }))).toBe('409 action-not-allowed')
    expect(said(await api.post('ent-01-contact', `${url}/cancel`, reason))).toBe('403 not-permitted')
    expect(said(await api.post('ent-01-contact', `${url}/link`, { caseNo, kind: 'duplicate-of' }))).toBe('403 not-permitted')
    expect(said(await api.post('ent-01-contact', `${url}/amend`, { changes: {}, reason: '补充' }))).toBe('409 action-not-allowed')
    expect(said(await api.post('ent-01-contact', `${url}/urge`, {}))).toBe('200')
    expect(said(await api.post('ent-01-contact', `${url}/comment`, { text: '请尽快' }))).toBe('200')
    expect(await api.post('ent-01-contact', `${url}/withdraw`, {})).toMatchObject({ status: 200, body: { status: 'closed', outcome: 'withdrawn', actions: [{ name: 'comment' }] } })
    expect(said(await api.post('ent-01-contact', `${url}/urge`, {}))).toBe('409 action-not-allowed')
    expect(await refusalsOf('ent-01-contact')).toEqual(expect.arrayContaining(['cancel: not-permitted', 'link: not-permitted']))
  })

  it('is not told that another’s task exists', async () => {
    const { caseNo, taskId } = await toHandle()
    expect(said(await api.get('ent-02-contact', `/api/tasks/${taskId}`))).toBe('404 not-found')
    expect(said(await api.act('ent-02-contact', taskId, 'claim'))).toBe('404 not-found')
    expect(said(await api.act('ent-01-contact', taskId, 'claim')), 'its own').toBe('403 not-permitted')
    await api.act('economic-crime-1', taskId, 'claim')
    for (const action of ['claim', 'complete', 'acknowledge', 'acknowledge-card', 'transfer']) expect(said(await api.act('ent-02-contact', taskId, action)), action).toBe('404 not-found')
    await api.act('economic-crime-1', taskId, 'complete', { result: '已调解' })
    expect(said(await api.act('ent-02-contact', taskId, 'complete')), 'when it is over').toBe('404 not-found')
    expect(said(await api.act('ent-01-contact', taskId, 'complete')), 'its own, when it is over').toBe('409 task-closed')
    const { rows } = await api.system.db.pool.query(`SELECT what, allowed FROM access_log WHERE person_id = 'ent-02-contact' AND case_no = $1`, [caseNo])
    expect(rows).toEqual([{ what: 'task', allowed: false }, ...Array.from({ length: 7 }, () => ({ what: 'action', allowed: false }))])
  })
})

describe('claim', () => {
  it('is for members of the unit with the role; the first one has it, and claiming again what one holds is no error', async () => {
    const { taskId } = await toHandle()
    for (const person of ['traffic-1', 'desk-1', 'economic-crime-leader', 'office-1', 'admin-1', 'auditor-1']) expect(said(await api.act(person, taskId, 'claim')), person).toBe('403 not-permitted')
    expect(said(await api.act('economic-crime-1', taskId, 'claim'))).toBe('200')
    expect(said(await api.act('economic-crime-1', taskId, 'claim'))).toBe('200')
    expect(said(await api.act('economic-crime-2', taskId, 'claim'))).toBe('409 already-claimed')
    expect(await refusalsOf('traffic-1')).toEqual(['claim: not-permitted'])
  })

  it('is given to one of two who ask at the same time', async () => {
    const { taskId } = await toHandle()
    const answers = await Promise.all(['economic-crime-1', 'economic-crime-2', 'economic-crime-1', 'economic-crime-2'].map(person => api.act(person, taskId, 'claim')))
    const holder = (await api.get('office-1', `/api/tasks/${taskId}`)).body.holder.id
    expect(answers.map(said).sort()).toEqual(['200', '200', '409 already-claimed', '409 already-claimed'])
    expect(['economic-crime-1', 'economic-crime-2']).toContain(holder)
  })
})

describe('complete', () => {
  it('of a task that is open takes it in the same request, from those who may claim it, and once', async () => {
    const { caseNo, taskId } = await toHandle()
    for (const person of ['traffic-1', 'economic-crime-leader', 'office-1', 'ent-01-contact']) expect(said(await api.act(person, taskId, 'complete', { result: 'x' })), person).toMatch(/^40[34] /)
    expect(said(await api.act('economic-crime-1', taskId, 'complete', { result: '' }))).toBe('400 bad-form')
    expect((await api.task('office-1', caseNo, 'handle')).status, 'nothing was taken').toBe('open')
    const answers = await Promise.all(['economic-crime-1', 'economic-crime-2'].map(person => api.act(person, taskId, 'complete', { result: `已调解：${person}` }, `both-of-${person}`)))
    expect(answers.map(said).sort()).toEqual(['200', '409 task-closed'])
    const { completedBy } = (await api.get('office-1', `/api/cases/${caseNo}`)).body.tasks.find((t: { id: string }) => t.id === taskId)
    expect(said(await api.act(completedBy.id, taskId, 'complete', { result: `已调解：${completedBy.id}` }, `both-of-${completedBy.id}`)), 'sent again').toBe('200')
    const events = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body.filter((e: { data: { task?: string } }) => e.data.task === taskId)
    expect(events.map((e: { type: string, actor: { id: string } | null }) => [e.type, e.actor?.id])).toEqual([['task-opened', undefined], ['task-claimed', completedBy.id], ['task-completed', completedBy.id]])
    const reply = await api.task(completedBy.id, caseNo, 'reply')
    const submit = reply.actions.find((one: { name: string }) => one.name === 'complete')
    expect(submit).toMatchObject({ title: '提交答复', form: { properties: { reply: { default: `已调解：${completedBy.id}` } } } })
  })

  it('of a restricted task comes after it was taken and seen', async () => {
    const { examples: [example] } = (await api.get('economic-crime-1', '/api/procedures/detention-report')).body.application
    const { body: { caseNo } } = await api.post('economic-crime-1', '/api/procedures/detention-report/cases', example)
    expect(said(await api.act('legal-1', `${caseNo}.legal-review.1`, 'complete', { opinion: 'agree', text: '同意。' }))).toBe('409 action-not-allowed')
    expect(said(await api.act('legal-1', `${caseNo}.legal-review.1`, 'claim'))).toBe('200')
    expect(said(await api.act('legal-1', `${caseNo}.legal-review.1`, 'complete', { opinion: 'agree', text: '同意。' }))).toBe('200')
  })

  it('is for the holder alone once there is one', async () => {
    const { taskId } = await toHandle()
    await api.act('economic-crime-1', taskId, 'claim')
    expect(said(await api.act('economic-crime-2', taskId, 'complete', { result: 'x' }))).toBe('409 already-claimed')
    for (const person of ['traffic-1', 'economic-crime-leader', 'office-1']) expect(said(await api.act(person, taskId, 'complete', { result: 'x' })), person).toBe('403 not-permitted')
    expect(said(await api.act('economic-crime-1', taskId, 'complete', { result: '已调解' }))).toBe('200')
  })

  it('is also for the proxy of an absent holder, and says so', async () => {
    const { caseNo, taskId } = await handled()
    expect(said(await api.act('economic-crime-3', taskId, 'complete', { result: 'x' }))).toBe('409 already-claimed')
    await api.system.db.pool.query(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ('a1', 'economic-crime-1', 'economic-crime-3', now() - interval '1 hour', now() + interval '1 hour')`)
    expect((await api.get('economic-crime-3', '/api/tasks?view=mine')).body.items.map((t: { id: string }) => t.id)).toContain(taskId)
    expect(said(await api.act('economic-crime-3', taskId, 'complete', { result: '代办' }))).toBe('200')
    await api.system.db.pool.query(`UPDATE absence SET until_at = now() - interval '1 second' WHERE id = 'a1'`)
    const events = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body
    expect(events.findLast((e: { type: string }) => e.type === 'task-completed')).toMatchObject({ actor: { id: 'economic-crime-3' }, data: { onBehalfOf: 'economic-crime-1' } })
  })
})

describe('release, transfer and delegate', () => {
  it('release: the holder gives the task back to the queue', async () => {
    const { taskId } = await handled()
    expect(said(await api.act('economic-crime-2', taskId, 'release'))).toBe('409 already-claimed')
    expect(said(await api.act('economic-crime-leader', taskId, 'release'))).toBe('403 not-permitted')
    expect(await api.act('economic-crime-1', taskId, 'release')).toMatchObject({ status: 200, body: { status: 'open', holder: null } })
  })

  it('transfer: the unit’s leader, to a member with the role', async () => {
    const { taskId } = await handled()
    for (const person of ['economic-crime-1', 'traffic-leader', 'office-1']) expect(said(await api.act(person, taskId, 'transfer', { to: 'economic-crime-2', ...reason })), person).toMatch(/^40[39] /)
    for (const to of ['traffic-1', 'nobody-1', 'economic-crime-leader']) expect(said(await api.act('economic-crime-leader', taskId, 'transfer', { to, ...reason })), to).toBe('400 bad-form')
    const offered = (await api.get('economic-crime-leader', `/api/tasks/${taskId}/people?action=transfer`)).body.map((one: { id: string }) => one.id)
    const { rows } = await api.system.db.pool.query(`SELECT id FROM person WHERE active AND unit_id = 'economic-crime' AND 'handler' = ANY(roles) AND id <> 'economic-crime-1' ORDER BY id`)
    expect(offered, 'whoever can take it').toEqual(rows.map(r => r.id))
    for (const person of ['economic-crime-1', 'office-1']) expect(said(await api.get(person, `/api/tasks/${taskId}/people?action=transfer`)), person).toMatch(/^40[39] /)
    expect(said(await api.get('traffic-1', `/api/tasks/${taskId}/people?action=delegate`))).toBe('404 not-found')
    expect(said(await api.act('economic-crime-leader', taskId, 'transfer', { to: 'economic-crime-2' })), 'without a reason').toBe('400 bad-form')
    expect(await api.act('economic-crime-leader', taskId, 'transfer', { to: 'economic-crime-2', ...reason })).toMatchObject({ status: 200, body: { holder: { id: 'economic-crime-2' } } })
    expect(said(await api.act('economic-crime-1', taskId, 'complete', { result: 'x' }))).toBe('409 already-claimed')
  })

  it('delegate: the holder, who stays answerable', async () => {
    const { taskId } = await handled()
    expect(said(await api.act('economic-crime-2', taskId, 'delegate', { to: 'economic-crime-2', ...reason }))).toBe('409 already-claimed')
    expect(await api.act('economic-crime-1', taskId, 'delegate', { to: 'economic-crime-2', ...reason }))
      .toMatchObject({ status: 200, body: { holder: { id: 'economic-crime-2' }, delegatedBy: { id: 'economic-crime-1' } } })
  })
})

describe('conflict of interest and four eyes', () => {
  it('whoever declares a conflict loses the task and may take no further part, nor be given one', async () => {
    const { caseNo, taskId } = await handled()
    expect(said(await api.act('economic-crime-1', taskId, 'declare-conflict', {}))).toBe('400 bad-form')
    expect(await api.act('economic-crime-1', taskId, 'declare-conflict', { reason: '与申请企业存在亲属关系。' })).toMatchObject({ status: 200, body: { status: 'open', holder: null, context: null } })
    expect(said(await api.act('economic-crime-1', taskId, 'claim'))).toBe('403 conflict-of-interest')
    expect(said(await api.get('economic-crime-1', `/api/cases/${caseNo}`))).toBe('404 not-found')
    expect(said(await api.act('economic-crime-leader', taskId, 'transfer', { to: 'economic-crime-1', ...reason }))).toBe('403 conflict-of-interest')
    expect((await api.get('economic-crime-1', '/api/tasks?view=candidate')).body.items.map((t: { id: string }) => t.id)).not.toContain(taskId)
    expect(await refusalsOf('economic-crime-1')).toContain('claim: conflict-of-interest')
  })

  it('on the case: a participant may declare one, and is shown no more', async () => {
    const { caseNo } = await handled()
    expect(said(await api.post('traffic-1', `/api/cases/${caseNo}/actions/declare-conflict`, { reason: '亲属' }))).toBe('404 not-found')
    expect(await api.post('desk-1', `/api/cases/${caseNo}/actions/declare-conflict`, { reason: '亲属' })).toMatchObject({ status: 200, body: { caseNo } })
    expect(said(await api.get('desk-1', `/api/cases/${caseNo}`))).toBe('404 not-found')
  })

  it('nobody decides where he has taken another step', async () => {
    const caseNo = fresh('T')
    await appendEvents(api.system.db, caseNo, 'step-1', () => [caseOpened(), taskOpened(caseNo, { notBy: ['economic-crime-1'] })])
    expect(said(await api.act('economic-crime-1', `${caseNo}.handle.1`, 'claim'))).toBe('403 four-eyes')
    expect(said(await api.act('economic-crime-leader', `${caseNo}.handle.1`, 'transfer', { to: 'economic-crime-1', ...reason }))).toBe('403 four-eyes')
    expect(await refusalsOf('economic-crime-1')).toContain('claim: four-eyes')
  })
})

describe('return and extend', () => {
  it('return: the holder, to a step that the procedure names', async () => {
    const { caseNo, taskId } = await handled()
    expect(said(await api.act('economic-crime-2', taskId, 'return', { to: 'triage', ...reason }))).toBe('409 already-claimed')
    expect(await api.act('economic-crime-1', taskId, 'return', { to: 'reply', ...reason })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/to' }] } })
    expect(said(await api.act('economic-crime-1', taskId, 'return', { to: 'triage', ...reason }))).toBe('200')
    expect(await api.task('desk-1', caseNo, 'triage')).toMatchObject({ round: 2 })
  })

  it('extend: the holder asks, in the clock’s unit and once; the unit’s leader approves, not the holder', async () => {
    const { caseNo, taskId } = await handled()
    const span = { n: 5, unit: 'workday', reason: '需外地取证。' }
    expect(said(await api.act('economic-crime-2', taskId, 'extend', span))).toBe('409 already-claimed')
    expect(said(await api.act('office-1', taskId, 'extend', span))).toBe('403 not-permitted')
    expect(await api.act('economic-crime-1', taskId, 'extend', { ...span, unit: 'day' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/unit' }] } })
    for (const url of [`tasks/${taskId}`, `cases/${caseNo}`]) {
      const { actions } = (await api.get('economic-crime-1', `/api/${url}`)).body
      expect(actions.find((one: { name: string }) => one.name === 'extend').form.properties.unit, url).toMatchObject({ enum: ['workday'], oneOf: [{ const: 'workday', title: '工作日' }], default: 'workday' })
    }
    expect(await api.post('economic-crime-1', `/api/cases/${caseNo}/actions/extend`, { task: 'triage', ...span })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/task' }] } })
    expect(said(await api.post('economic-crime-1', `/api/cases/${caseNo}/actions/extend`, { task: 'handle', ...span }))).toBe('200')
    expect(said(await api.act('economic-crime-1', taskId, 'extend', span)), 'while the first is being decided').toBe('409 action-not-allowed')
    const { dueAt } = (await api.get('economic-crime-1', `/api/tasks/${taskId}`)).body
    const approval = await api.task('economic-crime-leader', caseNo, 'approve-extension')
    expect(said(await api.act('economic-crime-1', approval.id, 'claim'))).toBe('403 not-permitted')
    await api.act('economic-crime-leader', approval.id, 'claim')
    expect(said(await api.act('economic-crime-leader', approval.id, 'complete', { approve: true, reason: '同意。' }))).toBe('200')
    await expect.poll(async () => (await api.get('economic-crime-1', `/api/tasks/${taskId}`)).body.dueAt).not.toBe(dueAt)
    expect(names((await api.get('economic-crime-1', `/api/tasks/${taskId}`)).body.actions)).not.toContain('extend')
    expect(said(await api.act('economic-crime-1', taskId, 'extend', span))).toBe('409 action-not-allowed')
  })
})

describe('a post whose holder is away', () => {
  const span = { n: 5, unit: 'workday', reason: '需外地取证。' }
  const from = new Date(Date.now() - 3_600_000).toISOString()
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const away = async (person: string, proxy: string) => {
    const id = fresh('away')
    await api.system.db.pool.query('INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ($1, $2, $3, $4, $5)', [id, person, proxy, from, until])
    return () => api.system.db.pool.query('DELETE FROM absence WHERE id = $1', [id])
  }

  it('is the proxy’s: finds, takes, decides, assigns and acknowledges what is addressed to it, in the absent person’s name, until that one is back', async () => {
    const { caseNo, taskId } = await handled()
    const back = await away('economic-crime-leader', 'economic-crime-3')
    expect(said(await api.act('economic-crime-1', taskId, 'extend', span))).toBe('200')
    const approval = await api.task('economic-crime-3', caseNo, 'approve-extension')
    expect(approval).toMatchObject({ unit: 'economic-crime', actions: [{ name: 'claim' }, { name: 'complete' }, { name: 'transfer' }, { name: 'declare-conflict' }] })
    const ids = async (view: string) => (await api.get('economic-crime-3', `/api/tasks?view=${view}`)).body.items.map((t: { id: string }) => t.id)
    expect([await ids('candidate'), await ids('unit')]).toEqual([expect.arrayContaining([approval.id]), expect.arrayContaining([approval.id, taskId])])
    expect(said(await api.act('economic-crime-2', approval.id, 'claim'))).toBe('403 not-permitted')
    expect(said(await api.get('economic-crime-2', '/api/board'))).toBe('403 not-permitted')
    expect((await api.get('economic-crime-3', '/api/board')).body.tasks.live.n).toBeGreaterThan(0)
    expect(said(await api.get('economic-crime-3', '/api/admin/absences')), 'not in another’s name').toBe('403 not-permitted')
    expect(await api.act('economic-crime-3', approval.id, 'claim')).toMatchObject({ status: 200, body: { holder: { id: 'economic-crime-leader' } } })
    expect(await ids('mine')).toContain(approval.id)
    expect(said(await api.act('economic-crime-3', approval.id, 'claim')), 'claimed already').toBe('200')
    expect(said(await api.act('economic-crime-3', approval.id, 'complete', { approve: true, reason: '同意。' }))).toBe('200')
    expect(said(await api.act('economic-crime-3', taskId, 'transfer', { to: 'economic-crime-2', ...reason }))).toBe('200')
    await append(api.system.db, caseNo, event('red-card', { clock: taskId, dueAt: '2026-01-01T00:00:00+08:00' }))
    expect(said(await api.act('economic-crime-3', taskId, 'acknowledge-card'))).toBe('200')
    const events = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body
    for (const type of ['task-claimed', 'task-completed', 'task-transferred', 'card-acknowledged']) {
      expect(events.findLast((e: { type: string }) => e.type === type), type).toMatchObject({ actor: { id: 'economic-crime-3' }, data: { onBehalfOf: 'economic-crime-leader' } })
    }
    await back()
    expect(said(await api.act('economic-crime-3', taskId, 'transfer', { to: 'economic-crime-1', ...reason }))).toBe('403 not-permitted')
    expect(said(await api.get('economic-crime-3', '/api/board'))).toBe('403 not-permitted')
  })

  it('is nobody’s where the proxy asks himself: then the next queue has it', async () => {
    const { caseNo, taskId } = await handled()
    const back = await away('economic-crime-leader', 'economic-crime-1')
    expect(said(await api.act('economic-crime-1', taskId, 'extend', span))).toBe('200')
    expect(await api.task('office-1', caseNo, 'approve-extension')).toMatchObject({ unit: 'bureau' })
    await back()
  })

  it('what waits for it goes on to the next queue, and what its holder has to the unit, when nobody stands in any more', async () => {
    const { caseNo, taskId } = await handled()
    expect(said(await api.act('economic-crime-1', taskId, 'extend', span))).toBe('200')
    const backs = [await away('economic-crime-leader', 'economic-crime-3'), await away('economic-crime-1', 'economic-crime-3')]
    await passOnOrphaned(api.system.db)
    expect(await api.task('office-1', caseNo, 'approve-extension')).toMatchObject({ unit: 'economic-crime' })
    await append(api.system.db, caseNo, event('conflict-declared', { reason: '亲属' }, officer('economic-crime-3')))
    await passOnOrphaned(api.system.db)
    expect(await api.task('office-1', caseNo, 'approve-extension')).toMatchObject({ unit: 'bureau', status: 'open' })
    expect(await api.task('office-1', caseNo, 'handle')).toMatchObject({ unit: 'economic-crime', status: 'open', holder: null })
    for (const back of backs) await back()
    expect(await passOnOrphaned(api.system.db)).toBe(0)
  })
})

describe('what an enterprise is asked', () => {
  it('any of its contacts does, by name; one leaves while another is there', async () => {
    await api.system.db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-04-second', 'ent-04-second', '第二联系人', 'ent-04', '{enterprise}')`)
    const { caseNo } = await api.file('ent-04-contact')
    for (const action of ['urge', 'comment']) expect(said(await api.post('ent-04-second', `/api/cases/${caseNo}/actions/${action}`, action === 'comment' ? { text: 'x' } : {})), action).toBe('200')
    const triage = await api.task('desk-1', caseNo, 'triage')
    await api.act('desk-1', triage.id, 'claim')
    await api.act('desk-1', triage.id, 'complete', accept)
    const finish = async (name: string, form: object) => {
      const { id } = await api.task('office-1', caseNo, name)
      await api.act('economic-crime-1', id, 'claim')
      expect(said(await api.act('economic-crime-1', id, 'complete', form))).toBe('200')
    }
    await finish('handle', { result: '已处理' })
    await finish('reply', { reply: '已处理' })
    const rate = await api.task('ent-04-second', caseNo, 'rate')
    expect(names(rate.actions)).toEqual(['complete'])
    expect((await api.get('ent-04-second', '/api/tasks?view=mine')).body.items.map((t: { id: string }) => t.id)).toEqual([rate.id])
    for (const person of ['ent-02-contact', 'economic-crime-1']) expect(said(await api.act(person, rate.id, 'complete', { rating: 'satisfied' })), person).toMatch(/^40[34] /)
    const put = (active: boolean, id: string) => api.app.inject({ method: 'PUT', url: `/api/admin/people/${id}`, headers: { authorization: `Bearer ${adminToken}` },
      payload: { sub: id, name: '联系人', unit: null, enterprise: 'ent-04', roles: ['enterprise'], active } })
    const adminToken = (await api.app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'admin-1' } })).json().token
    expect((await put(false, 'ent-04-contact')).statusCode).toBe(200)
    expect(await api.task('office-1', caseNo, 'rate')).toMatchObject({ status: 'claimed', holder: { id: 'ent-04-second' } })
    expect((await put(false, 'ent-04-second')).statusCode, 'the last one').toBe(409)
    expect((await put(true, 'ent-04-contact')).statusCode).toBe(200)
    expect(said(await api.act('ent-04-contact', rate.id, 'claim'))).toBe('200')
    expect(said(await api.act('ent-04-second', rate.id, 'complete', { rating: 'satisfied' }))).toBe('200')
    const done = (await api.get('ent-04-contact', `/api/cases/${caseNo}/events`)).body.findLast((e: { type: string }) => e.type === 'task-completed')
    expect(done).toMatchObject({ actor: { id: 'ent-04-second', name: '第二联系人' }, data: { form: { rating: 'satisfied' } } })
  })
})

describe('acknowledge-card', () => {
  it('is for the unit’s leader and those who supervise, and only of a red card', async () => {
    const { caseNo, taskId } = await handled()
    expect(said(await api.act('office-1', taskId, 'acknowledge-card'))).toBe('409 action-not-allowed')
    await append(api.system.db, caseNo, event('red-card', { clock: taskId, dueAt: '2026-01-01T00:00:00+08:00' }))
    for (const person of ['economic-crime-1', 'traffic-leader', 'desk-1']) expect(said(await api.act(person, taskId, 'acknowledge-card')), person).toMatch(/^40[39] /)
    expect(names((await api.get('office-1', `/api/tasks/${taskId}`)).body.actions)).toEqual(['acknowledge-card'])
    expect(said(await api.act('economic-crime-leader', taskId, 'acknowledge-card', { note: '已约谈承办人。' }))).toBe('200')
    expect((await api.get('office-1', `/api/cases/${caseNo}/events`)).body.at(-1)).toMatchObject({ type: 'card-acknowledged', actor: { id: 'economic-crime-leader' } })
    const offered = async () => [(await api.get('office-1', `/api/tasks/${taskId}`)).body.actions, (await api.get('office-1', `/api/cases/${caseNo}`)).body.actions].map(of => names(of).includes('acknowledge-card'))
    const before = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body.length
    expect(await offered(), 'neither on the task nor on the case').toEqual([false, false])
    expect(said(await api.act('office-1', taskId, 'acknowledge-card'))).toBe('409 action-not-allowed')
    expect(said(await api.post('office-1', `/api/cases/${caseNo}/actions/acknowledge-card`, {}))).toBe('409 action-not-allowed')
    expect((await api.get('office-1', `/api/cases/${caseNo}/events`)).body).toHaveLength(before)
    await append(api.system.db, caseNo, event('leader-alerted', { clock: taskId, dueAt: '2026-01-01T00:00:00+08:00' }))
    expect(await offered(), 'once the bureau’s leader is told').toEqual([true, true])
    expect(said(await api.act('office-1', taskId, 'acknowledge-card'))).toBe('200')
  })
})

describe('comment, link and cancel', () => {
  it('comment: those who take part or supervise', async () => {
    const { caseNo } = await handled()
    expect(said(await api.post('economic-crime-1', `/api/cases/${caseNo}/actions/comment`, { text: '已电话核实' }))).toBe('200')
    expect(said(await api.post('economic-crime-2', `/api/cases/${caseNo}/actions/comment`, { text: 'x' })), 'sees it, takes no part').toBe('403 not-permitted')
  })

  it('link: the desk, to another case that the enterprise has', async () => {
    const [{ caseNo }, other, foreign] = [await api.file(), await api.file(), await api.file('ent-02-contact')]
    const link = (person: string, to: string) => api.post(person, `/api/cases/${caseNo}/actions/link`, { caseNo: to, kind: 'duplicate-of' })
    for (const to of ['EA-999999', caseNo, foreign.caseNo]) expect(await link('desk-1', to), to).toMatchObject({ status: 400, body: { errors: [{ pointer: '/caseNo' }] } })
    expect(said(await link('bureau-leader-1', other.caseNo))).toBe('403 not-permitted')
    expect(await link('desk-1', other.caseNo)).toMatchObject({ status: 200, body: { links: [{ caseNo: other.caseNo, kind: 'duplicate-of' }] } })
    expect((await api.get('desk-1', `/api/cases/${other.caseNo}`)).body.links, 'said there, too').toEqual([{ caseNo, kind: 'duplicated-by' }])
  })

  it('cancel: those who supervise, with a reason', async () => {
    const { caseNo } = await handled()
    for (const person of ['economic-crime-1', 'economic-crime-leader', 'desk-1']) expect(said(await api.post(person, `/api/cases/${caseNo}/actions/cancel`, reason)), person).toBe('403 not-permitted')
    expect(said(await api.post('office-1', `/api/cases/${caseNo}/actions/cancel`, {}))).toBe('400 bad-form')
    expect(await api.post('office-1', `/api/cases/${caseNo}/actions/cancel`, reason)).toMatchObject({ status: 200, body: { status: 'closed', outcome: 'cancelled' } })
  })
})

describe('a restricted case', () => {
  /** Reported by 刑侦大队, waiting for 法制大队. */
  async function report(): Promise<string> {
    const caseNo = fresh('DR')
    await appendEvents(api.system.db, caseNo, 'step-1', () => [
      caseOpened({ procedure: 'detention-report', title: '羁押事前报备', restricted: true, applicantId: 'criminal-1', enterpriseId: 'ent-01', application: { agencyCaseNo: '示例〔2026〕1号', enterpriseId: 'ent-01' } }),
      taskOpened(caseNo, { unit: 'legal', role: 'legal-reviewer', name: 'legal-review', title: '法制审核', context: { contentHash: 'secret-hash' }, notBy: ['legal-2'] }),
    ])
    return caseNo
  }

  it('is seen by those who take part alone; every look, and every attempt, is noted', async () => {
    const caseNo = await report()
    expect(said(await api.get('criminal-1', `/api/cases/${caseNo}`))).toBe('200')
    for (const person of ['ent-01-contact', 'office-1', 'desk-1', 'bureau-leader-1', 'criminal-2', 'criminal-leader', 'legal-1', 'auditor-1', 'admin-1']) {
      expect(said(await api.get(person, `/api/cases/${caseNo}`)), person).toBe('404 not-found')
      expect(said(await api.get(person, `/api/cases/${caseNo}/events`)), person).toBe('404 not-found')
      expect(said(await api.post(person, `/api/cases/${caseNo}/actions/comment`, { text: 'x' })), person).toBe('404 not-found')
      expect((await api.get(person, `/api/cases?q=${caseNo}`)).body.items, person).toEqual([])
    }
    const { rows } = await api.system.db.pool.query('SELECT person_id, allowed, count(*)::int AS times FROM access_log WHERE case_no = $1 GROUP BY 1, 2 ORDER BY 2, 1', [caseNo])
    expect(rows.find(r => r.person_id === 'criminal-1')).toEqual({ person_id: 'criminal-1', allowed: true, times: 1 })
    expect(rows.find(r => r.person_id === 'office-1')).toEqual({ person_id: 'office-1', allowed: false, times: 3 })
  })

  it('shows its task, without content, to whoever may take it on; whoever has done so is let in', async () => {
    const caseNo = await report()
    const taskId = `${caseNo}.legal-review.1`
    const [listed] = (await api.get('legal-1', '/api/tasks?view=candidate&procedure=detention-report')).body.items.filter((t: { id: string }) => t.id === taskId)
    expect(listed).toMatchObject({ name: 'legal-review', context: null, result: null, actions: [{ name: 'claim' }, { name: 'declare-conflict' }] })
    expect((await api.get('legal-1', `/api/tasks/${taskId}`)).body).toMatchObject({ context: null })
    expect(JSON.stringify((await api.get('legal-1', `/api/tasks/${taskId}`)).body)).not.toContain('secret-hash')
    expect(said(await api.get('office-1', `/api/tasks/${taskId}`))).toBe('404 not-found')
    expect(said(await api.act('office-1', taskId, 'claim'))).toBe('404 not-found')
    expect(said(await api.act('legal-2', taskId, 'claim'))).toBe('403 four-eyes')
    expect(said(await api.act('legal-1', taskId, 'claim'))).toBe('200')
    expect((await api.get('legal-1', `/api/tasks/${taskId}`)).body).toMatchObject({ contentHash: 'secret-hash' })
    expect(said(await api.get('legal-1', `/api/cases/${caseNo}`))).toBe('200')
  })

  it('is withdrawn only by its reporter', async () => {
    const caseNo = await report()
    for (const person of ['criminal-2', 'office-1']) expect(said(await api.post(person, `/api/cases/${caseNo}/actions/withdraw`, {})), person).toBe('404 not-found')
    await append(api.system.db, caseNo, event('task-claimed', { task: `${caseNo}.legal-review.1` }, officer('legal-1')))
    expect(said(await api.post('legal-1', `/api/cases/${caseNo}/actions/withdraw`, {}))).toBe('403 not-permitted')
  })
})
