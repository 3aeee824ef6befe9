/** The vocabulary of the record: every event that can happen to a case, and what it carries. */
import type { Deadline } from '../clock/types.ts'
import type { Actor, Answers, CaseLink, EnterpriseSees, Facts, Json, Party } from './types.ts'
import type { ByProxy } from './actions.ts'
import type { Role } from './person.ts'

/** Whom a notice is for; resolved to persons when it is written. */
export type Audience = 'applicant' | 'holder' | 'leaders' | { party: string } | { person: string } | { unit: string } | { role: Role }

/** Who reads what somebody has written or added: officers alone, or also the applicant, whom it answers. */
export type Readership = 'applicant' | 'officers'

export interface EventData {
  'case-opened': { procedure: string, title: string, restricted: boolean, /** Default: all. */ enterpriseSees?: EnterpriseSees, ofOffice?: true, applicantId: string, enterpriseId: string | null, channel: string | null, application: Facts, /** The case that opened this one. */ parent?: string, deadline: Deadline | null }
  'task-opened': { task: string, /** In whose lane. */ party?: string, name: string, title: string, unit: string, role: Role, round: number, holder: string | null, /** Who hands it over, and answers for it until receipt. */ from?: string, answers?: Answers, offeredTo: string | null, notBy: string[], context: Facts | null, deadline: Deadline }
  'task-claimed': ByProxy & { task: string }
  'task-released': ByProxy & { task: string }
  'task-offered': { task: string, to: string, reason: string }
  'task-rerouted': { task: string, unit: string, role: Role }
  'task-transferred': ByProxy & { task: string, to: string, reason: string }
  'task-delegated': ByProxy & { task: string, to: string, reason: string }
  'task-completed': ByProxy & { task: string, action: string, form: Facts }
  'task-cancelled': { task: string, reason: string }
  'task-lapsed': { task: string }
  'wait-begun': { wait: string, text: string }
  'wait-ended': { wait: string }
  'extension-requested': ByProxy & { task: string, n: number, unit: string, reason: string }
  'deadline-extended': { task: string, deadline: Deadline }
  'deadline-replanned': { clock: string, deadline: Deadline, /** What it was before. */ from: string }
  'clock-chosen': { deadline: Deadline }
  /** From now on its enterprise sees the case. */
  'case-shown': Record<never, never>
  'clock-paused': { deadline: Deadline | null, reason: string }
  'clock-resumed': { deadline: Deadline | null }
  'promise-kept': { deadline: Deadline }
  'reminded': { clock: string, dueAt: string }
  'yellow-card': { clock: string, dueAt: string }
  'red-card': { clock: string, dueAt: string }
  'leader-alerted': { clock: string, dueAt: string }
  'card-acknowledged': ByProxy & { clock: string, note?: string }
  'noted': { name: string, facts: Json, party?: string }
  'linked': ByProxy & CaseLink
  'told': { to: Audience, title: string, body: string, party?: string }
  /** `hash`: SHA-256 of the file as it is kept; `code`: what only who holds it knows; `to`: who reads it, in a lane for its `party` alone. */
  'document-issued': { kind: string, number: string, title: string, content: Facts, code: string, hash: string, to: Readership, party?: string }
  /** It was issued in error, or no longer holds: open to whoever looks at it or has it checked. `to`: who reads the document. */
  'document-withdrawn': { number: string, reason: string, to: Readership, party?: string }
  'document-replaced': { number: string, /** The document in its place. */ by: string, reason: string, to: Readership, party?: string }
  /** A party has got a lane of its own, or has it again. */
  'party-joined': Party
  /** Its lane has ended, with what it came to. */
  'party-left': { party: string, answer: Json }
  'handed-over': { task: string, system: string, payload: Facts }
  'pushed': { system: string, payload: Facts }
  'conflict-declared': { reason: string }
  'persons-excluded': { persons: string[] }
  'commented': ByProxy & { text: string, to: Readership }
  /** `filedAs`: the name as it was sent, odd characters written out, where it is kept under another. */
  'material-added': ByProxy & { to: Readership, id: string, name: string, filedAs?: string, type: string, size: number, hash: string }
  'urged': ByProxy & { text: string | null }
  'application-amended': ByProxy & { application: Facts, title: string, reason: string }
  'withdrawal-requested': ByProxy & { reason: string }
  'cancellation-ordered': ByProxy & { reason: string }
  'notice-failed': { notice: string, channel: string, failure: string }
  'notice-retried': { notice: string }
  /** The workflow was ended or lost and could not be brought back at once, or stands still with a fault of the program. */
  'workflow-halted': { cause: 'lost' | 'fault' }
  'workflow-resumed': Record<never, never>
  'case-closed': { outcome: string, result: Facts | null }
}
export type EventType = keyof EventData

/** An event about to be appended; the door adds sequence, time and hash. */
export type NewEvent = { [T in EventType]: { type: T, actor: Actor | null, data: EventData[T] } }[EventType]

/** An event as it stands in the record. */
export type CaseEvent = NewEvent & { caseNo: string, seq: number, at: Date, key: string, hash: string, requestHash: string | null }
