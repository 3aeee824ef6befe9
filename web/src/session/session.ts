/** Who is signed in. The cookie itself is out of reach of scripts. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { client, queryClient, SESSION_KEY } from '../api/client.ts'
import type { Person } from './roles.ts'

/** `GET /api/session`. */
export interface Session { person: Person | null, unread: number, devLogin: boolean, oidc: boolean, temporalUi: string | null }

const sessionQuery = {
  queryKey: SESSION_KEY,
  queryFn: async (): Promise<Session> => (await client.request('get', '/api/session' as never)).data as unknown as Session,
}

/** The session, waited for; for route guards. */
export const getSession = (): Promise<Session> => queryClient.ensureQueryData(sessionQuery)

/** The session, always there: the router has waited for it. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** Who is signed in, on a page that nobody else sees. */
export function usePerson(): Person {
  const { person } = useSession()
  if (!person) throw new Error('nobody is signed in')
  return person
}

/** Signs in as a sample person, where the server offers that. */
export async function signInAs(person: string): Promise<void> {
  await client.request('post', '/auth/dev-login' as never, { body: { person } } as never)
  queryClient.clear()
}

/** Signs out and forgets everything read; answers where to go next. */
export async function signOut(): Promise<string> {
  const { data } = await client.request('post', '/auth/logout' as never)
  queryClient.clear()
  return (data as unknown as { location?: string })?.location ?? '/login'
}
