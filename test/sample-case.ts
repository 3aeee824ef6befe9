/** A made-up case for tests of the record: its events, and how they are appended. */
import type { Deadline } from '../clock/types.ts'
import type { Db } from '../db/connect.ts'
import type { EventData, EventType, NewEvent } from '../model/events.ts'
import { appendEvents, type Appended, type NewDocument } from '../db/record/record.ts'
import type { Actor } from '../model/types.ts'

/** A deadline; only what a test looks at matters. */
export const deadline = (dueAt = '2026-03-12T23:59:59+08:00'): Deadline => ({
  clock: { n: 5, unit: 'workday', source: '[C] 一般事项5个工作日' }, startAt: '2026-03-05T10:00:00+08:00', dueAt, skipped: [], provisional: false, pauses: [], extensions: [],
})

/** A member of a unit, by the id of the sample organisation. */
export const officer = (id: string): Actor => ({ id, unit: id.replace(/-(leader|\d+)$/, '') })

/** An event of any type. */
export const event = <T extends EventType>(type: T, data: EventData[T], actor: Actor | null = null) => ({ type, actor, data }) as NewEvent & { type: T }

/** The contact of enterprise ent-01 files a case; `fields` replaces what matters to the test. */
export const caseOpened = (fields: Partial<EventData['case-opened']> = {}): NewEvent => event('case-opened', {
  procedure: 'enterprise-appeal', title: '货车被扣', restricted: false, ...(fields.restricted && { enterpriseSees: 'nothing' as const }), applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null,
  application: { kind: 'help', subject: '货车被扣' }, deadline: null, ...fields,
}, fields.applicantId?.endsWith('-contact') === false ? officer(fields.applicantId) : { id: fields.applicantId ?? 'ent-01-contact' })

/** The first round of a task `handle` of 经侦大队 waits for a handler; `fields` replaces what matters to the test. */
export function taskOpened(caseNo: string, fields: Partial<EventData['task-opened']> = {}): NewEvent {
  const { name = 'handle', round = 1 } = fields
  return event('task-opened', {
    task: `${caseNo}.${name}.${round}`, name, title: '办理', unit: 'economic-crime', role: 'handler', round, holder: null, offeredTo: null, notBy: [], context: null,
    deadline: deadline(), ...fields,
  })
}

/** A document that is issued; `fields` replaces what matters to the test. */
export const documentIssued = (number: string, fields: Partial<EventData['document-issued']> = {}): NewEvent & { type: 'document-issued' } =>
  event('document-issued', { kind: 'k', number, title: '决定书', content: {}, code: 'ABCD-EFGH-JKLM-NPQR', hash: '0'.repeat(64), to: 'applicant', ...fields })

/** A document to be issued, as a file that says its number. */
export const paper = (fields: Partial<NewDocument> = {}): NewDocument =>
  ({ kind: 'k', prefix: '证', content: {}, to: 'applicant', draw: async ({ number }) => ({ title: '决定书', pdf: Buffer.from(number) }), ...fields })

let count = 0
/** A case number and keys that no other test of the file uses. */
export const fresh = (prefix = 'EA') => `${prefix}-${String(++count).padStart(6, '0')}`

/** Opens a case with these further events; answers its number. */
export async function openCase(db: Db, more: (caseNo: string) => NewEvent[] = no => [taskOpened(no)], fields: Partial<EventData['case-opened']> = {}): Promise<string> {
  const caseNo = fresh()
  await appendEvents(db, caseNo, 'step-1', () => [caseOpened(fields), ...more(caseNo)])
  return caseNo
}

/** Appends these events under a key of their own. */
export const append = (db: Db, caseNo: string, ...events: NewEvent[]): Promise<Appended> => appendEvents(db, caseNo, fresh('key'), () => events)
