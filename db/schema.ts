import { sql } from 'drizzle-orm'
import { bigserial, boolean, customType, index, integer, jsonb, pgSequence, pgTable, primaryKey, smallint, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { ClockUnit, Deadline } from '../clock/types.ts'
import type { Answers, Card, CardOf, CaseLink, CaseStatus, EnterpriseSees, Json, PartyState, TaskStatus, Wait } from '../model/types.ts'
import type { Readership } from '../model/events.ts'
import type { Role } from '../model/person.ts'
import type { CaseRow, DocumentRow, TaskRow } from '../model/state.ts'
import { instant, person } from './schema-reference.ts'

export * from './schema-reference.ts'
export * from './schema-roster.ts'

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Whether two types are the same: the read tables hold what the fold comes to, column by column, or this file does not compile. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
true satisfies Same<{ [K in keyof CaseRow]: CaseRow[K] }, typeof caseFile.$inferSelect>
true satisfies Same<{ [K in keyof TaskRow]: TaskRow[K] }, typeof task.$inferSelect>
true satisfies Same<{ [K in keyof DocumentRow]: DocumentRow[K] }, typeof document.$inferSelect>

// ─── the record ─────────────────────────────────────────────────────────────────────────────────

export const caseNoSequence = pgSequence('case_no_seq')

/** A start promised under an idempotency key: the case number exists before the case does. */
export const startRequest = pgTable('start_request', {
  personId: text('person_id').notNull(),
  key: text('key').notNull(),
  bodyHash: text('body_hash').notNull(),
  caseNo: text('case_no').notNull(),
  procedure: text('procedure').notNull(),
  /** What the case is started with; null once it is in the record, which then says it. */
  input: jsonb('input').$type<Json>(),
  createdAt: instant('created_at').notNull().defaultNow(),
}, t => [primaryKey({ columns: [t.personId, t.key] }), index('start_request_promised').on(t.caseNo).where(sql`input is not null`)])

/** The truth: what happened to each case, in order, hash-chained. The application role may only read and append. */
export const caseEvent = pgTable('case_event', {
  caseNo: text('case_no').notNull(),
  seq: integer('seq').notNull(),
  at: instant('at').notNull(),
  type: text('type').notNull(),
  actorId: text('actor_id'),
  actorUnit: text('actor_unit'),
  data: jsonb('data').$type<Record<string, Json>>().notNull(),
  /** Makes a second run of the same step change nothing. */
  key: text('key').notNull(),
  /** SHA-256 of the previous event's hash and this event in canonical JSON, hexadecimal. */
  hash: text('hash').notNull(),
  /** SHA-256 of the request that caused it: a repeat of the key with another body is refused. */
  requestHash: text('request_hash'),
}, t => [
  primaryKey({ columns: [t.caseNo, t.seq] }), unique('case_event_key').on(t.caseNo, t.key),
  // What an officer has passed on to others, and what was handed over in a case.
  index('case_event_passed_on').on(t.actorId).where(sql`type in ('task-transferred','task-delegated')`),
  index('case_event_handed_over').on(t.caseNo).where(sql`type = 'handed-over' or type = 'task-opened' and data ? 'from'`),
])

/** Read table: one row a case, folded from its events by the projector. */
export const caseFile = pgTable('case_file', {
  caseNo: text('case_no').primaryKey(),
  procedure: text('procedure').notNull(),
  title: text('title').notNull(),
  status: text('status').$type<CaseStatus>().notNull(),
  stage: text('stage').notNull(),
  outcome: text('outcome'),
  card: text('card').$type<Card>().notNull(),
  /** The clock that brought it the card, and whose it was then. */
  cardOf: jsonb('card_of').$type<CardOf>(),
  /** When its red card, as it stands, was acknowledged. */
  cardAcknowledgedAt: instant('card_acknowledged_at'),
  restricted: boolean('restricted').notNull(),
  enterpriseSees: text('enterprise_sees').$type<EnterpriseSees>().notNull(),
  /** When it was shown to its enterprise (`c.show`); null: from the beginning, or not yet. */
  shownAt: instant('shown_at'),
  /** No application: nobody applies, nothing is accepted. */
  ofOffice: boolean('of_office').notNull(),
  enterpriseId: text('enterprise_id'),
  /** Who is asked to supplement and rate; `filed_by` is the officer when one filed it on the enterprise's behalf. */
  applicantId: text('applicant_id').notNull(),
  filedBy: text('filed_by').notNull(),
  /** The unit of the officer who filed it; null where an enterprise did. */
  filedUnit: text('filed_unit'),
  channel: text('channel'),
  unitId: text('unit_id'),
  round: smallint('round').notNull(),
  rating: text('rating'),
  application: jsonb('application').$type<Record<string, Json>>().notNull(),
  /** What checks and steps have established (`c.note`), by name. */
  facts: jsonb('facts').$type<Record<string, Json>>().notNull(),
  result: jsonb('result').$type<Json>(),
  deadline: jsonb('deadline').$type<Deadline>(),
  links: jsonb('links').$type<CaseLink[]>().notNull(),
  waits: jsonb('waits').$type<Wait[]>().notNull(),
  /** Those who have a lane of their own. */
  parties: jsonb('parties').$type<PartyState[]>().notNull(),
  /** Persons who take part: applicant, holders, completers, named recipients. */
  participants: text('participants').array().notNull(),
  /** Persons who declared a conflict of interest (回避) and may not act at any step. */
  excluded: text('excluded').array().notNull(),
  openedAt: instant('opened_at').notNull(),
  /** When the applicant last urged. */
  urgedAt: instant('urged_at'),
  dueAt: instant('due_at'),
  /** In which `due_at` is counted down. */
  dueUnit: text('due_unit').$type<ClockUnit>(),
  closedAt: instant('closed_at'),
  /** Since when its workflow stands still; null: it moves. */
  haltedAt: instant('halted_at'),
  lastSeq: integer('last_seq').notNull(),
  lastHash: text('last_hash').notNull(),
}, t => [
  index('case_file_open').on(t.openedAt).where(sql`status <> 'closed'`),
  index('case_file_halted').on(t.caseNo).where(sql`halted_at is not null`),
  index('case_file_newest').on(t.openedAt, t.caseNo),
  index('case_file_enterprise').on(t.enterpriseId, t.openedAt),
  index('case_file_filed').on(t.filedBy),
  index('case_file_participants').using('gin', t.participants).where(sql`restricted`),
  index('case_file_restricted').on(t.procedure).where(sql`restricted`),
  index('case_file_links').using('gin', t.links).where(sql`links <> '[]'`),
  index('case_file_parties').using('gin', sql`parties jsonb_path_ops`).where(sql`parties <> '[]'`),
  // Look-ups of registers, and rules that look back.
  index('case_file_application').using('gin', t.application.op('jsonb_path_ops')),
  index('case_file_excluded').using('gin', t.excluded).where(sql`cardinality(excluded) > 0`),
])

/** Read table: one row a round of a human task. */
export const task = pgTable('task', {
  id: text('id').primaryKey(),
  caseNo: text('case_no').notNull(),
  procedure: text('procedure').notNull(),
  name: text('name').notNull(),
  /** In whose lane; null: in the case's own. */
  party: text('party'),
  title: text('title').notNull(),
  status: text('status').$type<TaskStatus>().notNull(),
  unitId: text('unit_id').notNull(),
  role: text('role').$type<Role>().notNull(),
  holderId: text('holder_id'),
  /** Who answers for it where its holder is somebody outside. */
  answers: jsonb('answers').$type<Answers>(),
  /** The holder who delegated the task and stays answerable for it. */
  delegatedBy: text('delegated_by'),
  round: smallint('round').notNull(),
  /** Persons who may not do this round: four eyes, rework by another handler. */
  notBy: text('not_by').array().notNull(),
  context: jsonb('context').$type<Record<string, Json>>(),
  deadline: jsonb('deadline').$type<Deadline>().notNull(),
  createdAt: instant('created_at').notNull(),
  dueAt: instant('due_at').notNull(),
  card: text('card').$type<Card>().notNull(),
  /** When its red card, as it stands, was acknowledged. */
  cardAcknowledgedAt: instant('card_acknowledged_at'),
  /** When the holder was first reminded of the deadline as it stands: from then on it is about to be due. */
  remindedAt: instant('reminded_at'),
  completedBy: text('completed_by'),
  completedAt: instant('completed_at'),
  action: text('action'),
  result: jsonb('result').$type<Record<string, Json>>(),
}, t => [
  index('task_case').on(t.caseNo),
  index('task_queue').on(t.unitId, t.role, t.dueAt, t.id).where(sql`status = 'open'`),
  // For the length of a queue: in the table's own order, which an index by due date is not, it is counted several times faster.
  index('task_queue_size').on(t.unitId, t.role).where(sql`status = 'open'`),
  index('task_holder').on(t.holderId, t.dueAt, t.id).where(sql`status = 'claimed'`),
  index('task_done').on(t.completedBy, t.completedAt, t.id).where(sql`status = 'completed'`),
  index('task_live').on(t.unitId, t.role, t.dueAt, t.id).where(sql`status in ('open','claimed')`),
  index('task_not_by').using('gin', t.notBy).where(sql`status = 'open' and cardinality(not_by) > 0`),
])

/** Numbered documents issued in a case; a number is given once and never again. */
export const document = pgTable('document', {
  number: text('number').primaryKey(),
  caseNo: text('case_no').notNull(),
  /** For whom alone it is; null: for the applicant. */
  party: text('party'),
  kind: text('kind').notNull(),
  /** As it stands on it. */
  title: text('title').notNull(),
  content: jsonb('content').$type<Record<string, Json>>().notNull(),
  /** With its number, what proves that somebody holds it. */
  code: text('code').notNull(),
  /** SHA-256 of the file, hexadecimal. */
  hash: text('hash').notNull(),
  /** Who reads it, beside officers. */
  readers: text('readers').$type<Readership>().notNull(),
  issuedAt: instant('issued_at').notNull(),
}, t => [index('document_case').on(t.caseNo), index('document_kind').on(t.kind, t.issuedAt), index('document_hash').on(t.hash)])

/** Documents as files, which nothing can bring back: as they were issued. */
export const documentFile = pgTable('document_file', {
  number: text('number').primaryKey(),
  /** Null where content is kept on disk, under its hash. */
  content: bytes('content'),
})

/** Last number given per kind and year; locked while a document is issued, so numbers have no gaps. */
export const documentCounter = pgTable('document_counter', {
  kind: text('kind').notNull(),
  year: integer('year').notNull(),
  last: integer('last').notNull(),
}, t => [primaryKey({ columns: [t.kind, t.year] })])

/** In-app inbox and outbox of notices in one table, written with the events that cause them. */
export const notice = pgTable('notice', {
  id: text('id').primaryKey(),
  /** Null: it belongs to no case. */
  caseNo: text('case_no'),
  /** The task it is about; null where it is about the case. */
  taskId: text('task_id'),
  /** Where the workbench shows what it is about; null: its case. */
  href: text('href'),
  /** The recipient; null for webhooks and outside systems. */
  personId: text('person_id'),
  channel: text('channel').$type<'inbox' | 'email' | 'webhook' | 'system'>().notNull(),
  /** Mail address, destination URL or outside system's id; null for the inbox. */
  address: text('address'),
  /** Of which kind (`NOTICES`), `told` in the words of a procedure, or the event that an outside system hears of. */
  kind: text('kind').notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  /** Of the inbox: while it is unread, more of the same bundle counts it up instead of becoming another row; title, body and case are the latest's. */
  bundle: text('bundle'),
  count: integer('count').notNull().default(1),
  /** `done` for the inbox at once; outside: pending → sending (a workflow has it) → done | failed. */
  state: text('state').$type<'pending' | 'sending' | 'done' | 'failed'>().notNull(),
  failure: text('failure'),
  /** How often somebody had it sent again after it was given up. */
  attempt: smallint('attempt').notNull().default(0),
  createdAt: instant('created_at').notNull(),
  readAt: instant('read_at'),
  doneAt: instant('done_at'),
}, t => [
  index('notice_inbox').on(t.personId, t.createdAt).where(sql`channel = 'inbox'`),
  index('notice_unread').on(t.personId).where(sql`channel = 'inbox' and read_at is null`),
  uniqueIndex('notice_bundle').on(t.personId, t.bundle).where(sql`bundle is not null and read_at is null`),
  index('notice_outbox').on(t.createdAt).where(sql`state = 'pending'`),
  index('notice_failed').on(t.createdAt).where(sql`state = 'failed'`),
])

/** Files that belong to a case (材料); that one was added, and its hash, is an event of the case. */
export const material = pgTable('material', {
  id: text('id').primaryKey(),
  caseNo: text('case_no').notNull(),
  name: text('name').notNull(),
  /** As found in its first bytes, not as it was called. */
  type: text('type').notNull(),
  size: integer('size').notNull(),
  /** SHA-256 of the content, hexadecimal. */
  hash: text('hash').notNull(),
  /** Null where content is kept on disk, under the id. */
  content: bytes('content'),
  addedBy: text('added_by').notNull(),
  /** Of whoever added it; null for officers. */
  enterpriseId: text('enterprise_id'),
  /** Who reads it; its own people read what an enterprise has added. */
  readers: text('readers').$type<Readership>().notNull(),
  addedAt: instant('added_at').notNull(),
  /** While the case that it was sent to is not in the record yet: what its event will need. */
  waiting: jsonb('waiting').$type<{ key: string, requestHash: string, unit: string | null, filedAs?: string }>(),
}, t => [index('material_case').on(t.caseNo, t.addedAt), index('material_waiting').on(t.caseNo).where(sql`waiting is not null`)])

/** What somebody has begun to fill in and not sent yet: an application, the form of an action on a case or a task, or one of the pages of administration. */
export const draft = pgTable('draft', {
  personId: text('person_id').notNull().references(() => person.id),
  /** Chosen by the page; also the key under which it is sent, so that it is sent once however often. */
  id: text('id').notNull(),
  /** Counts up with each saving; who has seen an older one does not write over it. */
  version: integer('version').notNull(),
  /** Null: a page of administration. */
  procedure: text('procedure'),
  /** Which form of administration: `people/auditor-1`. */
  place: text('place'),
  /** Null: an application. */
  caseNo: text('case_no'),
  /** Null: about the case as a whole. */
  taskId: text('task_id'),
  action: text('action'),
  /** JSON as text: what is being typed may hold characters that no record takes. */
  form: text('form').notNull(),
  savedAt: instant('saved_at').notNull().defaultNow(),
}, t => [primaryKey({ columns: [t.personId, t.id] })])

// Logs that nobody may change: number and hash of each row follow from the row before it (`logs.sql`).

/** Who looked at restricted cases, and who was turned away; without a case: who took lists or these logs along. */
export const accessLog = pgTable('access_log', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  at: instant('at').notNull().defaultNow(),
  personId: text('person_id').notNull(),
  caseNo: text('case_no'),
  allowed: boolean('allowed').notNull(),
  what: text('what').notNull(),
  hash: text('hash').notNull(),
}, t => [index('access_log_look').on(t.personId, t.at)])

/** Sessions of browsers that were signed out, until they would have ended by themselves. */
export const endedSession = pgTable('ended_session', {
  id: text('id').primaryKey(),
  until: instant('until_at').notNull(),
})

/** Actions refused for a reason of law (permission, conflict, four eyes). */
export const refusal = pgTable('refusal', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  at: instant('at').notNull().defaultNow(),
  personId: text('person_id').notNull(),
  caseNo: text('case_no'),
  taskId: text('task_id'),
  action: text('action').notNull(),
  code: text('code').notNull(),
  hash: text('hash').notNull(),
})

/** What administrators changed, in order: directory, calendar, policies, allow-lists. */
export const adminLog = pgTable('admin_log', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  at: instant('at').notNull().defaultNow(),
  personId: text('person_id').notNull(),
  what: text('what').notNull(),
  before: jsonb('before').$type<Json>(),
  after: jsonb('after').$type<Json>(),
  hash: text('hash').notNull(),
})
