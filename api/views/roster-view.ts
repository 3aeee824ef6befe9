/** A month of a unit's roster as somebody may see it, each line with what he may do there now. */
import { z } from 'zod'
import type { Calendar } from '../../clock/calendar.ts'
import { findOnDuty, nameAll, type Names } from '../../db/directory/directory.ts'
import type { Queryable } from '../../db/connect.ts'
import { gapsIn } from '../../db/roster/planning.ts'
import { asTarget, concernedBy, findPattern, findWatched, listAlarms, listNotes, listRequests, proposalsFor, readCalendar, shiftsOf, type NoteRow, type RosterRequestRow, type Target } from '../../db/roster/read.ts'
import type { Who } from '../../model/actions.ts'
import { shanghaiDate, toIso } from '../../model/instants.ts'
import { BUREAU, fitsShift, judgeRoster, leads, ROTATION, rosterActionsOf, rosterRelations, type RosterAction, type Shift } from '../../model/roster.ts'
import { countRoster } from '../../model/roster-figures.ts'
import { atTime, datesOf, draftDueOn, monthAfter, type Span, type Watch } from '../../model/roster-plan.ts'
import type { Role } from '../../model/person.ts'
import { DUTY_STEPS } from '../../workflows/catalogue.ts'
import { toJsonSchema } from '../../workflows/kit/check-forms.ts'
import { rosterForm } from '../../workflows/kit/roster-forms.ts'
import { Action, Json, Named } from '../http/schemas.ts'

const TEXTS: Record<RosterAction, { title: string, irreversible: boolean }> = {
  'plan': { title: '排班', irreversible: false }, 'add': { title: '加一个班', irreversible: false }, 'publish': { title: '公布', irreversible: true }, 'attend': { title: '请求随驻', irreversible: false },
  'reception': { title: '登记接待', irreversible: false }, 'change': { title: '更改', irreversible: false }, 'remove': { title: '删除', irreversible: false }, 'check-in': { title: '到岗', irreversible: false },
  'hand-over': { title: '交班', irreversible: true }, 'swap': { title: '换班', irreversible: false }, 'fill': { title: '补班', irreversible: false }, 'rotation': { title: '确定轮驻人员', irreversible: false },
  'make-up': { title: '安排补驻', irreversible: false }, 'accept': { title: '答复换班', irreversible: true }, 'confirm': { title: '审定换班', irreversible: true }, 'answer': { title: '答复随驻', irreversible: true },
  'decide': { title: '裁定', irreversible: true }, 'attended': { title: '登记随驻', irreversible: true }, 'receive': { title: '接班', irreversible: true }, 'settle': { title: '裁定交接', irreversible: true }, 'respond': { title: '答复缺岗', irreversible: false },
}

const at = () => z.iso.datetime({ offset: true })
const person = Named.nullable()
const actions = z.array(Action)
const span = { from: at(), until: at() }
const Fields = z.record(z.string(), Json)

export const RosterShift = z.object({
  id: z.string(), kind: z.enum(['duty', 'rotation']), unit: Named, person, ...span, state: z.enum(['draft', 'published', 'open', 'held', 'ended', 'replaced', 'cancelled']),
  extended: z.boolean().meta({ description: '到点无人接班，正在续岗' }), extendedTo: at().nullable(), replaces: z.string().nullable(), reason: z.string().nullable(),
  outcome: z.enum(['relieved', 'unrelieved', 'absent', 'present', 'made-up']).nullable(), checkedInAt: at().nullable(), checkedInBy: z.enum(['self', 'outgoing']).nullable(),
  proposals: z.array(Named).meta({ description: '待补的班：可以安排的人员' }), actions,
}).meta({ id: 'RosterShift', title: '班' })

