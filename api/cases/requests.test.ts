import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_KEYS, ODD_KEYS } from '../testing/odd-keys.ts'
import { appeal, startApi, type Answer, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api.close())

const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }
const file = (body: unknown, key?: string, person = 'ent-01-contact') => api.post(person, '/api/procedures/enterprise-appeal/cases', body, key)
const said = ({ status, body }: Answer) => status < 300 ? String(status) : `${status} ${body.code}`
const pointers = ({ body }: Answer) => body.errors?.map((e: { pointer: string }) => e.pointer)
/** How much the record holds: what was refused must not have changed it. */
async function recorded(): Promise<number[]> {
  const { rows: [row] } = await api.system.db.pool.query('SELECT (SELECT count(*) FROM case_event)::int AS events, (SELECT count(*) FROM case_file)::int AS cases, (SELECT count(*) FROM start_request)::int AS starts')
  return Object.values(row)
}
/** A case whose triage desk-1 holds. */
async function toTriage() {
  const { caseNo } = await api.file()
  const { id } = await api.task('desk-1', caseNo, 'triage')
  await api.act('desk-1', id, 'claim')
  return { caseNo, id }
}

describe('the idempotency key', () => {
  it('is required of every change, 8 to 128 characters long', async () => {
    const { caseNo, id } = await toTriage()
    const before = await recorded()
    for (const key of NO_KEYS) {
      for (const url of ['/api/procedures/enterprise-appeal/cases', `/api/tasks/${id}/actions/release`, `/api/cases/${caseNo}/actions/urge`]) {
        expect(said(await api.post('desk-1', url, {}, Buffer.from(key).toString('latin1'))), `${url} ${key}`).toBe('400 idempotency-key-required')
      }
    }
    expect(await recorded()).toEqual(before)
    expect(said(await file(appeal, 'x'.repeat(128)))).toBe('201')
    expect(said(await file(appeal, 'x'.repeat(8)))).toBe('201')
  })

  it('makes filing twice the same as once', async () => {
    const key = randomUUID()
    const first = await file(appeal, key)
    const before = await recorded()
    // The same content, written in another order.
    const again = await file(Object.fromEntries(Object.entries(appeal).toReversed()), key)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(first.headers.location).toBe(`/api/cases/${first.body.caseNo}`)
    expect(said(await file({ ...appeal, subject: '另一事项' }, key))).toBe('422 idempotency-key-reused')
    expect(said(await api.post('ent-01-contact', '/api/procedures/credit-repair/cases', appeal, key)), 'another procedure').toBe('422 idempotency-key-reused')
    expect(await recorded()).toEqual(before)
  })

  it('is each person’s own', async () => {
    const key = randomUUID()
    expect((await file(appeal, key)).body.caseNo).not.toBe((await file(appeal, key, 'ent-02-contact')).body.caseNo)
  })

  it('makes one case of many requests at the same time', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => file(appeal, key)))
    expect(answers.map(said)).toEqual(Array(6).fill('201'))
    expect(new Set(answers.map(a => a.body.caseNo)).size).toBe(1)
  })

  it('makes claiming twice the same as once, and another action under it is refused', async () => {
    const { caseNo } = await api.file()
    const { id } = await api.task('desk-1', caseNo, 'triage')
    const key = randomUUID()
    expect(said(await api.act('desk-1', id, 'claim', {}, key))).toBe('200')
    const before = await recorded()
    expect(said(await api.act('desk-1', id, 'claim', {}, key))).toBe('200')
    expect(said(await api.act('desk-1', id, 'release', {}, key))).toBe('422 idempotency-key-reused')
    expect(await recorded()).toEqual(before)
    expect(said(await api.act('desk-1', id, 'release'))).toBe('200')
    expect(await api.act('desk-1', id, 'claim', {}, key), 'a late repeat does not claim again').toMatchObject({ status: 200, body: { status: 'open' } })
  })

  it('makes completing twice the same as once, also at the same time; another form under it is refused', async () => {
    const { caseNo, id } = await toTriage()
    const key = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => api.act('desk-1', id, 'complete', accept, key)))
    expect(answers.map(said)).toEqual(['200', '200', '200'])
    const before = await recorded()
    expect(await api.act('desk-1', id, 'complete', accept, key)).toMatchObject({ status: 200, body: { status: 'completed', result: accept } })
    expect(said(await api.act('desk-1', id, 'complete', { ...accept, unit: 'traffic' }, key))).toBe('422 idempotency-key-reused')
    expect(said(await api.act('desk-1', id, 'complete', accept))).toBe('409 task-closed')
    expect(await recorded()).toEqual(before)
    expect((await api.get('office-1', `/api/cases/${caseNo}`)).body.tasks.filter((t: { name: string }) => t.name === 'handle')).toHaveLength(1)
  })

  it('makes one decision of two different ones at the same time', async () => {
    const { id } = await toTriage()
    const key = randomUUID()
    const answers = await Promise.all([accept, { decision: 'reject', reason: '请向人民法院起诉。' }].map(form => api.act('desk-1', id, 'complete', form, key)))
    expect(answers.map(said).sort()[0]).toBe('200')
    expect(answers.map(said).sort()[1]).toBe('422 idempotency-key-reused')
  })

  it('may hold any sign, and meets neither the key of a former request nor those of the record, whatever is written', async () => {
    // The second event of a request is recorded under its key and `#1`.
    const [filing, odd] = ['key-of-a-filing', 'key-of-a-filing#1']
    const contact = 'ent-01-contact'
    const { caseNo } = (await file(appeal, filing)).body
    const { id } = await api.task('desk-1', caseNo, 'triage')
    await api.act('desk-1', id, 'claim', {}, 'key-of-the-desk')
    expect(said(await api.act('desk-1', id, 'declare-conflict', { reason: '亲属任职' }, 'key-of-a-conflict'))).toBe('200')
    const keys = ['key-of-a-conflict#1', 'key-of-the-desk#1', 'step-1#1', ...ODD_KEYS]
    for (const key of keys) {
      const urged = await api.post(contact, `/api/cases/${caseNo}/actions/comment`, { text: `键为 ${key}` }, key)
      expect(said(urged), key).toBe('200')
      expect(said(await api.post(contact, `/api/cases/${caseNo}/actions/comment`, { text: `键为 ${key}` }, key)), key).toBe('200')
      expect(said(await api.post(contact, `/api/cases/${caseNo}/actions/comment`, { text: '另一份' }, key)), key).toBe('422 idempotency-key-reused')
    }
    expect((await file(appeal, odd)).body.caseNo).not.toBe(caseNo)
    const verified = (await api.get('office-1', `/api/cases/${caseNo}/events`)).body
    expect(verified.filter((e: { type: string }) => e.type === 'commented')).toHaveLength(keys.length)
    // A key with `#1` first, the request that has two events after it: neither is in the other's way.
    const later = await api.file(contact)
    const task = await api.task('desk-2', later.caseNo, 'triage')
    await api.act('desk-2', task.id, 'claim', {}, 'key-of-another#1')
    expect(said(await api.act('desk-2', task.id, 'declare-conflict', { reason: '亲属任职' }, 'key-of-another'))).toBe('200')
  })

  it('makes withdrawing, urging and rating twice the same as once', async () => {
    const { caseNo } = await api.file()
    for (const [action, form, other] of [['urge', {}, { text: '请尽快' }], ['withdraw', {}, { reason: '已自行解决' }]] as const) {
      const key = randomUUID()
      expect(said(await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/${action}`, form, key))).toBe('200')
      const before = await recorded()
      expect(said(await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/${action}`, form, key))).toBe('200')
      expect(said(await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/${action}`, other, key))).toBe('422 idempotency-key-reused')
      expect(await recorded()).toEqual(before)
    }
  })
})

describe('a task', () => {
  it('is not completed in a stale round, nor after the case was closed', async () => {
    const { caseNo, id } = await toTriage()
    await api.act('desk-1', id, 'complete', { ...accept, unit: 'station-01' })
    const handle = await api.task('station-01-1', caseNo, 'handle')
    await api.act('station-01-1', handle.id, 'claim')
    expect(said(await api.act('station-01-1', handle.id, 'return', { to: 'triage', reason: '分中心无法解决。' }))).toBe('200')
    const before = await recorded()
    expect(said(await api.act('desk-1', id, 'complete', accept))).toBe('409 stale-round')
    expect(said(await api.act('station-01-1', handle.id, 'complete', { result: 'x' }))).toBe('409 task-closed')
    expect(await recorded()).toEqual(before)
    const second = await api.task('desk-1', caseNo, 'triage')
    await api.act('desk-1', second.id, 'claim')
    await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/withdraw`, {})
    for (const action of ['complete', 'release', 'declare-conflict']) expect(said(await api.act('desk-1', second.id, action, {})), action).toBe('409 task-closed')
  })

  it('that does not exist, or an action that does not, is not found', async () => {
    const { caseNo, id } = await toTriage()
    for (const url of [`/api/tasks/${caseNo}.nothing.1`, '/api/tasks/x', '/api/tasks/EA-999999.triage.1', '/api/cases/EA-999999', '/api/cases/EA-999999/clock', '/api/procedures/nothing']) {
      expect(said(await api.get('desk-1', url)), url).toBe('404 not-found')
    }
    for (const url of [`/api/tasks/${id}/actions/approve`, `/api/tasks/${id}/actions/constructor`, `/api/tasks/${caseNo}.nothing.1/actions/claim`, `/api/cases/${caseNo}/actions/explode`, `/api/cases/${caseNo}/actions/__proto__`, '/api/procedures/nothing/cases']) {
      expect(said(await api.post('desk-1', url, {})), url).toBe('404 not-found')
    }
    expect(said(await api.act('desk-1', id, 'acknowledge', {})), 'not of this task').toBe('409 action-not-allowed')
  })
})

