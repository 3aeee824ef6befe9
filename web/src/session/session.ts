/** Who is signed in. The cookie itself is out of reach of scripts, and common to all windows of the browser. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { $api, client, queryClient, SESSION_KEY, shownPerson, showPerson, type Schemas } from '../api/client.ts'
import { now } from '../time.ts'
import type { Person } from './roles.ts'

const sessionQuery = $api.queryOptions('get', '/api/session')

/** The session, waited for; for route guards. */
export const getSession = (): Promise<Schemas['Session']> => queryClient.ensureQueryData(sessionQuery)

/** The session, always there: the router has waited for it. */
export const useSession = (): Schemas['Session'] => useSuspenseQuery(sessionQuery).data

/**
 * The person whom this window shows, once there is one: it stays theirs until it is loaded anew, also while nobody is signed in any
 * more, so that what is on it is not lost. Undefined when nobody is signed in and nobody was.
 */
export async function getPerson(): Promise<Person | undefined> {
  const person = shownPerson() ?? (await getSession()).person
  if (!person) return undefined
  if (!shownPerson()) {
    showPerson(person)
    announce('in')
  }
  return person
}

/** Whom this window shows, on a page that nobody else sees. */
export function usePerson(): Person {
  const { person } = useSession()
  const shown = shownPerson()
  if (!shown) throw new Error('nobody is signed in')
  // Their roles may have changed since.
  return person?.id === shown.id ? person : shown
}

/** Signs in as a sample person, where the server offers that. */
export async function signInAs(person: string): Promise<void> {
  await client.POST('/auth/dev-login', { body: { person } })
  // The same person again goes on where they were.
  if (shownPerson()?.id === person) await queryClient.invalidateQueries()
  else {
    queryClient.clear()
    showPerson(undefined)
  }
  announce('in')
}

/** Signs out, in every window; answers where to go next. */
export async function signOut(): Promise<string> {
  const { data } = await client.POST('/auth/logout')
  announce('out')
  return data?.location ?? '/login'
}

const ANNOUNCED = 'anxin-session'

/** Tells the other windows that somebody has signed in or out; that it was on purpose is remembered. */
function announce(what: 'in' | 'out'): void {
  localStorage.setItem(ANNOUNCED, `${what} ${now().getTime()}`)
}

/** Whether whoever was signed in has signed out, in whichever window; else the session has run out. */
const hasLeft = (): boolean => localStorage.getItem(ANNOUNCED)?.startsWith('out') === true

const TOLD = 'anxin-told'

/** What the page said last before it was loaded anew, once. */
export function takeTold(): string | null {
  const told = sessionStorage.getItem(TOLD)
  sessionStorage.removeItem(TOLD)
  return told
}

/** Asks again who is signed in. */
export const checkSession = (): void => void queryClient.invalidateQueries({ queryKey: SESSION_KEY })

/** Sees to it that a window shows nobody's work to somebody else: `person` is who is signed in now. */
export function keepTo(person: Person | null): void {
  const shown = shownPerson()
  if (!shown || person?.id === shown.id) return
  if (person) {
    sessionStorage.setItem(TOLD, `您现在以“${person.name}”登录，页面已经刷新。以“${shown.name}”打开的内容没有提交。`)
    window.location.reload()
  } else if (hasLeft()) window.location.assign('/login')
}

/** Calls back when another window has signed in or out, or this one is looked at again. */
export function watchSession(onNews: () => void): () => void {
  const onStorage = ({ key }: StorageEvent): void => { if (key === ANNOUNCED) onNews() }
  window.addEventListener('storage', onStorage)
  window.addEventListener('focus', onNews)
  return () => {
    window.removeEventListener('storage', onStorage)
    window.removeEventListener('focus', onNews)
  }
}
