import { describe, expect, it, test } from 'vitest'
import type { Role } from './person.ts'
import {
  CASE_ACTIONS, caseRelations, judgeCase, judgeTask, maySee, TASK_ACTIONS, taskRelations,
  type CaseAction, type CaseFacts, type Refusal, type TaskAction, type TaskFacts, type Who,
} from './actions.ts'
import type { CaseStatus, TaskStatus } from './types.ts'

const person = (id: string, unit: string | null, roles: Role[], more: Partial<Who> = {}): Who => ({ id, unit, enterprise: null, roles, standsInFor: [], ...more })

/** Of an absent member of 经侦大队. */
const post = (id: string, roles: Role[]) => ({ id, unit: 'economic-crime', enterprise: null, roles })

/** One of each kind, as they stand to a task of 经侦大队 in a case of enterprise ent-01. */
const people: Record<string, Who> = {
  holder: person('handler-1', 'economic-crime', ['handler']),
  colleague: person('handler-2', 'economic-crime', ['handler']),
  leader: person('leader', 'economic-crime', ['unit-leader']),
  applicant: person('contact', null, ['enterprise'], { enterprise: 'ent-01' }),
  participant: person('desk-of-triage', 'traffic', ['handler']),
  office: person('office-1', 'office', ['office']),
  bureau: person('bureau-1', 'bureau', ['bureau-leader']),
  desk: person('desk-2', 'service-centre', ['duty-desk']),
  stranger: person('legal-1', 'legal', ['handler', 'legal-reviewer', 'unit-leader']),
  rival: person('other-contact', null, ['enterprise'], { enterprise: 'ent-02' }),
  // Kept out by law.
  excluded: person('handler-3', 'economic-crime', ['handler', 'unit-leader']),
  'four-eyes': person('handler-4', 'economic-crime', ['handler']),
  // Standing in for somebody who is absent.
  proxy: person('proxy-1', 'traffic', ['handler'], { standsInFor: [post('handler-1', ['handler'])] }),
  'proxy-of-leader': person('proxy-3', 'traffic', ['handler'], { standsInFor: [post('leader', ['unit-leader'])] }),
  'proxy-of-excluded': person('proxy-2', 'traffic', ['handler'], { standsInFor: [post('handler-3', ['handler', 'unit-leader'])] }),
  auditor: person('auditor-1', 'inspectorate', ['auditor']),
  admin: person('admin-1', 'it', ['admin']),
}

const caseIn = (status: CaseStatus, more: Partial<CaseFacts> = {}): CaseFacts => ({
  status, outcome: status === 'closed' ? 'resolved' : null, restricted: false, enterpriseSees: more.restricted ? 'nothing' : 'all', applicantId: 'contact', enterpriseId: 'ent-01', card: 'red', haltedAt: new Date(0),
  parties: [], participants: ['contact', 'desk-of-triage', 'handler-1', 'handler-3'], excluded: ['handler-3'], ...more,
})
const taskIn = (status: TaskStatus, more: Partial<TaskFacts> = {}): TaskFacts => ({
  status, party: null, unitId: 'economic-crime', role: 'handler', holderId: status === 'open' ? null : 'handler-1', notBy: ['handler-4'], card: 'red', ...more,
})
const everything = { actions: ['complete' as const, 'acknowledge' as const, 'refuse' as const], returnsTo: ['triage'], extendable: true as const }

const MARKS = { 'not-permitted': '-', 'action-not-allowed': '.', 'already-claimed': 'taken', 'conflict-of-interest': 'conflict', 'four-eyes': '4eyes', 'task-closed': 'over' } as Record<string, string>
const mark = (refusal: Refusal | null) => (refusal ? MARKS[refusal.code] ?? refusal.code : 'yes')

