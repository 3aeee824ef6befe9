import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { openCase } from '../../test/sample-case.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { procedureRoutes } from './procedures.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [procedureRoutes(deps)]) })
afterAll(() => api.close())

it('lists every procedure with whose it is, on what law it rests and who may apply', async () => {
  const { body } = await api.ask('desk-1', 'GET', '/api/procedures')
  expect(body.map((p: { key: string }) => p.key)).toEqual([...PROCEDURES.keys()])
  expect(body[0]).toEqual({
    key: 'enterprise-appeal', title: '涉企诉求办理', owner: 'service-centre', summary: expect.any(String), legalBasis: expect.arrayContaining([expect.any(String)]),
    confidentiality: 'internal', kind: 'application', mayApply: true, whoMayApply: expect.arrayContaining(['enterprise', 'duty-desk']),
  })
})

it('shows an enterprise those that it may apply for or has a case of, and no other', async () => {
  const open = [...PROCEDURES.values()].map(p => p.policy).filter(p => (p.whoMayApply as string[]).includes('enterprise')).map(p => p.key)
  const listed = async (person: string) => (await api.ask(person, 'GET', '/api/procedures')).body.map((p: { key: string }) => p.key)
  expect(open.length).toBeLessThan(PROCEDURES.size)
  expect(await listed('ent-01-contact')).toEqual(open)
  for (const key of PROCEDURES.keys()) expect((await api.ask('ent-01-contact', 'GET', `/api/procedures/${key}`)).status, key).toBe(open.includes(key) ? 200 : 404)
  expect(JSON.stringify((await api.ask('ent-01-contact', 'GET', '/api/procedures/detention-report')).body)).not.toContain('羁押')
  // A case that is kept from it tells nothing either.
  await openCase(api.db, () => [], { procedure: 'detention-report', restricted: true, applicantId: 'criminal-1', enterpriseId: 'ent-01' })
  expect(await listed('ent-01-contact')).toEqual(open)
  await openCase(api.db, () => [], { procedure: 'detention-report', enterpriseId: 'ent-02', applicantId: 'ent-02-contact' })
  expect([await listed('ent-01-contact'), await listed('ent-02-contact')]).toEqual([open, [...PROCEDURES.keys()]])
})

it.each([...PROCEDURES.keys()])('describes %s: a form for the application and for each task, with titles and examples', async (key) => {
  const { body } = await api.ask('desk-1', 'GET', `/api/procedures/${key}`)
  expect(body.tasks.map((t: { name: string }) => t.name)).toEqual(Object.keys(PROCEDURES.get(key)!.policy.tasks))
  for (const form of [body.application, ...body.tasks.map((t: { form: object }) => t.form)]) {
    expect(form).toMatchObject({ type: 'object', title: expect.stringMatching(/\p{Script=Han}/u), examples: expect.arrayContaining([expect.any(Object)]), additionalProperties: false })
    for (const [name, property] of Object.entries<{ title?: string }>(form.properties)) expect(property.title, `${form.title}/${name}`).toMatch(/\p{Script=Han}|CAS/u)
  }
  expect(body.outcomes).toEqual(Object.keys(body.outcomeTitles))
  expect(body.outcomes.length).toBeGreaterThan(1)
  expect(body.picture.columns.flat()).toEqual(expect.arrayContaining(body.tasks.map((t: { name: string }) => t.name)))
  expect(body.picture.paths[0]).toEqual({ from: 'start', to: body.picture.columns[0][0], label: expect.stringMatching(/\p{Script=Han}/u) })
})

it('tells clients which texts are ids of units, persons, enterprises or cases', async () => {
  const { body } = await api.ask('desk-1', 'GET', '/api/procedures/enterprise-appeal')
  const triage = body.tasks.find((t: { name: string }) => t.name === 'triage').form.properties
  expect([triage.unit.$comment, triage.coUnits.items.$comment, triage.duplicateOf.$comment, triage.reason.$comment]).toEqual(['unit', 'unit', 'case', undefined])
})
