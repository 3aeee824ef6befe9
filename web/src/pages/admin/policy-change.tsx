/** Changes a time, its ladder, and who does what it is for; says what that does before it is saved. */
import { Flex, Form, Input, InputNumber, Select } from 'antd'
import { useWorkdays } from '../../api/reference.ts'
import { ROLES, type Role } from '../../session/roles.ts'
import { allowed, date, dateTime, now, type ClockUnit } from '../../time.ts'
import { Kept, type Form as Draft } from './kept.tsx'
import { PolicyForm } from './policy-form.tsx'
import { ladderText, partsOf, UNITS, type Clock, type Doer, type Ladder, type Ladders, type Span, type Timed, type Unit } from './policy.ts'

/** What can be other than it is in force; `ladder` null: that of the clock's unit. */
interface Rule { clock: Clock, ladder: Ladder | null, doer: Doer | null }

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const bare = ({ n, unit, source }: Clock): Clock => ({ n, unit, source })

/** The change beside what was changed of the same task before: a change takes the place of the former one as a whole. */
function patchOf({ policy, task, kind, clock, ladder, assigned }: Timed, next: Rule): object {
  const former = (policy.overrides.find(o => o.task === task)?.patch ?? {}) as { clock?: object }
  const before = former.clock && (kind === null ? bare(former.clock as Clock) : Object.fromEntries(Object.entries(former.clock).map(([name, one]) => [name, bare(one as Clock)])))
  const changed = kind === null ? bare(next.clock) : { ...before, [kind]: bare(next.clock) }
  const after = same(clock, next.clock) ? before : changed
  // Only what is another one: a unit that is named is one that nobody named for the case.
  const moved = Object.fromEntries(Object.entries(next.doer ?? {}).filter(([field, value]) => value !== assigned?.[field as keyof Doer]))
  return { ...former, ...moved, ...(after && { clock: after }), ...(!same(ladder, next.ladder) && { ladder: next.ladder }) }
}

/** Those who do cases. */
const DOERS: Role[] = ['handler', 'unit-leader', 'duty-desk', 'legal-reviewer', 'office', 'bureau-leader']

interface Props { timed: Timed, units: Unit[], ladders: Ladders, onDone: () => void }

type Filled = Rule & { reason: string }

export function PolicyChange(props: Props) {
  const { policy, task, kind, clock, ladder, assigned } = props.timed
  return (
    <Kept<Filled> place={`policies/${[policy.procedure, task || 'case', ...kind === null ? [] : [kind]].join('/')}`} initial={{ clock, ladder, doer: assigned, reason: '' }}>
      {draft => <Change {...props} draft={draft} />}
    </Kept>
  )
}

