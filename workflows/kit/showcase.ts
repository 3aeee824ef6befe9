/** What the Temporal Web UI shows of a case: search attributes to filter by, and some lines beside it. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common'
import type { Card } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import type { OpenClock, OpenTask } from './types.ts'

/** Never encrypted, so no names; who holds a task is not among them, for claims never reach the workflow. */
const keys = {
  stage: defineSearchAttributeKey('Stage', 'KEYWORD_LIST'), unit: defineSearchAttributeKey('Unit', 'KEYWORD_LIST'), due: defineSearchAttributeKey('DueAt', 'DATETIME'),
  card: defineSearchAttributeKey('Card', 'KEYWORD'), round: defineSearchAttributeKey('Round', 'INT'),
}

/** A case as it stands: the tasks that wait with their present deadlines, what else it waits for (in words), its own clock, its card. */
export interface Shown { live: (OpenTask & { watched: { clock: OpenClock } })[], waits: string[], clock: OpenClock | null, card: Card, closed: boolean }

const CARDS: Record<Card, string> = { none: '无', yellow: '**黄牌**', red: '**红牌**' }

/** Shows one case; an attribute is sent only when it has changed. */
export class Showcase {
  private readonly sent: Record<string, string> = {}
  private round = 0
  private readonly policy: Policy
  private readonly caseNo: string
  private readonly restricted: boolean

  /** `restricted`: the Temporal Web UI says that there is such a case, its card and by when, not whose it is or what it waits for. */
  constructor(policy: Policy, caseNo: string, restricted: boolean) {
    this.policy = policy
    this.caseNo = caseNo
    this.restricted = restricted
  }

  show(now: Shown) {
    const changed = this.attributes(now).filter(({ key, value }) => (this.sent[key.name] ?? 'null') !== JSON.stringify(value))
    for (const { key, value } of changed) this.sent[key.name] = JSON.stringify(value)
    if (changed.length > 0) upsertSearchAttributes(changed)
    setCurrentDetails(this.details(now))
  }

  private attributes({ live, waits, clock, card, closed }: Shown): SearchAttributeUpdatePair[] {
    const dueAt = clock?.dueAt ?? live.map(w => w.watched.clock.dueAt).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]
    // Of the kit's own step there is a second one where something else is extended: that is no rework.
    this.round = Math.max(this.round, ...live.map(w => w.name === 'approve-extension' ? 0 : w.round))
    const stage = [...new Set([...live.map(w => w.name), ...waits.map(() => 'wait')])]
    const units = [...new Set(live.map(w => w.unit))]
    return [
      ...(this.restricted ? [] : [{ key: keys.stage, value: listed(stage) }, { key: keys.unit, value: listed(units) }]),
      { key: keys.due, value: dueAt === undefined || closed ? null : new Date(dueAt) },
      { key: keys.card, value: card === 'none' ? null : card },
      { key: keys.round, value: this.round || null },
    ]
  }

  private details({ live, waits, clock, card, closed }: Shown): string {
    // One paragraph with breaks: the frame in which the Web UI shows it is cut off after some paragraphs.
    return [
      `**${this.policy.title}** ${this.caseNo}`, closed ? '已办结' : `牌：${CARDS[card]}`,
      ...(clock ? [`全案${untilWhen(clock)}`] : []),
      ...live.map(w => `${w.title}${this.restricted ? '' : `：${w.unitName}`}，第 ${w.round} 轮，${untilWhen(w.watched.clock)}`),
      ...waits.map(text => this.restricted ? '等待' : text),
    ].join('  \n')
  }
}

const listed = (values: string[]) => values.length > 0 ? values : null
const untilWhen = ({ dueAt }: OpenClock) => `期限 ${dueAt.slice(0, 16).replace('T', ' ')}`
