/** Filing a case: who may, for whom, and what it is started with. */
import { z } from 'zod'
import { reserveCaseNo } from '../db/cases.ts'
import { findContact, type PersonInOffice } from '../db/directory.ts'
import { findCase } from '../db/record.ts'
import type { CaseState } from '../db/projector.ts'
import type { Procedure } from '../workflows/catalogue.ts'
import { Channel } from '../workflows/kit/fields.ts'
import type { CaseInput, Facts } from '../workflows/kit/types.ts'
import { problem } from './errors.ts'
import { parseForm } from './parse-form.ts'
import { checkReferences } from './references.ts'
import { requestHash, type ApiDeps } from './requests.ts'

/** What stands beside the application's own fields when an officer files it. */
const Beside = z.object({ onBehalfOf: z.string().max(64).optional().meta({ title: '所代企业' }), channel: Channel.optional() })

/** What came of a filing: the case as recorded, or only its number while Temporal alone has it. */
export type Filed = { caseNo: string, state: CaseState | null }

/** Files a case; a repeat under the same key answers with the same case. @throws Problem */
export async function fileCase(deps: ApiDeps, procedure: Procedure, person: PersonInOffice, key: string, body: unknown): Promise<Filed> {
  const { policy } = procedure
  if (!policy.whoMayApply.some(role => person.roles.includes(role))) throw problem('not-permitted', '您不能提交此类申请。')
  const input = await readInput(deps, procedure, person, body)
  const bodyHash = requestHash(policy.key, body)
  const { caseNo, ...reserved } = await reserveCaseNo(deps.db.pool, { personId: person.id, key, bodyHash, code: policy.code })
  if (reserved.bodyHash !== bodyHash) throw problem('idempotency-key-reused')
  const known = reserved.repeated ? await findCase(deps.db.pool, caseNo) : null
  if (known) return { caseNo, state: known }
  await deps.engine.startCase(policy, { caseNo, ...input })
  return { caseNo, state: await findCase(deps.db.pool, caseNo) }
}

async function readInput({ db }: ApiDeps, { policy, forms, titleOf }: Procedure, person: PersonInOffice, body: unknown): Promise<Omit<CaseInput, 'caseNo'>> {
  const { onBehalfOf, channel, ...fields } = isObject(body) ? body : {}
  const beside = parseForm(Beside, { onBehalfOf, channel })
  const application = parseForm(forms.application, isObject(body) ? fields : body) as Facts
  const ofEnterprise = person.roles.includes('enterprise')
  if (ofEnterprise && beside.onBehalfOf !== undefined && beside.onBehalfOf !== person.enterprise?.id) throw problem('not-permitted', '您只能为本企业提交申请。')
  await checkReferences(db.pool, forms.application, application)

  const enterpriseId = ofEnterprise ? person.enterprise?.id ?? null : beside.onBehalfOf ?? (typeof application.enterpriseId === 'string' ? application.enterpriseId : null)
  const contact = !ofEnterprise && beside.onBehalfOf !== undefined ? await findContact(db.pool, beside.onBehalfOf) : null
  if (!ofEnterprise && beside.onBehalfOf !== undefined && contact === null) {
    throw problem('bad-form', undefined, { errors: [{ pointer: '/onBehalfOf', detail: '所代企业：没有这家企业，或者该企业没有登记联系人' }] })
  }
  void policy
  return {
    application, title: titleOf(application), applicant: contact ?? person.id,
    filedBy: { id: person.id, unit: person.unit?.id ?? null }, enterpriseId, channel: beside.channel ?? null,
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
