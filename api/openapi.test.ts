import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { buildTestApp } from './test-app.ts'

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
