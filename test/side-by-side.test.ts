import { expect, it } from 'vitest'
import { EVENTS, WORDS } from './probe/workflow.ts'
import { DRAFTED, pairsOf, recordAndReplay } from './side-by-side.ts'

const waiting = [...Object.keys(WORDS), ...Object.keys(EVENTS)].filter(word => !DRAFTED.includes(word))

it('whatever a case does at once ends, and replays as it was recorded, however its activities come about', async () => {
  const sets = [...pairsOf(waiting), ...DRAFTED.map(word => ['ask', word]), ['ask', ...DRAFTED, 'check']]
  expect(await recordAndReplay(sets, 3, 40)).toEqual([])
}, 300_000)
