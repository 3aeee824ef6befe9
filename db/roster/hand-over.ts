/** 交接班: what the outgoing leaves, with every open duty task, and the receipt of whoever comes on. Until then the sender answers for all of it. */
import { Refused } from '../../model/refused.ts'
import { shanghaiDate } from '../../model/instants.ts'
import type { Shift, TaskNote } from '../../model/roster.ts'
import type { Facts } from '../../model/types.ts'
import type { Queryable } from '../connect.ts'
import { newId, shiftIn, spanData, type Act, type DutySteps } from './acts.ts'
import { listNotes, nextOf, shiftsOf, type NoteRow, type Target } from './read.ts'
import type { NewRosterEvent } from './record.ts'

const DAY_MS = 86_400_000

/** Open duty tasks of a unit, soonest due first: the system lists them, nobody can leave one out. Of restricted cases nothing but that there is a task. */
export async function openTasks(via: Queryable, unitId: string, steps: DutySteps): Promise<TaskNote[]> {
  const { rows } = await via.query(`SELECT CASE WHEN c.restricted THEN '' ELSE t.case_no END AS "caseNo", CASE WHEN c.restricted THEN '' ELSE t.id END AS task, CASE WHEN c.restricted THEN '受限案件的任务' ELSE t.title || '：' || c.title END AS title,
      to_char(t.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') AS "dueAt", CASE WHEN c.restricted THEN NULL ELSE t.holder_id END AS holder
    FROM task t JOIN case_file c USING (case_no) WHERE t.unit_id = $1 AND t.status IN ('open', 'claimed') AND (t.procedure, t.name) IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY t.due_at, t.id`,
  [unitId, steps.map(([procedure]) => procedure), steps.map(([, task]) => task)])
  return rows
}

/** Who has the shift after this one. */
export async function findIncoming(via: Queryable, shift: Shift): Promise<Shift | undefined> {
  const around = await shiftsOf(via, shift.unitId, { fromAt: shift.fromAt, untilAt: new Date(shift.untilAt.getTime() + 4 * DAY_MS) })
  return nextOf(around, shift.id)
}

/** Writes a hand-over; `writtenBy` null: nobody did, the system lists the tasks alone. */
export async function writeNote(via: Queryable, now: Date, shift: Shift, writtenBy: string | null, form: Facts | null, tasks: TaskNote[]): Promise<NewRosterEvent> {
  const { rows: [{ n }] } = await via.query(`SELECT count(*)::int AS n FROM shift_note WHERE number LIKE $1 || '%'`, [`交${shanghaiDate(now).replaceAll('-', '')}-`])
  const [id, number] = [newId('note'), `交${shanghaiDate(now).replaceAll('-', '')}-${n + 1}`]
  await via.query('INSERT INTO shift_note (id, number, shift_id, unit_id, written_by, written_at, form, tasks, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [id, number, shift.id, shift.unitId, writtenBy, now, form && JSON.stringify(form), JSON.stringify(tasks), 'sent'])
  const data = { note: id, number, shift: shift.id, person: shift.personId, to: (await findIncoming(via, shift))?.personId ?? null, tasks: tasks.length, listed: tasks.map(({ caseNo, task, dueAt }) => ({ caseNo, task, dueAt })), form, ...spanData(shift) }
  return writtenBy === null ? { type: 'hand-over-late', data: { ...data, what: 'missing' } } : { type: 'handed-over', data }
}

const handOver: Act = async (c, target, form) => {
  const shift = shiftIn(target)
  const [sent] = await listNotes(c.via, `shift_id = $1 AND state <> 'refused'`, shift.id)
  if (sent) throw new Refused('already-exists', `该班已有交接班记录 ${sent.number}`)
  const event = await writeNote(c.via, c.now, shift, c.who.id, form, await openTasks(c.via, shift.unitId, c.steps))
  return { id: String(event.data.note), events: [event] }
}

function noteIn(target: Target): NoteRow {
  if (target.what !== 'note') throw new Refused('action-not-allowed', '这一项不是交接班记录')
  return target.note
}

const noteData = (note: NoteRow, to: string) => ({ note: note.id, number: note.number, shift: note.shiftId, person: note.writtenBy, to })

const receive: Act = async (c, target, form) => {
  const note = noteIn(target)
  const refused = form.result === 'refused'
  await c.via.query('UPDATE shift_note SET state = $2, received_by = $3, received_at = $4, result = $5, text = $6 WHERE id = $1', [note.id, refused ? 'refused' : 'received', c.who.id, c.now, form.result, form.text ?? null])
  const data = { ...noteData(note, c.who.id), result: form.result!, ...(form.text !== undefined && { text: form.text }) }
  return { events: [{ type: refused ? 'hand-over-refused' : 'received', data }] }
}

/** What the leader says of a hand-over that was refused. */
const settle: Act = async (c, target, form) => {
  const note = noteIn(target)
  await c.via.query(`UPDATE shift_note SET state = 'settled', text = text || E'\\n负责人裁定：' || $2 WHERE id = $1`, [note.id, form.text])
  return { events: [{ type: 'hand-over-settled', data: { ...noteData(note, note.receivedBy!), text: form.text! } }] }
}

export const HANDING_OVER = { 'hand-over': handOver, receive, settle }
