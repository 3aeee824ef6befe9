/** A lane of one party (`c.each`): the words of the case, spoken for this party alone. */
import type { InLane } from './desk.ts'
import type { Facts, Json, Party } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import type { Ask, Done, Draft, Past, Told, Waits } from './types.ts'

type TaskOf<P extends Policy> = Extract<keyof P['tasks'], string>

/** Thrown through a lane's steps when enough of the others have ended. */
export class LaneOver extends Error {}

/** Throws where the lane goes no further. */
export function goOnIn(lane: InLane | undefined): void {
  if (lane?.over) throw new LaneOver()
}

/** The words of a case that are spoken in a lane. */
interface Words<P extends Policy> {
  askAll(asks: [TaskOf<P>, Ask?][], waits: Waits, lane: InLane): Promise<Done[]>
  until(at: string, why: string | undefined, lane: InLane): Promise<void>
  check<T>(name: string, lane: InLane): Promise<T>
  issue(kind: string, content: Facts, how: { replaces?: Past }, lane: InLane): Promise<string>
}

/** One party's lane, as its steps see it. What is said of a word in `case.ts` holds here, for this party. */
export class Lane<P extends Policy = Policy> implements InLane {
  readonly party: Party
  readonly drafts: Draft[] = []
  over = false
  private readonly c: Words<P>

  constructor(c: Words<P>, party: Party) {
    this.c = c
    this.party = party
  }

  /** A task of unit `party` is the party's own: an enterprise holds it, a unit has it in its queue. */
  async ask(name: TaskOf<P>, how: Ask = {}, waits: Pick<Waits, 'stands'> = {}): Promise<Done> {
    return (await this.askAll([[name, how]], waits))[0]!
  }

  askAll(asks: [TaskOf<P>, Ask?][], waits: Waits = {}): Promise<Done[]> {
    return this.c.askAll(asks, waits, this)
  }

  until(at: string, why?: string): Promise<void> {
    return this.c.until(at, why, this)
  }

  check<T = Facts>(name: string): Promise<T> {
    return this.c.check<T>(name, this)
  }

  /** A document for this party alone. */
  issue(kind: string, content: Facts, how: { replaces?: Past } = {}): Promise<string> {
    return this.c.issue(kind, content, how, this)
  }

  note(name: string, facts: Json) {
    this.drafts.push({ type: 'note', name, facts, party: this.party.id })
  }

  /** Without `to`: tells the party. */
  tell(to: Told['to'], title: string, body: string) {
    this.drafts.push({ type: 'tell', to, title, body, party: this.party.id })
  }
}