export const RosterMonth = z.object({
  month: z.string(), unit: Named, units: z.array(Named), watch: z.enum(['always', 'workdays']), publishedAt: at().nullable(), draftDueOn: z.string(),
  pattern: z.object({ members: z.array(Named), shifts: z.array(z.object({ startsAt: z.string(), hours: z.number() })), days: z.enum(['every-day', 'workdays']), from: z.string() }).nullable(),
  days: z.array(z.object({ date: z.string(), kind: z.enum(['workday', 'makeup', 'weekend', 'holiday']) })),
  onDuty: z.array(z.object({ unit: Named, person })).meta({ description: '各单位现在值班的人员' }),
  shifts: z.array(RosterShift),
  gaps: z.array(z.object(span)), signedGaps: z.array(z.object({ ...span, reason: z.string() })),
  requests: z.array(z.object({ id: z.string(), kind: z.enum(['swap', 'attend', 'reception']), unit: Named, askedBy: Named, askedAt: at(), dueAt: at().nullable(), state: z.string(), shift: z.string().nullable(), person, ...span, form: Fields, answer: Fields.nullable(), actions })),
  notes: z.array(z.object({
    id: z.string(), number: z.string(), shift: z.string(), writtenBy: person, writtenAt: at(), form: Fields.nullable(), tasks: z.array(z.object({ caseNo: z.string(), task: z.string(), title: z.string(), dueAt: at(), holder: person })),
    state: z.enum(['sent', 'received', 'refused', 'settled']), receivedBy: person, receivedAt: at().nullable(), text: z.string().nullable(), actions,
  })),
  alarms: z.array(z.object({ id: z.string(), ...span, rung: z.int(), raisedAt: at(), state: z.enum(['open', 'filled', 'accepted']), answeredBy: person, reason: z.string().nullable(), actions })),
  figures: z.object({
    dueMinutes: z.number(), coveredMinutes: z.number(), lateCheckIns: z.int(), unrelieved: z.int(), missed: z.int(), alarms: z.int(), alarmsAnswered: z.int(),
    handOvers: z.int(), receivedInTime: z.int(), withRemarks: z.int(), refused: z.int(), tasksHandedOver: z.int(), tasksLate: z.int().meta({ description: '交接后一小时内到期而未按时办结的任务' }),
    attendanceAsked: z.int(), attendanceNamed: z.int(), attendanceRefused: z.int(), attendanceHours: z.number(),
    turns: z.array(z.object({ unit: Named, kept: z.int(), missed: z.int(), madeUp: z.int() })),
    people: z.array(z.object({ person: Named, shifts: z.int(), hours: z.number(), nights: z.int(), daysOff: z.int() })),
  }).nullable(),
  actions,
}).meta({ id: 'RosterMonth', title: '值班表' })

interface Seen { via: Queryable, who: Who, shifts: Shift[], fit: { id: string, name: string }[], month: string }

/** What `who` may do to a target now, with the forms; people are offered where only certain ones can be meant. */
function actionsOn({ who, shifts, fit, month }: Seen, target: Target): Action[] {
  const is = rosterRelations(who, concernedBy(target, shifts))
  return rosterActionsOf(target.place).filter(action => judgeRoster(action, target.place, is) === null && isTimely(action, target)).map((name) => {
    const form = narrowed(toJsonSchema(rosterForm(name, target.roster === ROTATION)) as NonNullable<Action['form']>, target, fit, shifts, who, month)
    return { name, ...TEXTS[name], form: Object.keys(form.properties ?? {}).length === 0 ? null : form }
  })
}

/** What would be refused for its time is not offered. */
function isTimely(action: RosterAction, target: Target): boolean {
  const now = Date.now()
  if (target.what === 'request') return target.request.kind !== 'swap' || target.request.fromAt.getTime() > now
  if (target.what !== 'shift') return true
  const { fromAt, untilAt, outcome } = target.shift
  if (action === 'swap') return fromAt.getTime() - now > 86_400_000
  if (action === 'check-in') return now >= fromAt.getTime() - 3_600_000 && now < untilAt.getTime()
  if (action === 'make-up') return outcome === 'absent'
  if (action === 'hand-over') return outcome !== 'absent' && now - untilAt.getTime() < 86_400_000
  return untilAt.getTime() > now
}

type Schema = NonNullable<Action['form']>
const PEOPLE = ['person', 'giveTo', 'filledBy']

