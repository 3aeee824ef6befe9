/** The catalogue of procedures, and filing a case. */
import { z } from 'zod'
import { contextForm, findForm, findProcedure, PROCEDURES, wordsOf } from '../../workflows/catalogue.ts'
import type { Procedure } from '../../workflows/kit/procedure.ts'
import { asWho, type PersonInOffice } from '../../db/directory/directory.ts'
import { listDocuments } from '../../db/lists/documents.ts'
import { filingRoles, mayBe, mayFile } from '../../model/filing.ts'
import type { Routes } from '../http/app-types.ts'
import { finishingForm } from '../cases/allowed-actions.ts'
import { problem } from '../http/errors.ts'
import { Beside, fileCase } from '../cases/file-case.ts'
import { knows } from '../cases/may-file.ts'
import { asTyped, toJsonSchema } from '../../workflows/kit/check-forms.ts'
import { IdempotencyHeader, idempotencyKey, refusing, type ApiDeps } from '../cases/requests.ts'
import { Case, ProcedureDetail, ProcedureSummary, Received } from '../http/schemas.ts'
import { viewCase, viewReceived } from '../views/views.ts'

const Key = z.strictObject({ key: z.string() })
const Application = z.unknown().meta({ title: '申请', description: '流程说明中 application 的各项；工作人员代企业填报时，另加 onBehalfOf（企业编号）和 channel（来源渠道）。' }).register(asTyped)

/** `/api/procedures`. */
export const procedureRoutes = (deps: ApiDeps): Routes => async (app) => {
  const config = { access: 'signed-in' } as const
  const tags = ['流程']
  app.get('/api/procedures', { config, schema: { tags, summary: '流程目录', response: { 200: z.array(ProcedureSummary) } } },
    async ({ person }) => {
      const all = [...PROCEDURES.values()]
      const known = await knows(deps.db.pool, person, all.map(({ policy }) => policy))
      return all.filter(({ policy }) => known.has(policy.key)).map(one => summaryOf(one, person))
    })

  app.get('/api/procedures/:key', { config, schema: { tags, summary: '流程说明：申请表、任务及其表单', params: Key, response: { 200: ProcedureDetail } } },
    async ({ person, params }) => detailOf(await getKnown(deps, person, params.key), person))

  app.post('/api/procedures/:key/cases', {
    config,
    schema: {
      tags, summary: '提交申请',
      description: '201：已立案。202：申请已经收到并保存，正在立案；凭编号可以查看（GET /api/cases/{caseNo} 在立案前同样回答 202），也可以提交材料，立案后自动归入案件。以同一防重复标识重试，不会重复立案。',
      params: Key, headers: IdempotencyHeader, body: Application, response: { 201: Case, 202: Received },
    },
  }, async (request, reply) => {
    const { person } = request
    const procedure = await getKnown(deps, person, request.params.key)
    const key = idempotencyKey(request)
    const filed = await refusing(deps.db, { personId: person.id, caseNo: null, taskId: null, action: `file ${procedure.policy.key}` },
      () => fileCase(deps, procedure, person, key, request.body ?? {}))
    reply.header('location', `/api/cases/${filed.caseNo}`)
    if (!filed.state) return reply.code(202).send(viewReceived(filed.received))
    return reply.code(201).send(await viewCase(deps.db.pool, asWho(person), filed.state, await listDocuments(deps.db.pool, asWho(person), filed.caseNo)))
  })
}

/** @throws Problem `not-found` also where there is one that is none of this person's business */
async function getKnown({ db }: ApiDeps, person: PersonInOffice, key: string): Promise<Procedure> {
  const found = findProcedure(key)
  if (!found || !(await knows(db.pool, person, [found.policy])).has(key)) throw problem('not-found')
  return found
}

function summaryOf({ policy }: Procedure, { unit, roles }: PersonInOffice): ProcedureSummary {
  const { key, title, owner, summary, legalBasis } = policy
  return {
    key, title, owner, summary, legalBasis,
    // Of what the application decides, the strictest.
    confidentiality: (['restricted', 'official'] as const).find(one => mayBe(policy, one)) ?? 'internal',
    kind: !mayBe(policy, 'of-office') ? 'application' : mayBe(policy, 'application') ? 'either' : 'of-office',
    whoMayApply: filingRoles(policy),
    mayApply: mayFile(policy, { unit: unit?.id ?? null, roles }),
  }
}

const inJson = (forms: Record<string, z.ZodType | undefined> = {}) =>
  Object.fromEntries(Object.entries(forms).flatMap(([name, form]) => form ? [[name, toJsonSchema(form) as ProcedureDetail['application']]] : []))

/** The kit's own step, in no policy. */
const EXTENSION = 'approve-extension'

/** What ends a task, each with the form in which it is read. */
const resultForms = (procedure: string, task: string) => Object.fromEntries(['complete', 'acknowledge', 'refuse', 'return'].map(action => [action, findForm(procedure, task, action)]))

function detailOf(procedure: Procedure, person: PersonInOffice): ProcedureDetail {
  const { policy, forms, shown, documents: papers = {}, picture: { columns, together = [], paths } } = procedure
  return {
    ...summaryOf(procedure, person),
    application: toJsonSchema(forms.application) as ProcedureDetail['application'],
    beside: toJsonSchema(Beside) as ProcedureDetail['beside'],
    clock: policy.clock ?? null,
    tasks: Object.entries(policy.tasks).map(([name, { title, unit, role, clock, ladder, actions, returnsTo }]) =>
      ({ name, title, unit, role, clock, ladder: ladder ?? null, actions: actions ?? ['complete'], returnsTo: returnsTo ?? [], form: finishingForm(policy.key, name), documents: Object.values(papers).filter(one => one.foreseen?.[name]).map(one => one.template.name) })),
    shown: {
      facts: inJson(shown.facts), results: inJson(shown.results), documents: inJson(shown.documents),
      tasks: Object.fromEntries([...Object.keys(policy.tasks), EXTENSION].map(name => [name, { context: inJson({ form: contextForm(policy.key, name) }).form ?? null, results: inJson(resultForms(policy.key, name)) }])),
    },
    outcomes: Object.keys(policy.outcomes),
    outcomeTitles: policy.outcomes,
    words: wordsOf(procedure),
    picture: { columns, together, paths: Object.entries(paths).flatMap(([from, next]) => Object.entries(next).map(([to, label = '']) => ({ from, to, label }))) },
  }
}
