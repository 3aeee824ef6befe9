import type { z } from 'zod'
import { checkForm } from '../../workflows/kit/check-forms.ts'
import { problem } from './errors.ts'

/**
 * What somebody sent, as the form reads it. `looking`: to find something by, not to be kept.
 *
 * @throws Problem `bad-form` with what is wrong, field by field
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, value: unknown, looking = false): z.output<Schema> {
  const checked = checkForm(schema, value, looking)
  if ('errors' in checked) throw problem('bad-form', undefined, { errors: checked.errors })
  return checked.form
}
