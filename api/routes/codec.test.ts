import { temporal as protos } from '@temporalio/proto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filingRoles } from '../../model/filing.ts'
import type { z } from 'zod'
import { isLive } from '../../model/state.ts'
import { getProcedure, PROCEDURES } from '../../workflows/catalogue.ts'
import { findCase } from '../../db/record/record.ts'
import { listPeople } from '../../db/directory/directory.ts'
import { startApi, UI_ORIGIN, type TestApi } from '../testing/test-api.ts'

const { History } = protos.api.history.v1
const { DescribeWorkflowExecutionResponse, QueryWorkflowResponse } = protos.api.workflowservice.v1
const restricted = [...PROCEDURES.values()].filter(({ policy }) => policy.confidentiality === 'restricted').map(({ policy }) => policy.key)

let api: TestApi
const cases = new Map<string, { caseNo: string, filer: string, forms: unknown[] }>()
beforeAll(async () => {
  api = await startApi()
  for (const key of restricted) cases.set(key, await play(key))
})
afterAll(() => api?.close())

const exampleOf = (form?: z.ZodType) => (form?.meta()?.examples as object[] | undefined)?.[0]

/** Files a case as its form's example says, and decides what can be decided by the examples of its forms. */
async function play(key: string) {
  const { policy, forms } = getProcedure(key)
  const people = await listPeople(api.system.db.pool)
  const filer = people.find(({ roles }) => filingRoles(policy).some(role => roles.includes(role)))!.id
  const application = exampleOf(forms.application)
  const filed = await api.post(filer, `/api/procedures/${key}/cases`, application)
  expect(filed.status, JSON.stringify(filed.body)).toBe(201)
  const { caseNo } = filed.body
  const sent: unknown[] = [application]
  for (const task of (await findCase(api.system.db.pool, caseNo))!.tasks.filter(isLive)) {
    const form = exampleOf(forms.tasks[task.name])
    for (const { id, unit, roles } of people) {
      if (!(task.holderId === id || (unit?.id === task.unitId && roles.includes(task.role)))) continue
      await api.act(id, task.id, 'claim')
      if ((await api.act(id, task.id, 'complete', form)).status === 200) {
        sent.push(form)
        break
      }
    }
  }
  expect(sent.length, `${key}: nothing was decided`).toBeGreaterThan(1)
  return { caseNo, filer, forms: sent }
}

/** Everything that Temporal holds of a case, as it is stored. */
async function stored(caseNo: string) {
  const { client: { workflowService }, namespace } = api.system.temporal
  const execution = { workflowId: caseNo }
  const { history } = await workflowService.getWorkflowExecutionHistory({ namespace, execution })
  const described = await workflowService.describeWorkflowExecution({ namespace, execution })
  const details = await workflowService.queryWorkflow({ namespace, execution, query: { queryType: '__temporal_workflow_metadata' } })
  const parts = [History.encode(history!).finish(), DescribeWorkflowExecutionResponse.encode(described).finish(), QueryWorkflowResponse.encode(details).finish()]
  return { events: history!.events!, bytes: Buffer.concat(parts), payloads: [...payloadsIn([history, described, details])] }
}

interface Payload { metadata: Record<string, Uint8Array>, data: Uint8Array }
function* payloadsIn(value: unknown): Generator<Payload> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  const { metadata, data } = value as Payload
  if (metadata?.encoding instanceof Uint8Array && data instanceof Uint8Array) return yield value as Payload
  for (const part of Object.values(value)) yield* payloadsIn(part)
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsIn(part)
}

const encoding = ({ metadata }: Payload) => Buffer.from(metadata.encoding!).toString()
const toJson = ({ metadata, data }: Payload) => ({ metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value).toString('base64')])), data: Buffer.from(data).toString('base64') })
/** Those that hold something of the case: search attributes are no payloads of ours. */
const encrypted = async (caseNo: string) => (await stored(caseNo)).payloads.filter(payload => encoding(payload) === 'binary/encrypted').map(toJson)
const decode = (person: string, payloads: unknown[]) => api.post(person, '/codec/decode', { payloads })
const clear = (payloads: { data: string }[]) => payloads.map(({ data }) => Buffer.from(data, 'base64').toString()).join('\n')
const looks = async (caseNo: string) => (await api.system.db.pool.query(`SELECT person_id, allowed FROM access_log WHERE case_no = $1 AND what = 'payload' ORDER BY id`, [caseNo])).rows

describe.each(restricted)('a case of %s, by default', (key) => {
  it('leaves nothing readable in Temporal: neither application nor decisions, in history, markers, summaries, details or queries', async () => {
    const { caseNo, forms } = cases.get(key)!
    const { events, bytes, payloads } = await stored(caseNo)
    const state = (await findCase(api.system.db.pool, caseNo))!
    const texts = new Set([...textsIn(forms), ...textsIn(state.file.facts), state.file.title, ...state.tasks.map(t => t.title)].filter(text => /\p{Script=Han}|\d{6}/u.test(text)))
    expect(texts.size).toBeGreaterThan(8)
    for (const text of texts) expect(bytes.includes(text), text).toBe(false)
    expect(bytes.includes(Buffer.from(JSON.stringify(forms[0]).slice(1, 20)))).toBe(false)
    for (const kind of ['workflowExecutionStartedEventAttributes', 'workflowExecutionUpdateAcceptedEventAttributes', 'workflowExecutionUpdateCompletedEventAttributes', 'markerRecordedEventAttributes', 'timerStartedEventAttributes'] as const) {
      expect(events.some(event => event[kind]), kind).toBe(true)
    }
    // What else is there is Temporal's own, or a search attribute: codes and instants.
    for (const payload of payloads.filter(payload => encoding(payload) !== 'binary/encrypted')) expect(Buffer.from(payload.data).toString(), encoding(payload)).not.toMatch(/\p{Script=Han}/u)
  })
})

