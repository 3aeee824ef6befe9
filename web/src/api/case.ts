/** One case, as its reader may see it now. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { $api, type Schemas } from './client.ts'
import { toProblem } from './problem.ts'

/** What is found under a number, where it is a case already. */
export const asCase = <T extends { status: string }>(found: T | undefined) => found?.status === 'received' ? undefined : found as Exclude<T, { status: 'received' }> | undefined

const receivedEveryMs = 3000

/**
 * What is found under a number: a case, or an application that its reader has filed and that is being recorded; that is asked for again until it is a case.
 * @throws ApiProblem when there is no such case for the reader, or no longer: what was shown before is not kept on the screen.
 */
export function useFound(caseNo: string): Schemas['Case'] | Schemas['Received'] {
  const { data, error } = useSuspenseQuery($api.queryOptions('get', '/api/cases/{caseNo}', { params: { path: { caseNo } } }, { refetchInterval: ({ state }) => state.data?.status === 'received' && receivedEveryMs }))
  if (error && toProblem(error).status === 404) throw toProblem(error)
  return data as Schemas['Case'] | Schemas['Received']
}
