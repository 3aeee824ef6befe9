/** What an administrator may change of a policy: how long, by which ladder, by whom, and the figures of its checks. */
import { z } from 'zod'
import type { Clock as PolicyClock } from '../clock/types.ts'
import { toPointer, type FieldError } from '../workflows/kit/check-forms.ts'
import { choice, id, line } from '../workflows/kit/fields.ts'
import type { Json } from '../model/types.ts'
import type { Policy, TaskPolicy } from '../model/policy.ts'

const unit = choice('单位', { workday: '工作日', day: '自然日', month: '个月', year: '年', hour: '小时', second: '秒（演示）' })
const n = z.int().min(0).max(1000).meta({ title: '数量' })
const Clock = z.strictObject({ n, unit, source: line('依据', 200) }).meta({ title: '期限' })
const Span = z.strictObject({ n: z.int().min(1).max(1000).meta({ title: '数量' }), unit })

const Ladder = z.strictObject({
  reminders: z.array(z.number().gt(0).lt(1)).max(5).meta({ title: '提醒时点', description: '已用期限的比例，如 0.8' }),
  red: Span.meta({ title: '到期后多久出示红牌' }),
  leader: Span.extend({ n: z.int().min(0).max(1000).meta({ title: '数量' }) }).meta({ title: '红牌后多久报局领导', description: '0：与红牌同时' }),
}).meta({ title: '升级阶梯' })

/** A change to a procedure's policy; what is left out stays. */
export const PolicyPatch = z.strictObject({
  clock: z.union([Clock, z.record(z.string().max(64), Clock)]).optional().meta({ title: '期限', description: '有多种期限的，按名称填写要修改的' }),
  ladder: Ladder.optional(),
  unit: id('办理单位').optional(),
  role: z.enum(['handler', 'unit-leader', 'duty-desk', 'legal-reviewer', 'office', 'bureau-leader']).optional().meta({ title: '办理角色' }),
  figures: z.record(z.string().max(64), z.json()).optional().meta({ title: '核查所用数值' }),
}).meta({ examples: [{ clock: { n: 4, unit: 'workday', source: '[C] 局党委会议纪要' } }, { ladder: { reminders: [0.5, 0.8], red: { n: 1, unit: 'workday' }, leader: { n: 1, unit: 'workday' } } }] })
export type PolicyPatch = z.infer<typeof PolicyPatch>

/** A patch as it is kept, complete in every field that it names; or what is wrong with it. */
export type Checked = { patch: { [field: string]: Json } } | { errors: FieldError[] }

type Fault = { path: PropertyKey[], detail: string }

/** Checks a patch against the policy that it changes: `task` is the task's name, '' for the case itself. */
export function checkPatch(policy: Policy, task: string, patch: PolicyPatch): Checked {
  const of: Policy | TaskPolicy | undefined = task === '' ? policy : own(policy.tasks, task)
  if (!of) return { errors: [{ pointer: '/task', detail: '任务：该流程没有这项任务' }] }
  const faults = [...faultsOf(of, patch)]
  if (faults.length > 0) return { errors: faults.map(({ path, detail }) => ({ pointer: toPointer(['patch', ...path]), detail })) }
  const { clock, figures, ...rest } = patch
  return {
    patch: {
      ...rest as { [field: string]: Json },
      ...(clock && { clock: mergeClock(of.clock!, clock) as unknown as Json }),
      ...(figures && { figures: merge((of as Policy).figures!, figures) }),
    },
  }
}

function* faultsOf(of: Policy | TaskPolicy, patch: PolicyPatch): Generator<Fault> {
  const isCase = 'tasks' in of
  if (Object.keys(patch).length === 0) yield { path: [], detail: '至少修改一项' }
  if (isCase || of.unit === 'applicant' || of.outside !== undefined) {
    for (const field of ['unit', 'role'] as const) if (patch[field] !== undefined) yield { path: [field], detail: '办理人由流程确定，不能修改' }
  } else if (of.unit === '' && patch.unit !== undefined) yield { path: ['unit'], detail: '办理单位：由每个案件指定，不能修改' }
  if (isCase && !of.clock && patch.ladder) yield { path: ['ladder'], detail: '升级阶梯：该流程没有全案期限' }
  if (patch.clock) yield* clockFaults(of.clock, patch.clock)
  if (patch.figures) yield* shapeFaults((isCase && of.figures) || {}, patch.figures, ['figures'])
}

