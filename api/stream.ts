/** Server-Sent Events: whoever has a page open is told which of what they may see has changed. Ids only; the page asks for the rest. */
import { PassThrough, type Readable } from 'node:stream'
import { listenForAppends, readChange, type Append, type Change } from '../db/record/changes.ts'
import type { Db } from '../db/connect.ts'
import { asWho, findPeople } from '../db/directory/directory.ts'
import { sightOf, type Who } from '../model/actions.ts'
import { mayKnow } from './cases/act-on-task.ts'
import { problem } from './http/errors.ts'

/** Appends are gathered for so long: a step writes several, and one look at the case serves them all. */
const gatherMs = 100
/** More cases than this at once are not looked at one by one: every page is made to ask anew. */
const tooMany = 200
const heartbeatMs = 20_000
/** A stream ends after this long at the latest, so that a page whose session is over notices. */
const lifetimeMs = 30 * 60_000
/** Pages that a person may have open in one API process. */
const streamsPerPerson = 10
/** How soon a browser comes back. It asks for everything then, so nothing is kept for it. */
const RETRY = 'retry: 1000\n\n'

export type Stream = ReturnType<typeof createStream>

/**
 * Tells pages of appends to the record. Where something may have been missed (the database was away, a page reads too slowly,
 * too much at once), streams are ended: the page connects again and asks for everything.
 */
export function createStream(db: Db) {
  const streams = new Map<string, Set<PassThrough>>()
  let pending = new Map<string, Append>()
  let telling: Promise<void> | undefined

  const end = (personId: string) => streams.get(personId)?.forEach(stream => stream.end())
  const endAll = () => [...streams.keys()].forEach(end)

  function heard({ caseNo, from, to }: Append): void {
    const known = pending.get(caseNo)
    pending.set(caseNo, { caseNo, from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) })
    telling ??= new Promise<void>(resolve => setTimeout(resolve, gatherMs)).then(tell).catch(endAll).finally(() => {
      telling = undefined
      const [next] = pending.values()
      if (next) heard(next)
    })
  }

  async function tell(): Promise<void> {
    const appends = [...pending.values()]
    pending = new Map()
    if (appends.length > tooMany) return endAll()
    if (streams.size === 0) return
    // Who they are now: a role may have been taken away since the stream began.
    const people = await findPeople(db.pool, [...streams.keys()])
    const active = new Set(people.map(({ id }) => id))
    for (const id of streams.keys()) if (!active.has(id)) end(id)
    for (const append of appends) {
      const change = await readChange(db.pool, append, [...active])
      if (change) for (const person of people) send(person.id, messagesOf(change, asWho(person)))
    }
  }

  function send(personId: string, text: string): void {
    for (const stream of streams.get(personId) ?? []) {
      // What does not fit any more waits in memory for a page that does not read: it had better start again.
      if (text !== '' && !stream.writableEnded && !stream.write(text)) stream.destroy()
    }
  }

  const listener = listenForAppends(db, { heard, again: endAll })
  const heartbeat = setInterval(() => [...streams.keys()].forEach(id => send(id, ':\n\n')), heartbeatMs).unref()

  return {
    /** What a person's page reads. @throws Problem `too-many-requests` */
    open(personId: string): Readable {
      const own = streams.get(personId) ?? new Set()
      if (own.size >= streamsPerPerson) throw problem('too-many-requests', '同时打开的页面过多，请关闭一些后再试。')
      const stream = new PassThrough()
      const lifetime = setTimeout(() => stream.end(), lifetimeMs).unref()
      streams.set(personId, own.add(stream))
      stream.once('close', () => {
        clearTimeout(lifetime)
        own.delete(stream)
        if (own.size === 0) streams.delete(personId)
      })
      stream.write(RETRY)
      return stream
    },
    async close(): Promise<void> {
      clearInterval(heartbeat)
      endAll()
      await listener.close()
      await telling
    },
  }
}

/** What of a change concerns this person, by the rules of who may see what. */
export function messagesOf({ state, tasks, notices }: Change, who: Who): string {
  const { caseNo } = state.file
  const sight = sightOf(who, state.file, state.tasks)
  const own = notices.filter(notice => notice.personId === who.id)
  const known = state.tasks.filter(task => tasks.includes(task.id) && mayKnow(who, { state, task }))
  return [
    // Through a window one sees that something has changed where it is for him.
    ...(sight === 'all' || (sight === 'window' && (own.length > 0 || known.length > 0)) ? [message('case', { caseNo })] : []),
    ...known.map(task => message('task', { caseNo, task: task.id })),
    ...own.map(({ id }) => message('notification', { caseNo, id })),
  ].join('')
}

const message = (event: 'case' | 'task' | 'notification', data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
