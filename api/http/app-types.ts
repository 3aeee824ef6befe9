import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from './openapi.ts'

/** The API as its routes see it: handlers know the types of the zod schemas that they declare. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

/** A set of routes; each declares `config.access` and may declare zod schemas. */
export type Routes = (app: App) => Promise<void>
