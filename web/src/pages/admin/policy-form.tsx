/** What every change of a policy needs beside its fields: a reason, what it does, what is wrong with it, and the saving. */
import { useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form as Fields, Input } from 'antd'
import type { ReactNode } from 'react'
import { client } from '../../api/client.ts'
import { useOnce } from '../../api/once.ts'
import { toProblem } from '../../api/problem.ts'
import type { Form } from './kept.tsx'

/** Has what is in force read again. */
export function useRefresh(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/admin/policies') })
}

interface Props {
  procedure: string
  /** Empty: the case itself. */
  task: string
  /** What is sent when it is saved. */
  patch: () => object
  isChanged: boolean
  /** What the change does; empty: nothing yet. */
  effect: string
  /** Said once it is saved. */
  saved: string
  /** The reason, beside whatever else is kept. */
  draft: Form<{ reason: string }>
  onDone: () => void
  children: ReactNode
}

export function PolicyForm({ procedure, task, patch, isChanged, effect, saved, draft, onDone, children }: Props) {
  const { message } = App.useApp()
  const refresh = useRefresh()
  const { value: { reason } } = draft
  const saving = useOnce({
    meta: { showsFailure: true },
    mutationFn: () => client.PUT('/api/admin/policies/{procedure}', { params: { path: { procedure } }, body: { task, patch: patch(), reason } as never }),
    onSuccess: () => {
      draft.drop()
      refresh()
      message.success(saved)
      onDone()
    },
  })
  const problem = saving.error ? toProblem(saving.error) : undefined
  return (
    <Fields layout="vertical" onFinish={() => saving.mutate()}>
      {children}
      <Fields.Item label="修改理由" htmlFor="reason" required><Input.TextArea id="reason" rows={3} value={reason} onChange={e => draft.change({ ...draft.value, reason: e.target.value })} /></Fields.Item>
      {effect !== '' && <Alert type="info" showIcon style={{ marginBottom: 12 }} title="修改的效果" description={effect} />}
      {problem && <Alert type="error" role="alert" title={problem.title} description={problem.errors.map(error => error.detail).join('；') || problem.detail} style={{ marginBottom: 12 }} />}
      <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={!isChanged || reason.trim() === ''}>保存</Button>
    </Fields>
  )
}
