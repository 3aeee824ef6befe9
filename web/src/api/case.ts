/** One case, as its reader may see it now. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { $api, type Schemas } from './client.ts'
import { toProblem } from './problem.ts'

/** What is found under a number, where it is a case already. */
export const asCase = <T extends { status: string }>(found: T | undefined) => found?.status === 'received' ? undefined : found as Exclude<T, { status: 'received' }> | undefined

/** @throws ApiProblem when there is no such case for the reader, or no longer: what was shown before is not kept on the screen. */
export function useCase(caseNo: string): Schemas['Case'] {
  const { data, error } = useSuspenseQuery($api.queryOptions('get', '/api/cases/{caseNo}', { params: { path: { caseNo } } }))
  if (error && toProblem(error).status === 404) throw toProblem(error)
  return data as Schemas['Case']
}
