/** The duty roster (中心值班): who is on duty where and when, what passes from one to the next, and the chained record of all of it. */
import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, unique } from 'drizzle-orm/pg-core'
import type { HandOverForm, Pattern, RequestKind, RequestState, ShiftKind, ShiftOutcome, ShiftState, TaskNote } from '../model/roster.ts'
import type { Json } from '../model/types.ts'
import { instant } from './schema-reference.ts'

/** What happened to a unit's roster, in order, hash-chained like the events of a case. The application role may only read and append. */
export const rosterEvent = pgTable('roster_event', {
  unitId: text('unit_id').notNull(),
  seq: integer('seq').notNull(),
  at: instant('at').notNull(),
  type: text('type').notNull(),
  actorId: text('actor_id'),
  actorUnit: text('actor_unit'),
  data: jsonb('data').$type<Record<string, Json>>().notNull(),
  /** Makes a second run of the same act change nothing. */
  key: text('key').notNull(),
  hash: text('hash').notNull(),
  requestHash: text('request_hash'),
}, t => [primaryKey({ columns: [t.unitId, t.seq] }), unique('roster_event_key').on(t.unitId, t.key)])

/** Duty roster (值班表): who is on duty in a unit between two instants; of the rotation (轮驻), which department. A published line is never overwritten: another replaces it. */
export const roster = pgTable('roster', {
  id: text('id').primaryKey(),
  /** Whose roster it is on; of the rotation the department. */
  unitId: text('unit_id').notNull(),
  /** Null: nobody yet. */
  personId: text('person_id'),
  fromAt: instant('from_at').notNull(),
  untilAt: instant('until_at').notNull(),
  kind: text('kind').$type<ShiftKind>().notNull().default('duty'),
  state: text('state').$type<ShiftState>().notNull().default('published'),
  checkedInAt: instant('checked_in_at'),
  checkedInBy: text('checked_in_by').$type<'self' | 'outgoing'>(),
  /** Who holds it stays on duty until the next has come, also after its end. */
  staysOn: boolean('stays_on').notNull().default(false),
  /** Until when it lasted, where that was after its end. */
  extendedTo: instant('extended_to'),
  replaces: text('replaces'),
  reason: text('reason'),
  outcome: text('outcome').$type<ShiftOutcome>(),
}, t => [index('roster_unit').on(t.unitId, t.fromAt), index('roster_person').on(t.personId, t.fromAt), index('roster_live').on(t.untilAt).where(sql`state in ('published', 'open', 'held')`)])

/** Patterns (排班规律) that were laid over months, the last one of a unit being in force; `rotation` is the rotation's unit. */
export const rosterPattern = pgTable('roster_pattern', {
  id: text('id').primaryKey(),
  unitId: text('unit_id').notNull(),
  pattern: jsonb('pattern').$type<Pattern>().notNull(),
  laidAt: instant('laid_at').notNull(),
}, t => [index('roster_pattern_unit').on(t.unitId, t.laidAt)])

/** Months that were published, with the gaps that the leader signed for. */
export const rosterMonth = pgTable('roster_month', {
  unitId: text('unit_id').notNull(),
  /** YYYY-MM. */
  month: text('month').notNull(),
  publishedAt: instant('published_at').notNull(),
  publishedBy: text('published_by').notNull(),
  gaps: jsonb('gaps').$type<{ from: string, until: string, reason: string }[]>().notNull(),
}, t => [primaryKey({ columns: [t.unitId, t.month] })])

/** Hand-overs (交接班记录): what the outgoing says, the open duty tasks, and the receipt. */
export const shiftNote = pgTable('shift_note', {
  id: text('id').primaryKey(),
  number: text('number').notNull().unique(),
  shiftId: text('shift_id').notNull(),
  unitId: text('unit_id').notNull(),
  /** Null: nobody wrote one, the tasks were handed over all the same. */
  writtenBy: text('written_by'),
  writtenAt: instant('written_at').notNull(),
  form: jsonb('form').$type<HandOverForm>(),
  tasks: jsonb('tasks').$type<TaskNote[]>().notNull(),
  state: text('state').$type<'sent' | 'received' | 'refused' | 'settled'>().notNull(),
  receivedBy: text('received_by'),
  receivedAt: instant('received_at'),
  result: text('result').$type<'received' | 'remarks' | 'refused'>(),
  text: text('text'),
}, t => [index('shift_note_unit').on(t.unitId, t.writtenAt)])

/** What is asked of somebody: to change a shift (换班), to attend (随驻); and visits to be received (接待参观). */
export const rosterRequest = pgTable('roster_request', {
  id: text('id').primaryKey(),
  kind: text('kind').$type<RequestKind>().notNull(),
  /** Of whom it is asked. */
  unitId: text('unit_id').notNull(),
  askedBy: text('asked_by').notNull(),
  askedAt: instant('asked_at').notNull(),
  /** By when it is to be answered. */
  dueAt: instant('due_at'),
  state: text('state').$type<RequestState>().notNull(),
  /** The shift that is to be given away, and the person who is asked or named. */
  shiftId: text('shift_id'),
  personId: text('person_id'),
  fromAt: instant('from_at').notNull(),
  untilAt: instant('until_at').notNull(),
  form: jsonb('form').$type<Record<string, Json>>().notNull(),
  answer: jsonb('answer').$type<Record<string, Json>>(),
}, t => [index('roster_request_unit').on(t.unitId, t.fromAt), index('roster_request_person').on(t.personId, t.fromAt)])

/** Hours that nobody covers (缺岗预警): each alarm is answered, or ends when the hours are covered. */
export const rosterAlarm = pgTable('roster_alarm', {
  id: text('id').primaryKey(),
  unitId: text('unit_id').notNull(),
  fromAt: instant('from_at').notNull(),
  untilAt: instant('until_at').notNull(),
  /** Hours before the gap: 168, 72, 24, 2. */
  rung: smallint('rung').notNull(),
  raisedAt: instant('raised_at').notNull(),
  state: text('state').$type<'open' | 'filled' | 'accepted'>().notNull(),
  answeredBy: text('answered_by'),
  answeredAt: instant('answered_at'),
  reason: text('reason'),
}, t => [index('roster_alarm_unit').on(t.unitId, t.fromAt)])