describe('bad input', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing', undefined, ['/kind', '/subject', '/description', '/contact']],
    ['a list', [], ['']],
    ['wrong types', { ...appeal, subject: 5, contact: 'x' }, ['/subject', '/contact']],
    ['unknown fields, at any depth', { ...appeal, extra: 1, contact: { ...appeal.contact, fax: '1' } }, ['/contact/fax', '/extra']],
    ['another choice', { ...appeal, kind: 'else' }, ['/kind']],
    ['only spaces', { ...appeal, subject: '   ' }, ['/subject']],
    ['too long a text', { ...appeal, description: '长'.repeat(4001) }, ['/description']],
    ['a control character', { ...appeal, subject: 'x\u0000' }, ['/subject']],
    ['marks that reverse the reading direction', { ...appeal, subject: '甲\u202e乙' }, ['/subject']],
    ['a time without offset', { ...appeal, occurredAt: '2026-01-31T09:00:00' }, ['/occurredAt']],
    ['a time in the future', { ...appeal, occurredAt: '2099-01-31T09:00:00+08:00' }, ['/occurredAt']],
    ['a unit that does not exist', { ...appeal, originUnit: 'station-99' }, ['/originUnit']],
    ['an unknown channel', { ...appeal, channel: 'fax' }, ['/channel']],
    ['mistakes beside the application and in it', { ...appeal, kind: 1, onBehalfOf: 7 }, ['/onBehalfOf', '/kind']],
    ['an enterprise that does not exist', { ...appeal, onBehalfOf: 'ent-99' }, ['/onBehalfOf']],
  ])('%s: told where, and nothing is changed', async (_, body, expected) => {
    const before = await recorded()
    const answer = await file(body, undefined, 'desk-1')
    expect([answer.status, pointers(answer)]).toEqual([400, expected])
    for (const { detail } of answer.body.errors) expect(detail).toMatch(/\p{Script=Han}/u)
    expect(await recorded()).toEqual(before)
  })

  it('in forms of tasks: told where, and nothing is changed', async () => {
    const { id } = await toTriage()
    const foreign = await api.file('ent-02-contact')
    const before = await recorded()
    for (const [form, expected] of [
      [{}, ['/decision']],
      [{ decision: 'accept' }, ['/unit']],
      [{ ...accept, unit: 'nobody' }, ['/unit']],
      [{ ...accept, unit: 'four-platforms' }, ['/unit']],
      [{ ...accept, coUnits: ['legal', 'nobody'] }, ['/coUnits/1']],
      [{ ...accept, unit: 'tax' }, ['/unit']],
      [{ decision: 'reject', reason: '重复', duplicateOf: 'EA-999999' }, ['/duplicateOf']],
      [{ decision: 'reject', reason: '重复', duplicateOf: foreign.caseNo }, ['/duplicateOf']],
      [{ ...accept, more: true }, ['/more']],
    ] as const) {
      const answer = await api.act('desk-1', id, 'complete', form)
      expect([answer.status, pointers(answer)], JSON.stringify(form)).toEqual([400, expected])
    }
    expect(said(await api.act('desk-1', id, 'release', { reason: 'x' }))).toBe('400 bad-form')
    expect(await recorded()).toEqual(before)
  })

  it('in other procedures: an unknown CAS number, a date in the future, an enterprise that does not exist', async () => {
    const example = async (key: string) => (await api.get('economic-crime-1', `/api/procedures/${key}`)).body.application.examples[0]
    const detention = await example('detention-report')
    expect(pointers(await api.post('economic-crime-1', '/api/procedures/detention-report/cases', { ...detention, enterpriseId: 'ent-99' }))).toEqual(['/enterpriseId'])
    const repair = await example('credit-repair')
    expect(pointers(await api.post('ent-01-contact', '/api/procedures/credit-repair/cases', { ...repair, decidedOn: '2099-01-01' }))).toEqual(['/decidedOn'])
    const purchase = await example('precursor-purchase')
    expect(pointers(await api.post('ent-01-contact', '/api/procedures/precursor-purchase/cases', { ...purchase, items: [{ cas: '64-17-5', quantityKg: 1, stockKg: 0, monthlyUseKg: 1 }] }))).toEqual(['/items/0/cas'])
  })

  it('too large a body', async () => {
    expect(said(await file({ ...appeal, description: 'x'.repeat(1024 * 1024) }))).toBe('413 body-too-large')
  })

  it.each([
    ['/api/tasks?view=everything', ['/view']],
    ['/api/tasks?limit=0', ['/limit']],
    ['/api/tasks?limit=1000', ['/limit']],
    ['/api/tasks?limit=x', ['/limit']],
    ['/api/tasks?cursor=bm9uc2Vuc2U', ['/cursor']],
    ['/api/cases?cursor=%20', ['/cursor']],
    [`/api/cases?cursor=${Buffer.from('[1e99,"x"]').toString('base64url')}`, ['/cursor']],
    ['/api/cases?status=done', ['/status']],
    ['/api/cases?procedure=nothing', ['/procedure']],
    ['/api/cases?card=blue', ['/card']],
    ['/api/cases?q=', ['/q']],
    ['/api/cases?status=open&status=closed', ['/status']],
    ['/api/cases?sort=title', ['/sort']],
  ])('in the query %s', async (url, expected) => {
    const answer = await api.get('office-1', url)
    expect([answer.status, pointers(answer)]).toEqual([400, expected])
  })

  it('leaves no trace of what was sent in the log', async () => {
    const secret = '330681199001011234'
    await file({ ...appeal, subject: secret, kind: secret })
    await api.get('office-1', `/api/cases?q=${secret}`)
    await api.get('office-1', `/api/cases/${secret}`)
    expect(api.log.join('')).not.toMatch(/330681199|货款|0575-|民警甲/)
  })
})