function narrowed(form: Schema, target: Target, fit: Seen['fit'], shifts: Shift[], who: Who, month: string): Schema {
  const properties = { ...(form.properties ?? {}) as Record<string, Schema> }
  delete properties.mine
  delete properties.by
  const others = fit.filter(({ id }) => target.what !== 'shift' || id !== target.shift.personId)
  for (const name of PEOPLE) if (properties[name] && others.length > 0) properties[name] = choice(properties[name], others.map(({ id, name: title }) => ({ const: id, title })))
  if (properties.month) properties.month = { ...properties.month, default: month }
  if (properties.theirs) {
    const theirs = shifts.filter(s => s.state === 'published' && s.personId !== null && s.personId !== who.id && s.fromAt.getTime() > Date.now() + 86_400_000)
    if (theirs.length === 0) delete properties.theirs
    else properties.theirs = choice(properties.theirs, theirs.map(s => ({ const: s.id, title: `${toIso(s.fromAt).slice(5, 16).replace('T', ' ')} ${fit.find(({ id }) => id === s.personId)?.name ?? ''}` })))
  }
  return { ...form, properties } as Schema
}

const choice = (field: Schema, oneOf: { const: string, title: string }[]): Schema => ({ type: 'string', title: field.title!, ...(field.description !== undefined && { description: field.description }), oneOf })

const may = (who: Who, ...roles: Role[]) => [who, ...who.standsInFor].some(as => roles.some(role => as.roles.includes(role)))