/** action → what it answers each of these people, as a table to be read. */
function table(actions: string[], names: string[], judge: (action: string, who: Who) => Refusal | null): string {
  const lines = [['', ...names], ...actions.map(action => [action, ...names.map(name => mark(judge(action, people[name]!)))])]
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map(line => line[i]!.length)))
  return `\n${lines.map(line => line.map((cell, i) => cell.padEnd(widths[i]!)).join(' ').trimEnd()).join('\n')}\n`
}

const taskActions: TaskAction[] = ['claim', 'release', 'complete', 'acknowledge', 'refuse', 'return', 'extend', 'delegate', 'transfer', 'acknowledge-card', 'declare-conflict']
const caseActions: CaseAction[] = ['withdraw', 'urge', 'rate', 'amend', 'extend', 'comment', 'link', 'cancel', 'acknowledge-card', 'declare-conflict', 'resume']
const names = Object.keys(people)

// yes: may; `-`: not this person; `.`: not in this state
describe('on a task', () => {
  const judge = (task: TaskFacts) => (action: string, who: Who) => judgeTask(action as TaskAction, who, caseIn('open'), task, everything)

  test('that waits in its unit', () => expect(table(taskActions, names, judge(taskIn('open')))).toMatchInlineSnapshot(`
    "
                     holder colleague leader applicant participant office bureau desk stranger rival excluded four-eyes proxy proxy-of-leader proxy-of-excluded auditor admin
    claim            yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    release          .      .         .      -         -           -      -      -    -        -     conflict 4eyes     .     .               -                 -       -
    complete         yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    acknowledge      yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    refuse           yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    return           yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    extend           .      .         .      -         -           -      -      -    -        -     conflict 4eyes     .     .               -                 -       -
    delegate         .      .         .      -         -           -      -      -    -        -     conflict 4eyes     .     .               -                 -       -
    transfer         -      -         yes    -         -           -      -      -    -        -     conflict 4eyes     -     yes             -                 -       -
    acknowledge-card -      -         yes    -         -           yes    yes    -    -        -     conflict 4eyes     -     yes             -                 -       -
    declare-conflict yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    "
  `))
  test('that somebody holds', () => expect(table(taskActions, names, judge(taskIn('claimed')))).toMatchInlineSnapshot(`
    "
                     holder colleague leader applicant participant office bureau desk stranger rival excluded four-eyes proxy proxy-of-leader proxy-of-excluded auditor admin
    claim            yes    taken     taken  -         -           -      -      -    -        -     conflict 4eyes     yes   taken           -                 -       -
    release          yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    complete         yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    acknowledge      yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    refuse           yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    return           yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    extend           yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    delegate         yes    taken     -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    transfer         -      -         yes    -         -           -      -      -    -        -     conflict 4eyes     -     yes             -                 -       -
    acknowledge-card -      -         yes    -         -           yes    yes    -    -        -     conflict 4eyes     -     yes             -                 -       -
    declare-conflict yes    yes       -      -         -           -      -      -    -        -     conflict 4eyes     yes   -               -                 -       -
    "
  `))
  test.each(['completed', 'cancelled'] as const)('that is %s, nothing', (status) => {
    for (const action of taskActions) for (const name of names) expect(mark(judge(taskIn(status))(action, people[name]!))).toBe(name === 'excluded' ? 'conflict' : 'over')
  })
  test.each([['is closed', caseIn('closed')], ['is about to be closed, being withdrawn', caseIn('open', { outcome: 'withdrawn' })]])('of a case that %s, nothing', (_, file) => {
    for (const action of taskActions) expect(judgeTask(action, people.holder!, file, taskIn('claimed'), everything)).toMatchObject({ code: 'task-closed' })
  })
})

