/** News from the API: what it names is read again, after a lost connection everything. */
import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** What an event of `GET /api/stream` carries: ids, never content. */
interface News { caseNo?: string, task?: string, id?: string }

/** Lists that a change of a task or case may touch. */
const LISTS = ['/api/tasks', '/api/cases', '/api/drafts']
const NOTICES = ['/api/notifications', '/api/session']

/** News come in bursts; one look after each burst is enough. */
const gatherMs = 250
const reopenMs = 5000

/** Keeps what is shown up to date while somebody is signed in. */
export function useStream(): void {
  const client = useQueryClient()
  useEffect(() => {
    let source: EventSource
    let reopening: ReturnType<typeof setTimeout> | undefined
    const gathered = gather(client)

    const open = (): void => {
      source = new EventSource('/api/stream')
      // Nothing is replayed: what happened while there was no connection is read anew.
      source.onopen = () => void client.invalidateQueries()
      source.onerror = () => {
        // The browser reconnects by itself unless the answer was an error.
        if (source.readyState === EventSource.CLOSED) reopening = setTimeout(open, reopenMs)
      }
      for (const kind of ['task', 'case', 'notification']) source.addEventListener(kind, (e: MessageEvent<string>) => gathered.add(kind, JSON.parse(e.data) as News))
    }
    open()
    return () => {
      clearTimeout(reopening)
      gathered.stop()
      source.close()
    }
  }, [client])
}

function gather(client: QueryClient) {
  let news: { kind: string, caseNo: string | undefined }[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (): void => {
    const told = news
    news = []
    timer = undefined
    void client.invalidateQueries({ predicate: query => told.some(one => concerns(query, one.kind, one.caseNo)) })
    // Counting a bureau costs more than reading a list: the board is only marked as outdated, and reads at its own pace.
    if (told.some(one => one.kind !== 'notification')) void client.invalidateQueries({ queryKey: ['get', '/api/board'], refetchType: 'none' })
  }
  return {
    add(kind: string, { caseNo }: News): void {
      news.push({ kind, caseNo })
      timer ??= setTimeout(tell, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Whether what a query read may have changed; keys are those of `openapi-react-query`: method, path, parameters. */
function concerns({ queryKey }: Query, kind: string, caseNo: string | undefined): boolean {
  const [, path, init] = queryKey as [string, string, { params?: { path?: { caseNo?: string, id?: string } } } | undefined]
  if (kind === 'notification') return NOTICES.some(prefix => path?.startsWith(prefix))
  if (!LISTS.some(prefix => path?.startsWith(prefix))) return false
  const { caseNo: shown, id } = init?.params?.path ?? {}
  if (caseNo === undefined || (shown === undefined && id === undefined)) return true
  return shown === caseNo || id?.startsWith(caseNo) === true
}