/** A month of a roster, `unit` being a unit or the rotation. */
export async function viewMonth(via: Queryable, who: Who, unit: string, month: string): Promise<z.input<typeof RosterMonth>> {
  const [calendar, watched, pattern] = [await readCalendar(via), await findWatched(via, DUTY_STEPS.map(([, , of]) => of)), await findPattern(via, unit)]
  const whole: Span = { fromAt: atTime(`${month}-01`, '00:00'), untilAt: atTime(`${monthAfter(month)}-01`, '00:00') }
  const mine = who.unit === unit || (unit === ROTATION && (who.unit === 'service-centre'))
  const supervises = may(who, 'office', 'bureau-leader')
  const leader = leads(who, unit === ROTATION ? 'service-centre' : unit)
  const shifts = (await shiftsOf(via, unit, whole)).filter(s => s.state !== 'draft' || leader)
  const requests = (await listRequests(via, `from_at < $2 AND until_at > $1 AND (unit_id = $3 OR (asked_by = $4 AND unit_id <> $3 AND kind = 'attend'))`, whole.fromAt, whole.untilAt, unit, who.id)).filter(r => mine || supervises || r.askedBy === who.id || r.personId === who.id)
  const notes = mine || supervises ? await listNotes(via, 'unit_id = $3 AND written_at >= $1 AND written_at < $2', whole.fromAt, whole.untilAt, unit) : []
  const alarms = mine || leader || supervises ? await listAlarms(via, 'unit_id = $3 AND from_at < $2 AND until_at > $1', whole.fromAt, whole.untilAt, unit) : []
  const { rows: [published] } = await via.query('SELECT published_at AS at, gaps FROM roster_month WHERE unit_id = $1 AND month = $2', [unit, month])
  const { rows: people } = await via.query('SELECT id, name, unit_id AS unit, roles FROM person WHERE active AND unit_id = $1 ORDER BY id', [unit])
  const units = [...watched.keys()]
  const duty = new Map<string, string | null>()
  for (const one of units.filter(id => id !== ROTATION)) duty.set(one, await findOnDuty(via, one))
  const now = new Date()
  const proposals = new Map<string, string[]>()
  for (const s of shifts) if (s.state === 'open' && leader && s.untilAt > now) proposals.set(s.id, await proposalsFor(via, s, calendar))
  const names = await nameAll(via, {
    people: new Set([...shifts.flatMap(s => s.personId ?? []), ...requests.flatMap(r => [r.askedBy, r.personId ?? '']), ...notes.flatMap(n => [n.writtenBy ?? '', n.receivedBy ?? '', ...n.tasks.flatMap(t => t.holder ?? '')]), ...alarms.flatMap(a => a.answeredBy ?? ''), ...[...duty.values()].flatMap(id => id ?? ''), ...[...proposals.values()].flat(), ...(pattern?.members ?? [])]),
    units: new Set([unit, ...units, ...shifts.map(s => s.unitId), ...requests.map(r => r.unitId), ...(pattern?.members ?? [])]), enterprises: [],
  })
  const unitNamed = (id: string) => id === ROTATION ? { id, name: '部门轮驻' } : names.unit(id)
  const fit = people.filter((p: { unit: string, roles: Role[] }) => fitsShift('duty', unit, p))
  const turnPeople = unit === ROTATION ? (await via.query(`SELECT id, name, unit_id AS unit FROM person WHERE active AND unit_id = ANY($1) AND NOT roles && ARRAY['admin', 'auditor'] ORDER BY id`, [shifts.map(s => s.unitId)])).rows : []
  const seen = (of: { id: string, name: string }[] = fit): Seen => ({ via, who, shifts, fit: of, month })
  const act = (target: Target) => actionsOn(seen(target.what === 'shift' && unit === ROTATION ? turnPeople.filter((p: { unit: string }) => p.unit === target.shift.unitId) : fit), target)
  const watch: Watch = unit === ROTATION ? 'workdays' : watched.get(unit) ?? 'workdays'
  const ahead = { fromAt: whole.fromAt < now ? now : whole.fromAt, untilAt: whole.untilAt }
  return {
    month, unit: unitNamed(unit), units: units.map(unitNamed), watch, publishedAt: published ? toIso(published.at) : null, draftDueOn: draftDueOn(month, calendar),
    pattern: pattern ? { ...pattern, members: pattern.members.map(id => unit === ROTATION ? names.unit(id) : names.person(id)) } : null,
    days: datesOf(month).map(date => ({ date, kind: calendar.kindOf(date) })),
    onDuty: [...duty].map(([id, person]) => ({ unit: unitNamed(id), person: person === null ? null : names.person(person) })),
    shifts: shifts.map(s => ({ ...viewShift(s, names, now), proposals: (proposals.get(s.id) ?? []).map(id => names.person(id)), actions: act(asTarget.shift(s)) })),
    gaps: ahead.fromAt < ahead.untilAt && (published || shifts.length > 0) ? (await gapsIn({ via, calendar, watched }, unit, ahead, leader ? shifts.filter(s => s.state === 'draft').map(s => s.id) : [])).map(viewSpan) : [],
    signedGaps: published?.gaps ?? [],
    requests: requests.map(r => ({ ...r, ...viewSpan(r), unit: unitNamed(r.unitId), askedBy: names.person(r.askedBy), askedAt: toIso(r.askedAt), dueAt: r.dueAt && toIso(r.dueAt), shift: r.shiftId, person: r.personId === null ? null : names.person(r.personId), form: r.form, answer: r.answer, actions: act(asTarget.request(r)) })),
    notes: notes.map(n => ({ ...n, shift: n.shiftId, form: n.form as never, writtenBy: n.writtenBy === null ? null : names.person(n.writtenBy), writtenAt: toIso(n.writtenAt), receivedBy: n.receivedBy === null ? null : names.person(n.receivedBy), receivedAt: n.receivedAt && toIso(n.receivedAt), tasks: n.tasks.map(t => ({ ...t, holder: t.holder === null ? null : names.person(t.holder) })), actions: act(asTarget.note(n)) })),
    alarms: alarms.map(a => ({ ...a, ...viewSpan(a), raisedAt: toIso(a.raisedAt), answeredBy: a.answeredBy === null ? null : names.person(a.answeredBy), actions: act(asTarget.alarm(a)) })),
    figures: leader || supervises ? { ...await figuresOf(via, { shifts, requests, notes, alarms, watch, calendar, span: { fromAt: whole.fromAt, untilAt: whole.untilAt < now ? whole.untilAt : now }, names }) } : null,
    // What is published is laid no more, and nothing is published without a draft.
    actions: act(asTarget.roster(unit)).filter(({ name }) => name === 'plan' ? !published : name !== 'publish' || (!published && shifts.some(s => s.state === 'draft'))),
  }
}

