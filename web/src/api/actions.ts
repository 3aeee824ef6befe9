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

/** One attempt: a key that is kept while the same content is sent again after a lost answer, and new for other content or once it was taken. */
export function useAttempt(): { keyOf(content: unknown): string, taken(): void } {
  const attempt = useRef({ content: '', key: '' })
  return {
    keyOf(content) {
      const now = JSON.stringify(content)
      if (attempt.current.content !== now) attempt.current = { content: now, key: newKey() }
      return attempt.current.key
    },
    taken() { attempt.current = { content: '', key: '' } },
  }
}

/** Everything that shows tasks or cases is read again once an action was taken, and also when it was refused for what has changed. */
export function useAct() {
  const queries = useQueryClient()
  const attempt = useAttempt()
  const readAgain = (): void => void queries.invalidateQueries({ predicate: ({ queryKey }) => ['/api/tasks', '/api/cases'].some(prefix => String(queryKey[1]).startsWith(prefix)) })
  return useMutation({
    meta: { showsFailure: true },
    mutationFn: ({ target, action, form = {} }: { target: Target, action: string, form?: unknown }) => act(target, action, form, attempt.keyOf([target, action, form])),
    onSuccess() {
      attempt.taken()
      readAgain()
    },
    onError: error => [403, 404, 409].includes(toProblem(error).status) && readAgain(),
  })
}
