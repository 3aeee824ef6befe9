/** Taking the actions that the API offers, on a task or a case. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { client, type Schemas } from './client.ts'
import { newKey } from './key.ts'
import { toProblem } from './problem.ts'

export type Action = Schemas['Action']
export type Task = Schemas['Task']
export type Target = { task: string } | { caseNo: string }

/** The case of a target: a task's id begins with its number. */
export const caseNoOf = (target: Target): string => 'task' in target ? target.task.split('.')[0]! : target.caseNo

/** Whether it still waits for somebody. */
export const isLive = ({ status }: Task): boolean => status === 'open' || status === 'claimed'

export const canClaim = (task: Task): boolean => task.actions.some(action => action.name === 'claim')

/** What comes back: the task or the case as it now is. */
type Answer = Schemas['TaskWithForm'] | Schemas['Case'] | Schemas['CaseNumber']

/** Sends one action under a key; the same key again changes nothing more. */
export async function act(target: Target, action: string, form: unknown, key: string): Promise<Answer> {
  const header = { 'idempotency-key': key }
  const { data } = 'task' in target
    ? await client.POST('/api/tasks/{id}/actions/{action}', { params: { path: { id: target.task, action }, header }, body: form })
    : await client.POST('/api/cases/{caseNo}/actions/{action}', { params: { path: { caseNo: target.caseNo, action }, header }, body: form })
  return data!
}

/** Everything that shows tasks or cases is read again once an action was taken, and also when it was refused for what has changed. `key`: that of the form's draft. */
export function useAct() {
  const queries = useQueryClient()
  // Where nothing is filled in, the same press is the same request until it was answered.
  const own = useRef(newKey())
  const readAgain = (): void => void queries.invalidateQueries({ predicate: ({ queryKey }) => ['/api/tasks', '/api/cases'].some(prefix => String(queryKey[1]).startsWith(prefix)) })
  return useMutation({
    meta: { showsFailure: true },
    mutationFn: ({ target, action, form = {}, key = own.current }: { target: Target, action: string, form?: unknown, key?: string }) => act(target, action, form, key),
    onSuccess() {
      own.current = newKey()
      readAgain()
    },
    onError: error => [403, 404, 409, 422].includes(toProblem(error).status) && readAgain(),
  })
}
