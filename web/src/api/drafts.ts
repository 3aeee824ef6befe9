/**
 * What is typed into a form is kept on the server as it is typed, under an id that is also the key under which the form is sent: so
 * nothing typed is lost, and what was sent is sent once, whatever comes between.
 */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { near } from '../time.ts'
import { $api, client, type Schemas } from './client.ts'
import { newKey } from './key.ts'
import { ApiProblem, toProblem } from './problem.ts'

export type Draft = Schemas['Draft']
/** An application, the form of an action on a task or a case, or one of the pages of administration. */
export type Subject = { procedure: string } | { task: string, action: string } | { caseNo: string, action: string } | { place: string }

const afterTypingMs = 800
const retryMs = 5000
/** What the browser still sends for a page that is being left. */
const keepaliveBytes = 60_000

interface Which { procedure?: string, caseNo?: string, place?: string }

/** The reader's drafts, the newest first, as they are now; undefined until they are there. Without an answer there are none. */
export function useDrafts(which: Which = {}): Draft[] | undefined {
  const { data, isFetchedAfterMount, error } = useQuery($api.queryOptions('get', '/api/drafts', { params: { query: which } }, { refetchOnMount: 'always', retry: false }))
  return isFetchedAfterMount ? data ?? [] : error ? [] : undefined
}

/** Keeps the lists that are shown in step with what this page has saved or dropped. */
function remember(queries: QueryClient, id: string, draft: Draft | undefined): void {
  for (const [key, list] of queries.getQueriesData<Draft[]>({ queryKey: ['get', '/api/drafts'] })) {
    const { procedure, caseNo, place } = (key[2] as { params?: { query?: Which } } | undefined)?.params?.query ?? {}
    const belongs = draft && (procedure ?? draft.procedure) === draft.procedure && (caseNo ?? draft.caseNo) === draft.caseNo && (place ?? draft.place) === draft.place
    if (list) queries.setQueryData(key, [...(belongs ? [draft] : []), ...list.filter(one => one.id !== id)])
  }
}

export const dropDraft = async (queries: QueryClient, { id, version }: Pick<Draft, 'id' | 'version'>): Promise<void> => {
  await client.DELETE('/api/drafts/{id}', { params: { path: { id }, query: { version } } })
  remember(queries, id, undefined)
}

type Saving = { state: 'none' | 'saving' | 'failed' | 'refused' } | { state: 'saved', at: string }

/** In words, for beside the button. */
export const savingText = (saving: Saving): string =>
  saving.state === 'saved' ? `草稿已保存 ${near(saving.at)}` : { none: '填写的内容会自动保存为草稿', saving: '正在保存草稿…', failed: '草稿暂未保存，恢复连接后自动重试', refused: '草稿未能保存，请勿关闭本页' }[saving.state]

export type OpenDraft = ReturnType<typeof useDraft>

/** What is filled in: forms add empty parts by themselves. */
function essence(value: unknown): string {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, part]) => essence(part) === '' ? [] : [`${JSON.stringify(key)}:${essence(part)}`]) : []
  return typeof value === 'object' || value === undefined || value === '' ? parts.join() && `{${parts.join()}}` : JSON.stringify(value)
}

interface Begin { found: Draft | undefined, id?: string | undefined, initial?: object }

