import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { ApiProblem, toProblem } from '../api/problem.ts'
import { NotFound, Nothing } from './empty.tsx'

/** A page that could not be shown: why, and another try. */
export function PageError({ error, reset }: { error: unknown, reset?: () => void }) {
  const router = useRouter()
  const queries = useQueryClient()
  const problem = toProblem(error)
  if (problem.status === 404) return <NotFound />
  const again = (): void => {
    // What the browser could not load once it does not ask for again.
    if (!(error instanceof ApiProblem)) return window.location.reload()
    reset?.()
    void queries.resetQueries({ predicate: query => query.state.status === 'error' })
    void router.invalidate()
  }
  return <div role="alert"><Nothing title={problem.title}>{problem.detail}<p><Button type="primary" onClick={again}>重试</Button></p></Nothing></div>
}
