/** Who reads which part of what a case holds: marks on forms and their fields, and a value as somebody may read it. */
import type { z } from 'zod'
import type { Readership } from '../../model/events.ts'
import type { Json } from '../../model/types.ts'
import { markedSchema, partsOfSchema } from './check-forms.ts'

/** Somebody who sees a case: from an enterprise or not, and whether he takes part in it. */
export interface Reader { outside: boolean, takesPart: boolean }

const marked = <Form extends z.ZodType>(form: Form, mark: { for: Readership } | { masked: true }): Form => form.meta({ ...form.meta(), ...mark })

/** A form, or a field of one, that no enterprise reads. The outermost of what is said of a field. */
export const forOfficers = <Form extends z.ZodType>(form: Form): Form => marked(form, { for: 'officers' })

/** A fact that its enterprise reads as well; without this, what is noted is for officers. */
export const forApplicant = <Form extends z.ZodType>(form: Form): Form => marked(form, { for: 'applicant' })

/** A number or code that only who takes part in the case reads in full; others its last four characters. */
export const masked = <Form extends z.ZodType>(form: Form): Form => marked(form, { masked: true })

/** A value of a form as this person may read it; undefined where it is not for him at all. `usually`: for whom a form is that does not say so. */
export function asRead(form: z.ZodType | undefined, value: Json, reader: Reader, usually: Readership = 'applicant'): Json | undefined {
  const root = form && markedSchema(form)
  const visit = (nodes: z.core.JSONSchema.BaseSchema[], part: Json): Json | undefined => {
    if (reader.outside && nodes.some(node => node.for === 'officers')) return undefined
    if (!reader.takesPart && nodes.some(node => node.masked)) return maskedText(part)
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return part.flatMap((one, i) => visit(partsOfSchema(nodes, i, root!), one) ?? [])
    return Object.fromEntries(Object.entries(part).flatMap(([key, one]): [string, Json][] => {
      const read = visit(partsOfSchema(nodes, key, root!), one)
      return read === undefined ? [] : [[key, read]]
    }))
  }
  if (reader.outside && usually === 'officers' && root?.for !== 'applicant') return undefined
  // Most forms have no marks at all.
  return root === undefined ? value : visit(partsOfSchema(null, '', root), value)
}

const maskedText = (value: Json): Json => {
  if (typeof value !== 'string') return '*'
  const characters = [...value]
  const shown = characters.length > 4 ? 4 : 0
  return '*'.repeat(characters.length - shown) + characters.slice(characters.length - shown).join('')
}
