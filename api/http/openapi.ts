import { isDeepStrictEqual } from 'node:util'
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance, FastifySchema, FastifySchemaCompiler, FastifyTypeProvider, RouteOptions } from 'fastify'
import { z } from 'zod'
import { swallowsUnknownFields, toJsonSchema } from '../../workflows/kit/check-forms.ts'
import { parseForm } from './parse-form.ts'
import { ProblemBody } from './schemas.ts'

/** Lets a route's handler know the types of the zod schemas that it declares. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

/** Routes declare zod schemas; {@link parseForm} checks what comes in, and the answers are described, not checked. */
export function useZodSchemas(app: FastifyInstance): void {
  const checkRequest: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart, method, url }) => {
    if (httpPart !== 'headers' && swallowsUnknownFields(schema)) {
      throw new Error(`${method} ${url}: its ${httpPart} must refuse unknown fields (z.strictObject)`)
    }
    return (value: unknown) => {
      try {
        return { value: parseForm(schema, value, httpPart !== 'body') }
      } catch (error) {
        return { error: error as Error }
      }
    }
  }
  app.setValidatorCompiler(checkRequest)
  app.setSerializerCompiler(() => answer => JSON.stringify(answer))
}

/** Options of `@fastify/swagger`: an OpenAPI 3.1 document of all routes, from their zod schemas. */
export function openapiOptions(version: string): FastifyDynamicSwaggerOptions {
  const components: Record<string, unknown> = {}
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: '安心 anxin', version, description: '护企优商流程系统接口。时间均为带时区的 ISO 8601；错误均为 application/problem+json。以 Bearer 令牌访问；浏览器以会话访问时，写操作须在请求头 X-Signed-In-As 中说明页面所示的登录人员编号（encodeURIComponent），与会话不符的以 409 another-person 拒绝。' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route, components), url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      const { openapiObject } = document
      return { ...openapiObject, components: { ...openapiObject.components, schemas: components } }
    },
  } as FastifyDynamicSwaggerOptions
}

function describeRoute(schema: FastifySchema = {}, route: RouteOptions, components: Record<string, unknown>): FastifySchema {
  const described: Record<string, unknown> = { ...schema }
  for (const part of ['body', 'querystring', 'params', 'headers'] as const) {
    if (schema[part] instanceof z.ZodType) described[part] = describe(schema[part], components)
  }
  const answers = Object.entries((schema.response ?? {}) as Record<string, unknown>)
  const problems = { description: '错误', content: { 'application/problem+json': { schema: describe(ProblemBody, components) } } }
  described['response'] = {
    ...Object.fromEntries(answers.map(([status, answer]) => [status, answer instanceof z.ZodType ? describe(answer, components) : answer])),
    default: problems,
  }
  if (route.config?.access !== 'public') described['security'] = [{ bearer: [] }]
  return described
}

/** JSON Schema of a zod schema; those with an id (`.meta({ id })`) become components that the document refers to. */
function describe(schema: z.ZodType, components: Record<string, unknown>): unknown {
  const { $schema: _, $defs, ...json } = toJsonSchema(schema)
  const { $defs: named, ...own } = JSON.parse(JSON.stringify({ ...json, $defs }).replaceAll('"#/$defs/', '"#/components/schemas/'))
  for (const [id, component] of Object.entries(named ?? {})) {
    if (!isDeepStrictEqual(components[id] ?? component, component)) throw new Error(`two different schemas are called ${id}: give one of them another id`)
    components[id] = component
  }
  return own
}