const own = <T>(record: Record<string, T>, name: string): T | undefined => Object.hasOwn(record, name) ? record[name] : undefined

const isClock = (clock: unknown): clock is PolicyClock => typeof clock === 'object' && clock !== null && 'source' in clock && typeof clock.source === 'string'

function* clockFaults(base: TaskPolicy['clock'] | undefined, given: NonNullable<PolicyPatch['clock']>): Generator<Fault> {
  if (!base) return yield { path: ['clock'], detail: '期限：该流程没有全案期限' }
  if (isClock(base) !== isClock(given)) return yield { path: ['clock'], detail: isClock(base) ? '期限：只有一种，请直接填写' : `期限：请按名称填写（${Object.keys(base).join('、')}）` }
  const [bases, clocks] = isClock(base) ? [{ '': base }, { '': given as PolicyClock }] : [base, given as Record<string, PolicyClock>]
  for (const [name, clock] of Object.entries(clocks)) {
    const path = ['clock', ...(name ? [name] : [])]
    const was = own(bases as Record<string, PolicyClock>, name)
    if (!was) yield { path, detail: '期限：没有这一种' }
    else if (clock.n === 0 && was.before === undefined) yield { path: [...path, 'n'], detail: '期限：数量至少为 1' }
    else if (was.before !== undefined && (clock.unit === 'hour' || clock.unit === 'second')) yield { path: [...path, 'unit'], detail: '期限：自某日倒推的，不能以小时计' }
    // 刑诉法105: custody is never prolonged.
    else if (was.custody && (clock.unit !== was.unit || clock.n > was.n)) yield { path, detail: '期限：羁押期限为法定期限，只能缩短' }
  }
}

function mergeClock(base: NonNullable<TaskPolicy['clock']>, given: NonNullable<PolicyPatch['clock']>): TaskPolicy['clock'] {
  // How it is counted is the rule's; how long is the administrator's.
  if (isClock(base)) return { ...base, ...given as PolicyClock }
  return Object.fromEntries(Object.entries(base).map(([name, was]) => [name, (given as Record<string, PolicyClock>)[name] ? mergeClock(was, (given as Record<string, PolicyClock>)[name]!) as PolicyClock : was]))
}

const UNITS: readonly unknown[] = unit.options

/** Figures keep their shape: a number stays a number that is not negative, a source a text; nothing is added. */
function* shapeFaults(base: Json, given: Json, path: PropertyKey[]): Generator<Fault> {
  if (isComposed(base) && isComposed(given) && Array.isArray(base) === Array.isArray(given)) {
    for (const [name, value] of Object.entries(given)) {
      if (!Object.hasOwn(base, name)) yield { path: [...path, name], detail: `${name}：没有这一项` }
      else yield* shapeFaults((base as { [key: string]: Json })[name]!, value, [...path, name])
    }
    return
  }
  const name = String(path.at(-1))
  if (typeof base === 'number' ? !(typeof given === 'number' && given >= 0) : !isText(name, base, given)) {
    yield { path, detail: typeof base === 'number' ? `${name}：应为不小于 0 的数字` : `${name}：这一项不能这样修改` }
  }
}

/** Of texts only a source and a unit of time can be other ones. */
function isText(name: string, base: Json, given: Json): boolean {
  if (name === 'source') return typeof given === 'string' && given.trim() !== '' && given.length <= 200
  return name === 'unit' ? UNITS.includes(given) : base === given
}

const isComposed = (value: Json): value is { [key: string]: Json } | Json[] => typeof value === 'object' && value !== null

function merge(base: Json, given: Json): Json {
  if (Array.isArray(base)) return base.map((value, i) => i in (given as Json[]) ? merge(value, (given as Json[])[i]!) : value)
  if (!isComposed(base)) return given
  return { ...base, ...Object.fromEntries(Object.entries(given as object).map(([name, value]) => [name, merge(base[name]!, value)])) }
}
