/** Filing a case: who may, for whom, and what it is started with. */
import { z } from 'zod'
import { findStart, reserveStart, type Received } from '../../db/record/cases.ts'
import type { Queryable } from '../../db/connect.ts'
import { findContact, type PersonInOffice } from '../../db/directory/directory.ts'
import { enterpriseSees, filingRoles, kindOf } from '../../model/filing.ts'
import type { CaseState } from '../../model/state.ts'
import { findCase } from '../../db/record/record.ts'
import { titleFor } from '../../workflows/catalogue.ts'
import type { Procedure } from '../../workflows/kit/procedure.ts'
import { checkForm } from '../../workflows/kit/check-forms.ts'
import { Channel, enterpriseId } from '../../workflows/kit/fields.ts'
import type { Facts } from '../../model/types.ts'
import type { CaseInput } from '../../workflows/kit/types.ts'
import { Problem, problem } from '../http/errors.ts'
import { mustBeAbleToFile } from './may-file.ts'
import { checkReferences } from './references.ts'
import { requestHash, type ApiDeps } from './requests.ts'

/** What an officer who files adds to the application's own fields. */
export const Beside = z.object({ onBehalfOf: enterpriseId('所代企业', '工作人员代企业填报时填写').optional(), channel: Channel.optional() })
type Beside = z.infer<typeof Beside>

/** What came of a filing: a case, or the number under which it is kept until it is one. */
export type Filed = { caseNo: string, state: CaseState } | { caseNo: string, state: null, received: Received }
type Input = Omit<CaseInput, 'caseNo'>

/**
 * Files a case; a repeat under the same key answers with the same case. Once its number is reserved it is promised: whatever
 * comes between, it becomes a case, at the latest by the worker's doing. @throws Problem
 */
export async function fileCase({ db, engine }: ApiDeps, procedure: Procedure, person: PersonInOffice, key: string, body: unknown): Promise<Filed> {
  const { policy } = procedure
  await mustBeAbleToFile(db.pool, person, policy)
  const bodyHash = requestHash(policy.key, body)
  const earlier = await findStart<Input>(db.pool, person.id, key)
  if (earlier && earlier.bodyHash !== bodyHash) throw problem('idempotency-key-reused', undefined, { extensions: { caseNo: earlier.caseNo } })
  const known = earlier && await findCase(db.pool, earlier.caseNo)
  if (known) return { caseNo: known.file.caseNo, state: known }

  const start = earlier ?? await reserveStart<Input>(db.pool, { personId: person.id, key, bodyHash, procedure: policy.key, code: policy.code, input: await readInput(db.pool, procedure, person, body) })
  if (start.bodyHash !== bodyHash) throw problem('idempotency-key-reused')
  const { caseNo, input, createdAt: receivedAt } = start
  // Also for a repeat. Without input the case is in the record by now.
  if (input) await engine.startCase(policy, { caseNo, ...input }).catch(unlessProblem)
  const state = await findCase(db.pool, caseNo)
  return state ? { caseNo, state } : { caseNo, state, received: { caseNo, procedure: policy.key, title: input!.title, receivedAt } }
}

/** That nobody can take it up now is no refusal: it is kept. */
function unlessProblem(e: unknown): void {
  if (!(e instanceof Problem)) throw e
}

async function readInput(via: Queryable, procedure: Procedure, person: PersonInOffice, body: unknown): Promise<Input> {
  const { beside, application } = readForms(procedure, body)
  const filed = { application, title: titleFor(procedure, application), filedBy: { id: person.id, unit: person.unit?.id ?? null } }
  const ofEnterprise = person.roles.includes('enterprise')
  const ofOffice = kindOf(procedure.policy, application) === 'of-office'
  if (ofEnterprise && ofOffice) throw problem('not-permitted', '这类事项由公安机关发起，企业不能提交。')
  if (ofEnterprise && beside.onBehalfOf !== undefined && beside.onBehalfOf !== person.enterprise?.id) throw problem('not-permitted', '您只能为本企业提交申请。')
  const enterpriseId = ofEnterprise ? person.enterprise?.id ?? null : beside.onBehalfOf ?? procedure.enterpriseOf?.(application) ?? null
  await checkReferences(via, Beside, beside, { enterpriseId, outwards: ofEnterprise })
  await checkReferences(via, procedure.forms.application, application, { enterpriseId, outwards: enterpriseSees(procedure.policy, application, true) === 'all' })
  const errors = procedure.filingRules?.(application, person.id) ?? []
  if (errors.length > 0) throw problem('bad-form', undefined, { errors })

  if (ofEnterprise) return { ...filed, applicant: person.id, enterpriseId, channel: 'online' }
  const contact = beside.onBehalfOf === undefined ? null : await getContact(via, procedure, beside.onBehalfOf, ofOffice)
  // Of what is kept from an enterprise none of its contacts is to hear, whoever of it has come to an officer with it.
  const applicant = contact === null || enterpriseSees(procedure.policy, application, true) !== 'all' ? person.id : contact
  return { ...filed, applicant, enterpriseId, channel: beside.channel ?? null }
}

/** Everything wrong in both forms is told at once. */
function readForms({ forms }: Procedure, body: unknown): { beside: Beside, application: Facts } {
  const { onBehalfOf, channel, ...fields } = isObject(body) ? body : {}
  const beside = checkForm(Beside, { onBehalfOf, channel })
  const application = checkForm(forms.application, isObject(body) ? fields : body)
  if ('form' in beside && 'form' in application) return { beside: beside.form, application: application.form as Facts }
  throw problem('bad-form', undefined, { errors: [beside, application].flatMap(checked => ('errors' in checked ? checked.errors : [])) })
}

/** Whoever of the enterprise is asked to supplement and rate. Nothing that an enterprise may not file is filed in its name. */
async function getContact(via: Queryable, { policy }: Procedure, enterprise: string, ofOffice: boolean): Promise<string> {
  const refuse = (detail: string) => problem('bad-form', undefined, { errors: [{ pointer: '/onBehalfOf', detail: `所代企业：${detail}` }] })
  if (ofOffice || !filingRoles(policy).includes('enterprise')) throw refuse('这类事项不能代企业提交，请删除')
  const contact = await findContact(via, enterprise)
  if (contact === null) throw refuse('该企业没有登记联系人')
  return contact
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
