/** Who is signed in. The cookie itself is out of reach of scripts. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { $api, client, queryClient, type Schemas } from '../api/client.ts'
import type { Person } from './roles.ts'

const sessionQuery = $api.queryOptions('get', '/api/session')

/** The session, waited for; for route guards. */
export const getSession = (): Promise<Schemas['Session']> => queryClient.ensureQueryData(sessionQuery)

/** The session, always there: the router has waited for it. */
export const useSession = (): Schemas['Session'] => useSuspenseQuery(sessionQuery).data

/** Who is signed in, on a page that nobody else sees. */
export function usePerson(): Person {
  const { person } = useSession()
  if (!person) throw new Error('nobody is signed in')
  return person
}

/** Signs in as a sample person, where the server offers that. */
export async function signInAs(person: string): Promise<void> {
  await client.POST('/auth/dev-login', { body: { person } })
  queryClient.clear()
}

/** Signs out and forgets everything read; answers where to go next. */
export async function signOut(): Promise<string> {
  const { data } = await client.POST('/auth/logout')
  queryClient.clear()
  return data?.location ?? '/login'
}
