/** News from the API: what they name is read again at a pace that any number of events cannot raise; after a lost connection everything. */
import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { usePerson } from '../session/session.ts'
import { listen, type News } from './news.ts'
import { requestsOf } from './pages.ts'

/** Lists that a change of a task or case may touch. */
const LISTS = ['/api/tasks', '/api/cases', '/api/drafts']
const NOTICES = ['/api/notifications', '/api/session']

/** News come in bursts; one look after each burst is enough. */
const gatherMs = 250

/**
 * What is read again, and how often: so many requests at once, then one in so long. Together fewer than 60 in the first
 * minute, 40 in any other; a list on the screen is right within four seconds, the figures on tabs and bell a little later.
 */
const LANES = [
  { isIn: (query: Query) => !isFigure(query), burst: 5, perRequestMs: 2000 },
  { isIn: (query: Query) => isFigure(query), burst: 4, perRequestMs: 7500 },
]

/** Keeps what is shown up to date while somebody is signed in. */
export function useStream(): void {
  const client = useQueryClient()
  const { id } = usePerson()
  useEffect(() => {
    const lanes = LANES.map(lane => runLane(client, lane))
    const leave = subscribe(id, news => lanes.forEach(lane => lane.add(news)))
    return () => {
      leave()
      lanes.forEach(lane => lane.stop())
    }
  }, [client, id])
}

/**
 * One connection for all tabs of the browser, as a browser opens only six to a server by HTTP/1.1. Browsers without shared
 * workers (on phones) listen in the tab that is looked at.
 */
function subscribe(person: string, tell: (news: News) => void): () => void {
  if (typeof SharedWorker === 'undefined') return listenWhileSeen(tell)
  let alone: (() => void) | undefined
  // By its name: two people never share one, should one profile show both.
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { name: `anxin-${person}` })
  worker.onerror = () => { alone ??= listenWhileSeen(tell) }
  worker.port.onmessage = (e: MessageEvent<News>) => tell(e.data)
  return () => {
    worker.port.postMessage('leave')
    alone?.()
  }
}

function listenWhileSeen(tell: (news: News) => void): () => void {
  let stream: ReturnType<typeof listen> | undefined
  const look = (): void => {
    if (document.hidden) stream?.close()
    stream = document.hidden ? undefined : stream ?? listen(tell)
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    stream?.close()
  }
}

/** Reads again what news concern, within its budget. */
function runLane(client: QueryClient, { isIn, burst, perRequestMs }: (typeof LANES)[number]) {
  let news: News[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When all that was read is paid for. */
  let paidAt = 0
  const tell = (): void => {
    const told = news
    news = []
    timer = undefined
    const predicate = (query: Query): boolean => isIn(query) && told.some(one => concerns(query, one))
    const read = document.hidden ? [] : client.getQueryCache().findAll({ type: 'active', predicate })
    paidAt = Math.max(performance.now(), paidAt) + perRequestMs * read.reduce((sum, query) => sum + requestsOf(query), 0)
    // A tab that nobody looks at reads when it is looked at again.
    void client.invalidateQueries({ predicate, refetchType: document.hidden ? 'none' : 'active' })
    // Counting a bureau costs more than reading a list: the board is only marked as outdated, and reads at its own pace.
    if (told.some(({ kind }) => kind !== 'notification')) void client.invalidateQueries({ queryKey: ['get', '/api/board'], refetchType: 'none' })
  }
  return {
    add(one: News): void {
      news.push(one)
      timer ??= setTimeout(tell, Math.max(gatherMs, paidAt - (burst - 1) * perRequestMs - performance.now()))
    },
    stop: () => clearTimeout(timer),
  }
}

type Key = [method: string, path: string, init?: { params?: { path?: { caseNo?: string, id?: string }, query?: { limit?: number } } }]

/** Counts on tabs and on the bell. */
const isFigure = ({ queryKey }: Query): boolean => (queryKey as Key)[1] === '/api/session' || (queryKey as Key)[2]?.params?.query?.limit === 1

/** Whether what a query read may have changed; keys are those of `openapi-react-query`: method, path, parameters. */
function concerns({ queryKey }: Query, news: News): boolean {
  const [, path, init] = queryKey as Key
  const isOf = (prefixes: string[]): boolean => prefixes.some(prefix => path?.startsWith(prefix))
  if (news.kind === 'connected') return isOf([...LISTS, ...NOTICES])
  if (news.kind === 'notification') return isOf(NOTICES)
  if (!isOf(LISTS)) return false
  const { caseNo: shown, id } = init?.params?.path ?? {}
  return (shown === undefined && id === undefined) || shown === news.caseNo || id?.startsWith(news.caseNo) === true
}
