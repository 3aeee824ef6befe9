/** What is typed into an application is kept on the server as it is typed. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { $api, client } from '../../api/client.ts'

const afterTypingMs = 800
const retryMs = 5000

export type Saving = { state: 'none' | 'saving' | 'failed' } | { state: 'saved', at: string }

/** The form as it was left, and the keeping of what it becomes. */
export function useDraft(procedure: string) {
  const queries = useQueryClient()
  const query = $api.queryOptions('get', '/api/drafts/{procedure}', { params: { path: { procedure } } })
  // What was left is read once: afterwards the page knows better than the server.
  const { data } = useSuspenseQuery({ ...query, staleTime: Infinity, refetchOnMount: false })
  const [value, setValue] = useState<object>(data?.form ?? {})
  const [saving, setSaving] = useState<Saving>(data ? { state: 'saved', at: data.savedAt } : { state: 'none' })
  const latest = useRef<object | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const save = async (): Promise<void> => {
    const form = latest.current
    if (!form) return
    setSaving({ state: 'saving' })
    try {
      const { data: saved } = await client.PUT('/api/drafts/{procedure}', { params: { path: { procedure } }, body: { form: form as never } })
      queries.setQueryData(query.queryKey, { form: form as never, savedAt: saved!.savedAt })
      if (latest.current === form) latest.current = undefined
      setSaving({ state: 'saved', at: saved!.savedAt })
    } catch {
      setSaving({ state: 'failed' })
      later(retryMs)
    }
  }
  const later = (ms: number): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void save(), ms)
  }
  // Leaving the page saves what was typed last.
  useEffect(() => () => {
    clearTimeout(timer.current)
    void save()
  }, [])

  return {
    value, saving,
    change(form: object): void {
      setValue(form)
      latest.current = form
      later(afterTypingMs)
    },
    /** Forgets it, here and on the server: it was filed, or is no longer wanted. */
    async drop(): Promise<void> {
      clearTimeout(timer.current)
      latest.current = undefined
      await client.DELETE('/api/drafts/{procedure}', { params: { path: { procedure } } })
      queries.setQueryData(query.queryKey, null)
      setValue({})
      setSaving({ state: 'none' })
    },
  }
}
