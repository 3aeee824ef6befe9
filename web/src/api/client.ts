/** The API, typed by its own description (`npm run gen:api -w web`). */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import createFetchClient from 'openapi-fetch'
import createQueryHooks from 'openapi-react-query'
import { setClock } from '../time.ts'
import { readProblem, toProblem, unreachable } from './problem.ts'
import type { components, paths } from './schema.d.ts'

export type Schemas = components['schemas']
export type Person = Schemas['Person']

let shown: Person | undefined

/** Whom this window shows as signed in; every write says so, for another window may have signed somebody else in since. */
export const shownPerson = (): Person | undefined => shown
export const showPerson = (person: Person | undefined): void => { shown = person }

/**
 * Every request of the pages, by whatever way it was made.
 * @throws ApiProblem for whatever is not 2xx, and when the server cannot be reached
 */
export async function send(request: Request): Promise<Response> {
  if (shown && request.method !== 'GET') request.headers.set('x-signed-in-as', encodeURIComponent(shown.id))
  const response = await fetch(request).catch((cause: unknown) => { throw unreachable(cause) })
  setClock(response.headers.get('date'))
  if (response.ok) return response
  const problem = await readProblem(response)
  if (problem.status === 401 || problem.code === 'another-person') void queryClient.invalidateQueries({ queryKey: SESSION_KEY })
  throw problem
}

/** Calls of the API. */
export const client = createFetchClient<paths>({ baseUrl: window.location.origin, fetch: send })

/** The same calls as hooks of TanStack Query. */
export const $api = createQueryHooks(client)

/** Key of the one query that says who is signed in. */
export const SESSION_KEY = ['get', '/api/session']

/** Says that something did not succeed; the frame of the pages gives it a place (`useTelling`). */
let tell: (title: string, detail: string) => void = () => {}
export const tellBy = (by: typeof tell): void => { tell = by }

/** Tells of a failure, for which the page has no better place. */
export function tellFailure(error: unknown): void {
  const { title, detail } = toProblem(error)
  tell(title, detail)
}

declare module '@tanstack/react-query' {
  interface Register {
    /** `showsFailure`: the page says itself, in its place, that a change failed; all others are told of by the frame. */
    mutationMeta: { showsFailure?: true }
  }
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache(),
  mutationCache: new MutationCache({ onError: (error, _variables, _context, mutation) => { if (!mutation.meta?.showsFailure) tellFailure(error) } }),
  defaultOptions: {
    queries: {
      // What changes is told by the stream; this is for when there is none.
      staleTime: 30_000,
      networkMode: 'always', refetchOnReconnect: true,
      retry: (times, error) => toProblem(error).isPassing && times < 5,
      retryDelay: times => Math.min(1000 * 2 ** times, 8000),
    },
    // Never later by itself: without a network it fails at once, is said, and waits to be pressed again.
    mutations: { networkMode: 'always', retry: false },
  },
})
