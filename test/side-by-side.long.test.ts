import { expect, it } from 'vitest'
import { EVENTS, WORDS } from './probe/workflow.ts'
import { pairsOf, recordAndReplay } from './side-by-side.ts'

it('every word of the kit beside every other ends and replays, fifty times under load', async () => {
  expect(await recordAndReplay(pairsOf([...Object.keys(WORDS), ...Object.keys(EVENTS)]), 50, 60, 4500)).toEqual([])
}, 3_600_000)
