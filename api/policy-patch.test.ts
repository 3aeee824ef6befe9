import { describe, expect, it } from 'vitest'
import type { Policy } from '../model/policy.ts'
import { checkPatch, PolicyPatch } from './policy-patch.ts'

const clock = (n: number, unit: 'hour' | 'day' | 'workday' | 'month' = 'workday') => ({ n, unit, source: '[C] 测试' })
const policy: Policy = {
  key: 'x', code: 'X', title: '测试', owner: 'legal', summary: '', legalBasis: [], confidentiality: 'internal', whoMayApply: ['enterprise'], withdrawable: true, outcomes: {},
  clock: { ordinary: clock(10), complex: clock(20) },
  figures: { months: { minor: { atLeast: 0, atMost: 3 } }, rolling: [{ days: 30, kg: { 2: 100 } }, { days: 365, kg: { 2: 600 } }], report: clock(12, 'hour') },
  tasks: {
    accept: { title: '受理', unit: 'legal', role: 'legal-reviewer', clock: clock(3) },
    handle: { title: '办理', unit: '', role: 'handler', clock: { ordinary: clock(5), complex: clock(15) } },
    custody: { title: '羁押', unit: '', role: 'handler', clock: { first: { ...clock(24, 'hour'), custody: true }, arrest: { ...clock(3, 'day'), custody: true } } },
    supplement: { title: '补正', unit: 'applicant', role: 'enterprise', clock: clock(10) },
    review: { title: '复核', unit: 'legal', role: 'legal-reviewer', clock: { ...clock(10, 'day'), before: '期限届满日', roll: 'back' } },
    external: { title: '外部', unit: 'four-platforms', role: 'handler', outside: 'four-platforms', clock: clock(15) },
  },
}
const noClock: Policy = { ...policy, clock: undefined, figures: undefined } as Policy

describe('a patch', () => {
  it.each([
    ['a clock', 'accept', { clock: clock(4) }, { clock: clock(4) }],
    ['one of several clocks, the others stay', 'handle', { clock: { complex: clock(20) } }, { clock: { ordinary: clock(5), complex: clock(20) } }],
    ['a clock of the case', '', { clock: { ordinary: clock(8) } }, { clock: { ordinary: clock(8), complex: clock(20) } }],
    ['a shorter custody clock, which stays one', 'custody', { clock: { arrest: clock(2, 'day') } }, { clock: { first: { ...clock(24, 'hour'), custody: true }, arrest: { ...clock(2, 'day'), custody: true } } }],
    ['days before a date, still counted back from it', 'review', { clock: clock(0, 'month') }, { clock: { ...clock(0, 'month'), before: '期限届满日', roll: 'back' } }],
    ['another unit and role', 'accept', { unit: 'office', role: 'office' }, { unit: 'office', role: 'office' }],
    ['another role where the case names the unit', 'handle', { role: 'unit-leader' }, { role: 'unit-leader' }],
    ['a figure, the others stay', '', { figures: { months: { minor: { atMost: 6 } } } }, { figures: { ...policy.figures, months: { minor: { atLeast: 0, atMost: 6 } } } }],
    ['a figure in a list', '', { figures: { rolling: [{ kg: { 2: 50 } }] } }, { figures: { ...policy.figures, rolling: [{ days: 30, kg: { 2: 50 } }, { days: 365, kg: { 2: 600 } }] } }],
    ['a figure with unit and source', '', { figures: { report: clock(1, 'day') } }, { figures: { ...policy.figures, report: clock(1, 'day') } }],
  ])('may give %s', (_what, task, given, kept) => {
    expect(checkPatch(policy, task, PolicyPatch.parse(given))).toEqual({ patch: kept })
  })

  it.each([
    ['nothing', 'accept', {}, '/patch'],
    ['a task that there is not', 'nothing', { role: 'office' }, '/task'],
    ['a task by the name of what every object has', 'toString', { role: 'office' }, '/task'],
    ['a clock by such a name', 'handle', { clock: { valueOf: clock(1) } }, '/patch/clock/valueOf'],
    ['one clock where there are several', 'handle', { clock: clock(5) }, '/patch/clock'],
    ['several clocks where there is one', 'accept', { clock: { ordinary: clock(5) } }, '/patch/clock'],
    ['a clock that there is not', 'handle', { clock: { urgent: clock(1) } }, '/patch/clock/urgent'],
    ['a longer custody clock', 'custody', { clock: { arrest: clock(4, 'day') } }, '/patch/clock/arrest'],
    ['a custody clock in another unit', 'custody', { clock: { first: clock(1, 'day') } }, '/patch/clock/first'],
    ['no time at all', 'accept', { clock: clock(0) }, '/patch/clock/n'],
    ['hours before a date', 'review', { clock: clock(3, 'hour') }, '/patch/clock/unit'],
    ['a unit where the case names it', 'handle', { unit: 'office' }, '/patch/unit'],
    ['a unit for what the applicant does', 'supplement', { unit: 'office' }, '/patch/unit'],
    ['a role for what an outside system does', 'external', { role: 'office' }, '/patch/role'],
    ['a unit for the whole case', '', { unit: 'office' }, '/patch/unit'],
    ['a figure that there is not', '', { figures: { years: 1 } }, '/patch/figures/years'],
    ['a figure of a task', 'accept', { figures: { months: 1 } }, '/patch/figures/months'],
    ['a text for a number', '', { figures: { months: { minor: { atMost: '6' } } } }, '/patch/figures/months/minor/atMost'],
    ['a negative figure', '', { figures: { months: { minor: { atMost: -1 } } } }, '/patch/figures/months/minor/atMost'],
    ['a number for a group', '', { figures: { months: 3 } }, '/patch/figures/months'],
    ['a longer list', '', { figures: { rolling: [{}, {}, { days: 1 }] } }, '/patch/figures/rolling/2'],
    ['a unit of time that there is not', '', { figures: { report: { unit: 'decade' } } }, '/patch/figures/report/unit'],
  ])('may not give %s', (_what, task, given, pointer) => {
    expect(checkPatch(policy, task, PolicyPatch.parse(given))).toMatchObject({ errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] })
  })

  it('may not give clock or ladder of a case that has no promise, nor figures where there are none', () => {
    const ladder = { reminders: [0.5], red: { n: 1, unit: 'workday' as const }, leader: { n: 1, unit: 'workday' as const } }
    expect(checkPatch(policy, '', { ladder })).toEqual({ patch: { ladder } })
    expect(checkPatch(noClock, '', { ladder, clock: clock(3), figures: { months: 1 } })).toMatchObject({ errors: [{ pointer: '/patch/ladder' }, { pointer: '/patch/clock' }, { pointer: '/patch/figures/months' }] })
  })
})