describe('POST /codec/decode', () => {
  const key = restricted[0]!
  it('shows a restricted case to whoever takes part in it, and to nobody else; each look is noted', async () => {
    const { caseNo, filer, forms } = cases.get(key)!
    const payloads = await encrypted(caseNo)
    const shown = await decode(filer, payloads)
    expect(shown.status).toBe(200)
    for (const text of textsIn(forms)) expect(clear(shown.body.payloads), text).toContain(JSON.stringify(text).slice(1, -1))
    for (const person of ['bureau-leader-1', 'admin-1', 'auditor-1', 'ent-01-contact', 'traffic-1']) {
      const refused = await decode(person, payloads)
      expect([refused.status, refused.body.code], person).toEqual([404, 'not-found'])
    }
    const noted = await looks(caseNo)
    expect(noted[0]).toEqual({ person_id: filer, allowed: true })
    expect(noted.slice(1)).toEqual(['bureau-leader-1', 'admin-1', 'auditor-1', 'ent-01-contact', 'traffic-1'].map(person_id => ({ person_id, allowed: false })))
  })

  it('answers for each case by itself: what the caller may not see comes back as it was', async () => {
    const { caseNo, filer } = cases.get(key)!
    const other = await api.file()
    const { payloads: ordinary } = await stored(other.caseNo)
    const [secret] = await encrypted(caseNo)
    const plain = ordinary.filter(payload => encoding(payload) === 'json/plain').map(toJson)[0]!
    expect((await decode(filer, [secret, plain])).body.payloads[1]).toEqual(plain)
    expect((await decode('bureau-leader-1', [secret, plain])).status).toBe(404)
    expect((await decode('bureau-leader-1', [plain])).body).toEqual({ payloads: [plain] })
  })

  it('is not deceived by a payload that is labelled as another case’s', async () => {
    const { caseNo } = cases.get(key)!
    const mine = await api.file()
    const [secret] = await encrypted(caseNo)
    const relabelled = { ...secret!, metadata: { ...secret!.metadata, workflow: Buffer.from(mine.caseNo).toString('base64') } }
    for (const person of ['ent-01-contact', 'bureau-leader-1']) {
      const refused = await decode(person, [relabelled])
      expect([refused.status, refused.body.code]).toEqual([400, 'bad-form'])
    }
    for (const workflow of ['', 'notice-00', 'XX-1', '__proto__', `${mine.caseNo}#`]) {
      expect((await decode('ent-01-contact', [{ ...secret!, metadata: { ...secret!.metadata, workflow: Buffer.from(workflow).toString('base64') } }])).status, workflow).toBe(404)
    }
  })

  it('lets nobody in who is not signed in, and takes the session of a browser from the Web UI’s pages alone', async () => {
    const { caseNo, filer } = cases.get(key)!
    const payloads = await encrypted(caseNo)
    const ask = (headers: Record<string, string>) => api.app.inject({ method: 'POST', url: '/codec/decode', headers, payload: { payloads } })
    expect((await ask({})).statusCode).toBe(401)
    const signedIn = await api.app.inject({ method: 'POST', url: '/auth/dev-login', headers: { 'sec-fetch-site': 'same-origin' }, payload: { person: filer } })
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!
    const fromUi = await ask({ cookie, 'origin': UI_ORIGIN, 'sec-fetch-site': 'same-site' })
    expect([fromUi.statusCode, fromUi.headers['access-control-allow-origin'], fromUi.headers['access-control-allow-credentials']]).toEqual([200, UI_ORIGIN, 'true'])
    for (const origin of ['http://localhost:9999', 'https://evil.example', 'null', `${UI_ORIGIN}.evil.example`]) {
      const refused = await ask({ cookie, origin, 'sec-fetch-site': 'cross-site' })
      expect([refused.json().code, refused.headers['access-control-allow-origin']], origin).toEqual(['cross-site', undefined])
    }
    expect((await api.app.inject({ method: 'POST', url: '/api/notifications/x/read', headers: { cookie, 'origin': UI_ORIGIN, 'sec-fetch-site': 'same-site' } })).json().code, 'nothing else').toBe('cross-site')
    const preflight = (origin: string) => api.app.inject({ method: 'OPTIONS', url: '/codec/decode', headers: { origin, 'access-control-request-method': 'POST' } })
    expect((await preflight(UI_ORIGIN)).headers).toMatchObject({ 'access-control-allow-origin': UI_ORIGIN, 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'authorization, content-type, x-namespace' })
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('says what is wrong with a request that is none', async () => {
    for (const body of [{}, { payloads: [{ data: 'not base64!' }] }, { payloads: 'x' }]) expect((await api.post('desk-1', '/codec/decode', body)).status).toBe(400)
  })
})