/** A form as it was left (`found`), or a new one, and the keeping of what it becomes. */
export function useDraft(subject: Subject, { found, id, initial = {} }: Begin) {
  const queries = useQueryClient()
  const [value, setValue] = useState<object>(found?.form ?? initial)
  const [saving, setSaving] = useState<Saving>(found ? { state: 'saved', at: found.savedAt } : { state: 'none' })
  const [told, setTold] = useState<string>()
  const now = useRef({ id: found?.id ?? id ?? newKey(), version: found?.version ?? 0, value, unsaved: false, unanswered: false, isDropped: false })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const running = useRef(Promise.resolve())

  const put = (keepalive: boolean) => client.PUT('/api/drafts/{id}', { params: { path: { id: now.current.id } }, body: { version: now.current.version, for: subject as never, form: now.current.value as never }, keepalive })

  /** Both texts are kept: this one goes on as a draft of its own, to be sent on its own. */
  const part = (why: string): Promise<void> => {
    Object.assign(now.current, { id: newKey(), version: 0 })
    setTold(`${why}；本窗口的内容已另存为一份草稿，没有覆盖它。`)
    return saveNow()
  }

  const saveNow = async (): Promise<void> => {
    const { current: kept } = now
    if (!kept.unsaved || kept.isDropped) return
    const sent = kept.value
    setSaving({ state: 'saving' })
    try {
      const { data } = await put(false)
      Object.assign(kept, { version: data!.version, unanswered: false, unsaved: kept.value !== sent })
      remember(queries, kept.id, data)
      setSaving({ state: 'saved', at: data!.savedAt })
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code === 'draft-changed' && kept.unanswered) {
        // It was this page's own last saving, of which no answer came.
        Object.assign(kept, { version: problem.version, unanswered: false })
        return saveNow()
      }
      if (problem.code === 'draft-changed') return part('这份草稿已在另一个窗口修改')
      if (problem.status === 404 && kept.version > 0) return part('这份草稿已在另一个窗口提交或者删除')
      const passes = problem.isPassing || problem.status === 401
      kept.unanswered ||= problem.status === 0
      setSaving({ state: passes ? 'failed' : 'refused' })
      if (passes) later(retryMs)
    }
  }
  const save = (): Promise<void> => running.current = running.current.then(saveNow)
  const later = (ms: number): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void save(), ms)
  }

  useEffect(() => {
    const onLeave = (): void => {
      const { unsaved, isDropped, value } = now.current
      if (unsaved && !isDropped) void put(JSON.stringify(value).length < keepaliveBytes / 3).catch(() => undefined)
    }
    window.addEventListener('pagehide', onLeave)
    return () => {
      window.removeEventListener('pagehide', onLeave)
      clearTimeout(timer.current)
      // What takes the form away may be the very thing that it is to be told of.
      void save().then(() => queries.invalidateQueries({ queryKey: ['get', '/api/drafts'] }))
    }
  }, [])

  const drop = async (): Promise<void> => {
    clearTimeout(timer.current)
    now.current.isDropped = true
    await running.current
    await dropDraft(queries, now.current)
  }

  return {
    value, saving, told,
    change(form: object): void {
      setValue(form)
      const isNews = essence(form) !== essence(now.current.value)
      Object.assign(now.current, { value: form, unsaved: now.current.unsaved || isNews })
      if (isNews) later(afterTypingMs)
    },
    /** Forgets it, here and on the server. */
    drop,
    /**
     * Sends the form under the draft's id, once it is kept, and forgets it once it was taken.
     * @throws ApiProblem as `send` does; when another content was taken under this id before, what is here now becomes a draft of its own
     */
    async send<Answer>(send: (key: string) => Promise<Answer>): Promise<Answer> {
      clearTimeout(timer.current)
      if (now.current.version === 0) now.current.unsaved = true
      await save()
      try {
        const answer = await send(now.current.id)
        await drop().catch(() => undefined)
        return answer
      } catch (error) {
        const problem = toProblem(error)
        if (problem.code !== 'idempotency-key-reused') throw problem
        Object.assign(now.current, { id: newKey(), version: 0, unsaved: true })
        await save()
        throw new ApiProblem({ status: 422, code: problem.code, title: '此前已经提交成功', detail: `上一次提交已经成功${problem.caseNo === undefined ? '' : `，编号 ${problem.caseNo}`}；此后改动的内容没有提交。确需另外提交一份的，请再次提交。` })
      }
    },
  }
}

/** Everything written in a form, line by line. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? Object.values(value).map(textOf).filter(line => line !== '').join('\n') : ''