describe('on a case', () => {
  const judge = (file: CaseFacts) => (action: string, who: Who) => judgeCase(action as CaseAction, who, file)
  test('that is open', () => expect(table(caseActions, names, judge(caseIn('open')))).toMatchInlineSnapshot(`
    "
                     holder colleague leader applicant participant office bureau desk stranger rival excluded four-eyes proxy proxy-of-leader proxy-of-excluded auditor admin
    withdraw         -      -         -      yes       -           -      -      -    -        -     conflict -         -     -               -                 -       -
    urge             -      -         -      yes       -           -      -      -    -        -     conflict -         -     -               -                 -       -
    rate             -      -         -      yes       -           -      -      -    -        -     conflict -         -     -               -                 -       -
    amend            -      -         -      yes       -           -      -      -    -        -     conflict -         -     -               -                 -       -
    extend           yes    -         -      yes       yes         -      -      -    -        -     conflict -         yes   -               -                 -       -
    comment          yes    -         -      yes       yes         yes    yes    -    -        -     conflict -         yes   -               -                 -       -
    link             -      -         -      -         -           yes    -      yes  -        -     conflict -         -     -               -                 -       -
    cancel           -      -         -      -         -           yes    yes    -    -        -     conflict -         -     -               -                 -       -
    acknowledge-card -      -         -      -         -           yes    yes    -    -        -     conflict -         -     -               -                 -       -
    declare-conflict yes    -         -      -         yes         -      -      -    -        -     conflict -         yes   -               -                 -       -
    resume           -      -         -      -         -           yes    yes    -    -        -     conflict -         -     -               -                 -       -
    "
  `))
  test('whose clock stands still, the same', () => expect(table(caseActions, names, judge(caseIn('paused')))).toBe(table(caseActions, names, judge(caseIn('open')))))
  test('that is closed', () => expect(table(caseActions, names, judge(caseIn('closed')))).toMatchInlineSnapshot(`
    "
                     holder colleague leader applicant participant office bureau desk stranger rival excluded four-eyes proxy proxy-of-leader proxy-of-excluded auditor admin
    withdraw         .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    urge             .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    rate             .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    amend            .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    extend           .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    comment          yes    -         -      yes       yes         yes    yes    -    -        -     conflict -         yes   -               -                 -       -
    link             .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    cancel           .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    acknowledge-card .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    declare-conflict .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    resume           .      .         .      .         .           .      .      .    .        .     conflict .         .     .               .                 .       .
    "
  `))
})

describe('the applicant’s own task', () => {
  const rate = taskIn('claimed', { unitId: 'applicant', role: 'enterprise', holderId: 'contact', notBy: [] })
  const judge = (action: TaskAction, who = people.applicant!) => mark(judgeTask(action, who, caseIn('open'), rate, {}))
  it('is completed by the applicant, who need not claim it', () => expect([judge('complete'), judge('claim')]).toEqual(['yes', 'yes']))
  it.each(['release', 'transfer', 'delegate', 'declare-conflict'] as const)('cannot be let go of by %s: it would be nobody’s', action => expect(judge(action)).toBe('.'))
  it('is not for another contact, the office or a stranger', () => {
    for (const name of ['rival', 'office', 'stranger', 'leader']) expect(judge('complete', people[name])).toBe('-')
  })
})

describe('what the policy leaves out', () => {
  const judge = (action: TaskAction, policy: Parameters<typeof judgeTask>[4]) => mark(judgeTask(action, people.holder!, caseIn('open'), taskIn('claimed'), policy))
  it.each<[TaskAction, Parameters<typeof judgeTask>[4], string]>([
    ['complete', {}, 'yes'], ['acknowledge', {}, '.'], ['refuse', {}, '.'],
    ['complete', { actions: ['acknowledge', 'refuse'] }, '.'], ['refuse', { actions: ['acknowledge', 'refuse'] }, 'yes'],
    ['return', {}, '.'], ['return', { returnsTo: [] }, '.'], ['return', { returnsTo: ['triage'] }, 'yes'],
    ['extend', {}, '.'], ['extend', { extendable: true }, 'yes'],
  ])('%s under %j: %s', (action, policy, answer) => expect(judge(action, policy)).toBe(answer))
})

