import { z } from 'zod'
import type { Person as DirectoryPerson } from '../../model/person.ts'
import type { App } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { Person } from '../http/schemas.ts'

export const Login = z.strictObject({ person: z.string().min(1).meta({ title: '人员编号' }) })

/** The dev login: the people to choose from, and the signing of a token. */
export interface DevLogin {
  listPeople: () => Promise<DirectoryPerson[]>
  /** @throws Problem `bad-form` when there is no such person */
  getPerson: (id: string) => Promise<DirectoryPerson>
  issueToken: (personId: string) => Promise<string>
}

export function createDevLogin(listPeople: DevLogin['listPeople'], issueToken: DevLogin['issueToken']): DevLogin {
  const getPerson = async (id: string) => {
    const person = (await listPeople()).find(one => one.id === id)
    if (!person) throw problem('bad-form', undefined, { errors: [{ pointer: '/person', detail: '人员编号：没有这名人员' }] })
    return person
  }
  return { listPeople, getPerson, issueToken }
}

/** Signing in as anybody of the sample organisation, without a password: `GET /api/dev/people`, `POST /api/dev/login`. */
export function addDevLogin(app: App, { listPeople, getPerson, issueToken }: DevLogin): void {
  const config = { access: 'public' } as const
  const tags = ['登录']
  app.get('/api/dev/people', { config, schema: { tags, summary: '可以登录的示例人员', response: { 200: z.array(Person) } } }, async () => listPeople())
  app.post('/api/dev/login', {
    config,
    schema: { tags, summary: '以示例人员登录', body: Login, response: { 200: z.object({ token: z.string(), person: Person }) } },
  }, async (request) => {
    const person = await getPerson(request.body.person)
    return { token: await issueToken(person.id), person }
  })
}
