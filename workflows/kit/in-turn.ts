/**
 * Answers with what runs work one piece at a time, in the order in which it was asked for.
 *
 * Of local activities under way at once the history keeps the order in which they ended, but a replay ends them in the order in
 * which they began: what follows from them would come in another order than is recorded, and the case would stand still. One at
 * a time they end in one order only.
 */
export function takingTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
