import { expect, it } from 'vitest'
import { caseNoOf, finds } from './find.ts'

const label = 'EA-000012　货款被拖欠 ＡＢＣ厂'

it.each(['EA-12', 'ea 000012', 'ＥＡ－００００１２', 'ea12', ' EA-000012\u200b', '货款', '拖欠 货款', 'abc厂', '', 'EA-0000'])('a case in a list is found by %j', typed => expect(finds(label, typed)).toBe(true))
it.each(['EA-1', 'EA-120', '货_款', '%', '货款 扣押'])('a case in a list is not found by %j', typed => expect(finds(label, typed)).toBe(false))
it('what is no case number stays what it is', () => expect(['不是', 'ea 12'].map(caseNoOf)).toEqual(['不是', 'EA-000012']))