function Change({ timed, units, ladders, draft, onDone }: Props & { draft: Draft<Filled> }) {
  const { policy, task, kind, clock, ladder, lapses, assigned } = timed
  const next = draft.value
  const change = (part: Partial<Rule>): void => draft.change({ ...next, ...part })
  const isWorkday = useWorkdays()
  const { doer } = next
  const isMoved = !same(doer, assigned)
  const steps = next.ladder ?? ladders[next.clock.unit]
  const isStepped = !same(steps, ladder ?? ladders[clock.unit])
  const effect = `现在开始的任务：${[
    `原定 ${dueText(clock, isWorkday)} 到期，修改后 ${dueText(next.clock, isWorkday)} 到期`,
    ...(isMoved && doer ? [`改由${units.find(unit => unit.id === doer.unit)?.name ?? '办理时指定的单位'}的${ROLES[doer.role].title}办理`] : []),
    ...(isStepped ? [ladderText(steps, lapses)] : []),
  ].join('；')}。已经开始的任务不变。`
  return (
    <PolicyForm
      procedure={policy.procedure} task={task} patch={() => patchOf(timed, next)} isChanged={isMoved || isStepped || !same(next.clock, clock)} effect={effect} saved="已修改，对此后开始的任务生效" draft={draft as unknown as Draft<{ reason: string }>} onDone={onDone}
    >
      <Form.Item label="期限" htmlFor="clock"><SpanInput id="clock" name="期限" min={clock.before === undefined ? 1 : 0} value={next.clock} onChange={value => change({ clock: { ...next.clock, ...value } })} /></Form.Item>
      <Form.Item label="依据" htmlFor="clock-source"><Input id="clock-source" value={next.clock.source} onChange={e => change({ clock: { ...next.clock, source: e.target.value } })} /></Form.Item>
      {doer && doer.unit !== '' && <Form.Item label="办理单位" htmlFor="doer-unit"><Select id="doer-unit" showSearch={{ optionFilterProp: 'label' }} value={doer.unit} options={units.filter(unit => unit.kind !== 'outside').map(({ id, name }) => ({ value: id, label: name }))} onChange={unit => change({ doer: { ...doer, unit } })} /></Form.Item>}
      {doer && <Form.Item label="办理角色" htmlFor="doer-role"><Select id="doer-role" value={doer.role} options={DOERS.map(role => ({ value: role, label: ROLES[role].title }))} onChange={role => change({ doer: { ...doer, role } })} /></Form.Item>}
      <Form.Item label="提醒" htmlFor="ladder-reminders" extra={`用去期限的多少时提醒办理人。${kind === null ? '' : '提醒和出牌对这个环节的各种期限都一样。'}`}>
        <Select id="ladder-reminders" mode="multiple" showSearch={{ optionFilterProp: 'label' }} maxCount={5} placeholder="不提醒" value={steps.reminders} options={partsOf(steps.reminders)} onChange={reminders => change({ ladder: { ...steps, reminders: reminders.toSorted((a, b) => a - b) } })} />
      </Form.Item>
      {!lapses && (
        <>
          <Form.Item label="到期后多久出示红牌" htmlFor="ladder-red"><SpanInput id="ladder-red" name="红牌" min={1} value={steps.red} onChange={red => change({ ladder: { ...steps, red } })} /></Form.Item>
          <Form.Item label="红牌后多久报局领导" htmlFor="ladder-leader" extra="0：与红牌同时。已签收红牌的不再报。"><SpanInput id="ladder-leader" name="报局领导" min={0} value={steps.leader} onChange={leader => change({ ladder: { ...steps, leader } })} /></Form.Item>
        </>
      )}
    </PolicyForm>
  )
}

const DEMONSTRATION = [...UNITS, { value: 'second' as const, label: '秒（演示）' }]

/** A length of time; that in seconds can only be one that was in seconds. */
function SpanInput({ id, name, min, value: { n, unit }, onChange }: { id: string, name: string, min: number, value: Span, onChange: (span: Span) => void }) {
  return (
    <Flex gap={8}>
      <InputNumber id={id} aria-label={`${name}数量`} min={min} max={1000} precision={0} value={n} onChange={value => onChange({ n: value ?? min, unit })} />
      <Select aria-label={`${name}单位`} value={unit} options={unit === 'second' ? DEMONSTRATION : UNITS} style={{ width: 120 }} onChange={value => onChange({ n, unit: value })} />
    </Flex>
  )
}

/** When a task that begins now would be due. */
const dueText = ({ n, unit, before }: Clock, isWorkday: (day: string) => boolean): string =>
  before !== undefined ? `${allowed({ n, unit, before })} 23:59` : unit === 'hour' || unit === 'second' ? dateTime(new Date(now().getTime() + n * (unit === 'hour' ? 3600_000 : 1000))) : `${lastDay(n, unit, isWorkday)} 23:59`

/** The corresponding day so many months later, or the last day of a month that has none (民法典202). */
function afterMonths(at: number, months: number): number {
  const from = new Date(at)
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months]
  return Date.UTC(year, month, Math.min(from.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate()))
}

/** The day on which a time in days ends that begins today; one that ends on a day off rolls forward. */
function lastDay(n: number, unit: ClockUnit, isWorkday: (day: string) => boolean): string {
  let at = Date.parse(date(now()))
  const day = (): string => new Date(at).toISOString().slice(0, 10)
  if (unit === 'month' || unit === 'year') at = afterMonths(at, n * (unit === 'year' ? 12 : 1))
  else for (let left = n; left > 0;) {
    at += 86_400_000
    if (unit === 'day' || isWorkday(day())) left--
  }
  while (!isWorkday(day())) at += 86_400_000
  return day()
}