const viewSpan = ({ fromAt, untilAt }: Span) => ({ from: toIso(fromAt), until: toIso(untilAt) })
const viewShift = (s: Shift, names: Names, now: Date) => ({
  id: s.id, kind: s.kind, unit: names.unit(s.unitId), person: s.personId === null ? null : names.person(s.personId), ...viewSpan(s), state: s.state, extended: s.state === 'held' && s.staysOn && s.untilAt < now,
  extendedTo: s.extendedTo && toIso(s.extendedTo), replaces: s.replaces, reason: s.reason, outcome: s.outcome, checkedInAt: s.checkedInAt && toIso(s.checkedInAt), checkedInBy: s.checkedInBy,
})

async function figuresOf(via: Queryable, { shifts, requests, notes, alarms, watch, calendar, span, names }: { shifts: Shift[], requests: RosterRequestRow[], notes: NoteRow[], alarms: { state: string }[], watch: Watch, calendar: Calendar, span: Span, names: Names }) {
  const { turns, people, ...counted } = countRoster(shifts, watch, span.fromAt < span.untilAt ? span : { fromAt: span.fromAt, untilAt: span.fromAt }, calendar)
  const { rows: [{ late }] } = await via.query(`SELECT count(*)::int AS late FROM shift_note n, jsonb_array_elements(n.tasks) x JOIN task t ON t.id = x->>'task'
    WHERE n.id = ANY($1) AND t.due_at >= n.written_at AND t.due_at < n.written_at + interval '1 hour' AND coalesce(t.completed_at, now()) > t.due_at`, [notes.map(n => n.id)])
  const attend = requests.filter(r => r.kind === 'attend')
  const inTime = (n: NoteRow) => n.receivedAt !== null && n.receivedAt.getTime() - n.writtenAt.getTime() <= 3_600_000
  const hours = (r: RosterRequestRow) => typeof r.answer?.until === 'string' ? (Date.parse(r.answer.until) - r.fromAt.getTime()) / 3_600_000 : 0
  return {
    ...counted, alarms: alarms.length, alarmsAnswered: alarms.filter(a => a.state !== 'open').length,
    handOvers: notes.length, receivedInTime: notes.filter(inTime).length, withRemarks: notes.filter(n => n.result === 'remarks').length, refused: notes.filter(n => n.result === 'refused').length,
    tasksHandedOver: notes.reduce((sum, n) => sum + n.tasks.length, 0), tasksLate: late as number,
    attendanceAsked: attend.length, attendanceNamed: attend.filter(r => r.state === 'named' || r.state === 'attended').length, attendanceRefused: attend.filter(r => r.state === 'refused' || r.state === 'done').length,
    attendanceHours: Math.round(attend.reduce((sum, r) => sum + hours(r), 0) * 10) / 10,
    turns: turns.map(t => ({ ...t, unit: names.unit(t.unit) })), people: people.map(p => ({ ...p, person: names.person(p.person) })),
  }
}

/** What the public may know: which department is in the centre today, and when it is open. */
export async function viewToday(via: Queryable): Promise<{ date: string, department: { id: string, name: string } | null, openingHours: string }> {
  const date = shanghaiDate(new Date())
  const { rows: [turn] } = await via.query(`SELECT u.id, u.name FROM roster r JOIN unit u ON u.id = r.unit_id WHERE r.kind = 'rotation' AND r.state IN ('published', 'open', 'held', 'ended') AND r.outcome IS DISTINCT FROM 'absent' AND r.from_at >= $1 AND r.from_at < $2 ORDER BY r.from_at LIMIT 1`, [atTime(date, '00:00'), new Date(atTime(date, '00:00').getTime() + 86_400_000)])
  return { date, department: turn ?? null, openingHours: '公安每日 24 小时有人值班；进驻部门工作日 09:00 至 17:00' }
}

/** The rosters that somebody begins with: of his own unit where it has one, else the centre's. */
export async function homeRoster(via: Queryable, who: Who): Promise<string> {
  const watched = await findWatched(via, DUTY_STEPS.map(([, , of]) => of))
  return who.unit !== null && watched.has(who.unit) ? who.unit : who.unit === BUREAU ? BUREAU : 'service-centre'
}
