/** What a page hears without asking. */
import { z } from 'zod'
import type { Routes } from '../http/app-types.ts'
import type { Stream } from '../stream.ts'

/** `GET /api/stream`, until the API closes. */
export const streamRoutes = (stream: Stream): Routes => async (app) => {
  app.addHook('preClose', () => stream.close())

  app.get('/api/stream', {
    config: { access: 'signed-in' },
    exposeHeadRoute: false,
    schema: {
      tags: ['通知'], summary: '实时变化',
      description: 'Server-Sent Events：task {caseNo, task}、case {caseNo}、notification {caseNo, id}，只含编号，只发给有权知悉的人。断线期间的变化不补发：每次连接后请重新查询。',
      response: { 200: z.string().meta({ title: 'text/event-stream' }) },
    },
  }, async ({ person }, reply) => reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream.open(person.id) as never))
}
