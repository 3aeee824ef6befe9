import { z } from 'zod'
import type { Person as DirectoryPerson } from '../db/person.ts'
import type { App } from './app.ts'
import { problem } from './errors.ts'
import { Person } from './schemas.ts'

const Login = z.strictObject({ person: z.string().min(1).meta({ title: '人员编号' }) })

/** What the dev login needs: the people to choose from, and the signing of a token. */
export interface DevLogin {
  listPeople: () => Promise<DirectoryPerson[]>
  issueToken: (personId: string) => Promise<string>
}

/** Signing in as anybody of the sample organisation, without a password: `GET /api/dev/people`, `POST /api/dev/login`. */
export function addDevLogin(app: App, { listPeople, issueToken }: DevLogin): void {
  const config = { access: 'public' } as const
  const tags = ['登录']
  app.get('/api/dev/people', { config, schema: { tags, summary: '可以登录的示例人员', response: { 200: z.array(Person) } } }, async () => listPeople())
  app.post('/api/dev/login', {
    config,
    schema: { tags, summary: '以示例人员登录', body: Login, response: { 200: z.object({ token: z.string(), person: Person }) } },
  }, async (request) => {
    const person = (await listPeople()).find(({ id }) => id === request.body.person)
    if (!person) throw problem('bad-form', undefined, { errors: [{ pointer: '/person', detail: '人员编号：没有这名人员' }] })
    return { token: await issueToken(person.id), person }
  })
}
