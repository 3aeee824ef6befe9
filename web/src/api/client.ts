/** The API, typed by its own description (`npm run gen:api -w web`). */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import createFetchClient from 'openapi-fetch'
import createQueryHooks from 'openapi-react-query'
import { setClock } from '../time.ts'
import { readProblem, toProblem } from './problem.ts'
import type { components, paths } from './schema.d.ts'

export type Schemas = components['schemas']

/** Calls of the API; whatever is not 2xx is thrown as an `ApiProblem`. */
export const client = createFetchClient<paths>({ baseUrl: window.location.origin })

client.use({
  async onResponse({ response }) {
    setClock(response.headers.get('date'))
    if (!response.ok) throw await readProblem(response)
  },
  onError: ({ error }) => toProblem(error),
})

/** The same calls as hooks of TanStack Query. */
export const $api = createQueryHooks(client)

const signedOut = (error: Error): void => {
  if (toProblem(error).status === 401) void queryClient.invalidateQueries({ queryKey: SESSION_KEY })
}

/** Key of the one query that says who is signed in. */
const SESSION_KEY = ['get', '/api/session']

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      // What changes is told by the stream; this is for when there is none.
      staleTime: 30_000,
      retry: (times, error) => toProblem(error).isPassing && times < 5,
      retryDelay: times => Math.min(1000 * 2 ** times, 8000),
    },
    mutations: { retry: false },
  },
})
