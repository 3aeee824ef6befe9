import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { buildTestApp } from '../testing/test-app.ts'

const answering = async (...shapes: z.ZodRawShape[]) => {
  const { app } = await buildTestApp({
    routes: [async (app) => {
      for (const [i, shape] of shapes.entries()) app.get(`/api/${i}`, { config: { access: 'public' }, schema: { response: { 200: z.object(shape).meta({ id: 'Thing' }) } } }, () => null as never)
    }],
  })
  onTestFinished(async () => app.close())
  await app.ready()
  return app.swagger
}

it('an id stands for one schema in the description of the API', async () => {
  expect(await answering({ a: z.string() }, { a: z.string() })).not.toThrow()
  expect(await answering({ a: z.string() }, { b: z.string() })).toThrow('two different schemas are called Thing')
})

it('a client learns where a key against repeats has to be sent, and what health and metrics look like', () => {
  const { paths } = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as { paths: Record<string, Record<string, any>> }
  const isKey = ({ name, required }: { name: string, required?: boolean }) => name === 'idempotency-key' && required
  expect(Object.keys(paths).filter(path => paths[path]!.post?.parameters?.some(isKey))).toEqual([
    '/api/procedures/{key}/cases', '/api/cases/{caseNo}/actions/{action}', '/api/tasks/{id}/actions/{action}', '/api/cases/{caseNo}/materials', '/api/roster/{id}/actions/{action}',
  ])
  for (const path of ['/health/live', '/health/ready', '/metrics']) expect(paths[path]!.get.responses, path).toHaveProperty('200')
})
