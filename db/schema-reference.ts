/** Reference data that administrators keep: who there is, and the rules. */
import { sql } from 'drizzle-orm'
import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Json } from '../model/types.ts'
import type { Role } from '../model/person.ts'

/** An instant, to the millisecond. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

// ─── who ────────────────────────────────────────────────────────────────────────────────────────

/** Units of the bureau, resident departments, sub-centres, liaison rooms and outside systems. */
export const unit = pgTable('unit', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind').notNull(),
  active: boolean('active').notNull().default(true),
})

export const enterprise = pgTable('enterprise', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Unified social credit code, 18 characters (统一社会信用代码, GB 32100). */
  uscc: text('uscc').notNull(),
  address: text('address'),
  active: boolean('active').notNull().default(true),
})

export const person = pgTable('person', {
  id: text('id').primaryKey(),
  /** Subject of the identity provider's tokens; the only link between a token and this directory. */
  sub: text('sub').notNull().unique(),
  name: text('name').notNull(),
  unitId: text('unit_id').references(() => unit.id),
  enterpriseId: text('enterprise_id').references(() => enterprise.id),
  roles: text('roles').array().$type<Role[]>().notNull(),
  email: text('email'),
  active: boolean('active').notNull().default(true),
}, t => [index('person_unit').on(t.unitId)])

/** What persons, units, enterprises and outside systems (`person`, `system:<id>`) were called before they were renamed: the name until then. */
export const formerName = pgTable('former_name', {
  kind: text('kind').$type<'person' | 'unit' | 'enterprise'>().notNull(),
  id: text('id').notNull(),
  name: text('name').notNull(),
  until: instant('until').notNull(),
}, t => [primaryKey({ columns: [t.kind, t.id, t.until] })])

/** An absence with a proxy (代理人), who takes what is addressed to the absent person's post while it lasts. */
export const absence = pgTable('absence', {
  id: text('id').primaryKey(),
  personId: text('person_id').notNull().references(() => person.id),
  proxyId: text('proxy_id').notNull().references(() => person.id),
  fromAt: instant('from_at').notNull(),
  untilAt: instant('until_at').notNull(),
}, t => [index('absence_proxy').on(t.proxyId, t.untilAt), index('absence_person').on(t.personId, t.untilAt)])

// ─── rules kept as data ─────────────────────────────────────────────────────────────────────────

/** One announced year of the holiday calendar (国务院办公厅关于部分节假日安排的通知). */
export const calendarYear = pgTable('calendar_year', {
  year: integer('year').primaryKey(),
  off: date('off', { mode: 'string' }).array().notNull(),
  work: date('work', { mode: 'string' }).array().notNull(),
  source: text('source').notNull(),
  loadedAt: instant('loaded_at').notNull().defaultNow(),
})

/** Running deadlines computed anew because a year of the calendar was loaded or corrected: how far it has come. */
export const recount = pgTable('recount', {
  id: text('id').primaryKey(),
  year: integer('year').notNull(),
  by: text('by').notNull(),
  at: instant('at').notNull().defaultNow(),
  /** The last case that was looked at, in the order of numbers; null: all were. */
  cursor: text('cursor').default(''),
  looked: integer('looked').notNull().default(0),
  /** Cases whose workflow did not answer; they are asked again. */
  waiting: text('waiting').array().notNull().default([]),
  doneAt: instant('done_at'),
})

/** A deadline that a recount moved. */
export const recountMove = pgTable('recount_move', {
  recountId: text('recount_id').notNull().references(() => recount.id),
  /** Of the task, or the case's number. */
  id: text('id').notNull(),
  caseNo: text('case_no').notNull(),
  fromAt: instant('from_at').notNull(),
  toAt: instant('to_at').notNull(),
}, t => [primaryKey({ columns: [t.recountId, t.id] })])

/** What was opened by the calendar: a procedure's period, once all that belongs to it was opened; before that, why not. */
export const recurrence = pgTable('recurrence', {
  procedure: text('procedure').notNull(),
  period: text('period').notNull(),
  opensOn: date('opens_on').notNull(),
  /** Null: something of it could not be opened yet. */
  openedAt: instant('opened_at'),
  cases: integer('cases').notNull().default(0),
  /** Why something could not be opened, in words. */
  failure: text('failure'),
}, t => [primaryKey({ columns: [t.procedure, t.period] }), index('recurrence_day').on(t.opensOn)])

/** Overrides of a procedure's policy; `task` is '' for the case itself. Effective for tasks opened later. */
export const policyOverride = pgTable('policy_override', {
  procedure: text('procedure').notNull(),
  task: text('task').notNull().default(''),
  patch: jsonb('patch').$type<Json>().notNull(),
  reason: text('reason').notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull().defaultNow(),
}, t => [primaryKey({ columns: [t.procedure, t.task] })])

/** Notices' texts as administrators have changed them, in the place of the standard ones; for notices written later. */
export const noticeText = pgTable('notice_text', {
  procedure: text('procedure').notNull(),
  kind: text('kind').notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  reason: text('reason').notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull().defaultNow(),
}, t => [primaryKey({ columns: [t.procedure, t.kind] })])

/** The administrator's allow-list of webhook destinations, and what each wants to hear. */
export const webhookDestination = pgTable('webhook_destination', {
  /** What notices name: the address may be corrected while they are on their way. */
  id: text('id').primaryKey().default(sql`gen_random_uuid()::text`),
  url: text('url').notNull().unique(),
  secret: text('secret').notNull(),
  procedures: text('procedures').array().notNull(),
  active: boolean('active').notNull().default(true),
})

/** Outside systems that cases are handed to and that answer by signed callback. */
export const outsideSystem = pgTable('outside_system', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  /** Newest first; older ones stay valid for callbacks while a rotation lasts. */
  secrets: text('secrets').array().notNull(),
})
