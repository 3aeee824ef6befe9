/** News of the API, as they come over one connection; in a page or in the worker that several pages share. */

/** Ids, never content. `connected`: what happened before is not told, so whatever was read by then is read anew. */
export type News = { kind: 'connected' } | { kind: 'task' | 'case' | 'notification', caseNo: string }

const reopenMs = 5000

/** Tells all news until it is closed. */
export function listen(tell: (news: News) => void): { close(): void, isConnected(): boolean } {
  let source: EventSource
  let reopening: ReturnType<typeof setTimeout> | undefined
  const open = (): void => {
    source = new EventSource('/api/stream')
    source.onopen = () => tell({ kind: 'connected' })
    // The browser reconnects by itself unless the answer was an error.
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) reopening = setTimeout(open, reopenMs) }
    for (const kind of ['task', 'case', 'notification'] as const) source.addEventListener(kind, (e: MessageEvent<string>) => tell({ kind, caseNo: (JSON.parse(e.data) as { caseNo: string }).caseNo }))
  }
  open()
  return {
    isConnected: () => source.readyState === EventSource.OPEN,
    close() {
      clearTimeout(reopening)
      source.close()
    },
  }
}