describe('a card', () => {
  it.each(['none', 'yellow'])('that is %s cannot be acknowledged, for that would keep the bureau leader from being told', (card) => {
    expect(mark(judgeTask('acknowledge-card', people.leader!, caseIn('open'), taskIn('claimed', { card }), {}))).toBe('.')
    expect(mark(judgeCase('acknowledge-card', people.office!, caseIn('open', { card })))).toBe('.')
  })
  it('is acknowledged once', () => {
    const cardAcknowledgedAt = new Date('2026-03-05T10:00:00+08:00')
    const already = { code: 'action-not-allowed', message: expect.stringMatching(/^红牌已于 .*2026.* 签收，不需再次签收$/) }
    expect(judgeTask('acknowledge-card', people.leader!, caseIn('open'), taskIn('claimed', { cardAcknowledgedAt }), {})).toEqual(already)
    expect(judgeCase('acknowledge-card', people.office!, caseIn('open', { cardAcknowledgedAt }))).toEqual(already)
  })
})

it('that moves needs no resuming', () => {
  expect(mark(judgeCase('resume', people.office!, caseIn('open', { haltedAt: null })))).toBe('.')
})

describe('a restricted case', () => {
  const file = caseIn('open', { restricted: true, applicantId: 'handler-1', participants: ['handler-1', 'handler-3', 'bureau-1'] })
  it('has no applicant but the person, even of the enterprise it is about', () => {
    expect([...caseRelations(people.applicant!, file)]).toEqual([])
    expect([...caseRelations(people.holder!, file)]).toEqual(['applicant', 'participant'])
  })
  it('is supervised only by who takes part', () => {
    expect([...caseRelations(people.office!, file)]).toEqual([])
    expect([...caseRelations(people.bureau!, file)]).toEqual(['participant', 'bureau-leader'])
  })
  it('lets candidates and the leader of the unit at the task', () => {
    expect([...taskRelations(people.colleague!, file, taskIn('open'))]).toEqual(['candidate'])
    expect([...taskRelations(people.leader!, file, taskIn('open'))]).toEqual(['leader'])
  })
})

describe('who sees a case', () => {
  const sees = (file: CaseFacts) => names.filter(name => maySee(people[name]!, file, [taskIn('claimed')]))
  it('its applicant, who takes part (or stands in), who may come to handle it, and who supervises', () => {
    expect(sees(caseIn('open'))).toEqual(['holder', 'colleague', 'leader', 'applicant', 'participant', 'office', 'bureau', 'desk', 'four-eyes', 'proxy', 'proxy-of-leader'])
  })
  it('when it is restricted: only who takes part, or stands in for one who does', () => {
    expect(sees(caseIn('open', { restricted: true }))).toEqual(['holder', 'participant', 'proxy'])
  })
  it('of an enterprise: its contacts, of no other enterprise, and none of a restricted one', () => {
    const colleague = { ...people.applicant!, id: 'second-contact' }
    expect(maySee(colleague, caseIn('open'), [])).toBe(true)
    expect(maySee({ ...colleague, enterprise: null }, caseIn('open', { enterpriseId: null }), [])).toBe(false)
    expect(maySee(people.applicant!, caseIn('open', { restricted: true }), [])).toBe(false)
  })
  it('not the units whose steps are none of its', () => {
    expect(maySee(people.colleague!, caseIn('open'), [taskIn('open', { unitId: 'traffic' })])).toBe(false)
    expect(maySee(people.colleague!, caseIn('open'), [taskIn('open', { role: 'unit-leader' })])).toBe(false)
  })
})

it('has a row for every action and state', () => {
  expect(new Set(Object.values(TASK_ACTIONS).flatMap(t => Object.keys(t)))).toEqual(new Set(taskActions))
  expect(new Set(Object.values(CASE_ACTIONS).flatMap(t => Object.keys(t)))).toEqual(new Set(caseActions))
})
