import { runCase, type Case, type Ending } from '../../workflows/kit/case.ts'
import type { Desk } from '../../workflows/kit/desk.ts'
import type { Party } from '../../model/types.ts'
import type { CaseInput } from '../../workflows/kit/types.ts'
import { policy } from './policy.ts'

export { openRecurring } from '../../workflows/kit/open-recurring.ts'
export { tellLater } from '../../workflows/kit/tell-later.ts'

type Probe = Case<typeof policy>
/** What stands side by side with nothing else of its case, and what ends it. */
type Alone = 'checkpoint' | 'close' | 'end'
/** Every word of the kit that a procedure may say. */
type Word = Exclude<{ [K in keyof Probe]: Probe[K] extends (...args: never[]) => unknown ? K : never }[keyof Probe], keyof Desk | Alone> | 'flush'

const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const drafted = (say: (c: Probe) => void) => async (c: Probe) => {
  say(c)
  await c.flush()
}

/** Each word of the kit as one of several branches of a case; and what comes in from outside, while such a branch waits. */
export const WORDS = {
  ask: async (c) => {
    await c.ask('one')
    await c.ask('two')
  },
  askAll: c => c.askAll([['one'], ['two'], ['one', { unit: 'traffic' }]], { enough: done => done.length >= 2 }),
  each: c => c.each([{ id: 'e1', name: '甲', kind: 'item' }, { id: 'e2', name: '交警', kind: 'unit', unit: 'traffic' }], async (lane) => {
    lane.note('seen', { a: 1 })
    await lane.ask(lane.party.unit === undefined ? 'one' : 'theirs')
    await lane.ask('two')
  }),
  inOrder: c => c.inOrder({ one: () => c.ask('one'), two: () => c.ask('two') }),
  untilUnchanged: c => c.untilUnchanged(() => c.ask('one')),
  check: async (c) => {
    await c.check('look')
    c.note('between', { a: 1 })
    await c.check('look')
  },
  issue: async (c) => {
    await c.issue('paper', {})
    await c.ask('two')
  },
  withdrawDocument: async (c) => {
    const first = await c.issue('paper', {})
    await c.withdrawDocument(await c.issue('paper', {}, { replaces: { number: first, reason: '更正' } }), '误发')
    await c.ask('two')
  },
  child: c => c.child('probe', { steps: [['ask']] }),
  until: async (c) => {
    await c.until(soon(50), '等待约定日期')
    await c.until(soon(10))
  },
  note: drafted(c => c.note('fact', { a: 1 })),
  tell: drafted(c => c.tell('applicant', '告知', '内容')),
  tellLater: drafted(c => c.tellLater(soon(100), 'applicant', '定时告知', '内容')),
  pause: async (c) => {
    c.pause('等待')
    await c.ask('mine')
    c.resume()
    await c.flush()
  },
  resume: drafted(c => c.resume()),
  chooseClock: drafted(c => c.chooseClock('quick')),
  show: drafted(c => c.show()),
  keepPromise: drafted(c => c.keepPromise()),
  link: drafted(c => c.link('XX-1', 'duplicate-of')),
  exclude: drafted(c => c.exclude(['economic-crime-3'])),
  push: drafted(c => c.push('credit-platform', {})),
  flush: c => c.flush(),
} satisfies Record<Word, (c: Probe) => Promise<unknown>>

/** Not words, but what happens while a branch waits. */
export const EVENTS = {
  rungs: c => c.ask('hurried'),
  lapse: c => c.ask('fleeting'),
  extension: c => c.ask('one', { context: { extend: true } }),
  withdrawal: c => c.ask('two', { context: { withdraw: true } }),
} satisfies Record<string, (c: Probe) => Promise<unknown>>

/** Further steps, for cases in which one comes after the other. */
const STEPS = {
  two: c => c.ask('two'),
  mine: c => c.ask('mine'),
  later: c => c.until(soon(3_600_000), '等待回访日'),
  lanes: async (c) => {
    const answers = await c.each(partiesOf(c), async (lane) => {
      lane.note('asked', { of: lane.party.name })
      for (;;) {
        const { form } = await lane.ask(({ item: 'one', unit: 'theirs', enterprise: 'reply' } as const)[lane.party.kind])
        if (form.again !== true) return String(form.says ?? '')
      }
    })
    c.note('answers', answers.map(answer => answer ?? null))
  },
  firstLane: async (c) => {
    await c.each(partiesOf(c), async lane => { await lane.ask(lane.party.kind === 'item' ? 'one' : 'reply') }, { enough: answers => answers.length > 0 })
  },
} satisfies Record<string, (c: Probe) => Promise<unknown>>

const partiesOf = (c: Probe) => (c.input.application as unknown as { parties: Party[] }).parties

/** Runs the steps that its application names, one after the other; of each, all branches side by side. */
export async function probe(input: CaseInput<{ steps: string[][] }>): Promise<Ending> {
  return runCase(policy, input, async (c, { steps }) => {
    for (const branches of steps) await Promise.all(branches.map(name => ({ ...WORDS, ...EVENTS, ...STEPS })[name]!(c)))
    return { outcome: 'done' }
  })
}
