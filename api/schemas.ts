import { z } from 'zod'
import { ROLES } from '../db/person.ts'

/** Something with an id for programs and a name for people. */
export const Named = z.object({ id: z.string(), name: z.string() })

/** A person of the directory, as the API shows one. */
export const Person = z
  .object({
    id: z.string(),
    name: z.string(),
    unit: Named.nullable(),
    enterprise: Named.nullable(),
    roles: z.array(z.enum(ROLES)),
  })
  .meta({ id: 'Person', title: '人员' })

/** What every refusal looks like (RFC 9457). */
export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: '错误（RFC 9457）：code 供程序判断，title 与 detail 供人阅读，errors 逐项指出填写有误之处。' })
