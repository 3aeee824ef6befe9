/** Ids in forms must be those of somebody or something that is there: people, units and enterprises of the directory, other cases of the same enterprise. */
import type { z } from 'zod'
import type { Queryable } from '../../db/connect.ts'
import { findKnown } from '../../db/directory/directory.ts'
import { fieldError, findReferences, type Reference } from '../../workflows/kit/check-forms.ts'
import type { Referent } from '../../workflows/kit/fields.ts'
import { problem } from '../http/errors.ts'

const UNKNOWN: Record<Referent, string> = { unit: '没有这个单位', person: '没有这名人员', enterprise: '没有这家企业', case: '该企业没有这个案件' }

/** Whose matter a form is about. `outwards`: an enterprise reads or writes it, so that it names no case that is kept from enterprises. */
export interface Matter { enterpriseId: string | null, outwards: boolean }

/** @throws Problem `bad-form` with a pointer for every id that is not there */
export async function checkReferences(via: Queryable, schema: z.ZodType, form: unknown, matter: Matter): Promise<void> {
  const references = findReferences(schema, form).filter(isOutside)
  if (references.length === 0) return
  const known = await findKnown(via, references, matter)
  const errors = references.filter(({ to, id }) => !known.has(`${to}/${id}`)).map(({ to, path }) => fieldError(schema, path, UNKNOWN[to]))
  if (errors.length > 0) throw problem('bad-form', undefined, { errors })
}

/** Steps and tasks are named within the case itself, whose rules look at them. */
const isOutside = (one: Reference): one is Reference & { to: Referent } => one.to in UNKNOWN
