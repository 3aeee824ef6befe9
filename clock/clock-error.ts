export type ClockErrorCode =
  | 'bad-clock'
  | 'bad-ladder'
  | 'bad-instant'
  | 'bad-date'
  | 'custody-fixed'
  | 'already-paused'
  | 'not-paused'
  | 'already-extended'
  | 'already-due'
  | 'unit-mismatch'
  | 'out-of-order'

/** A refusal by the clocks: a stable code, and a message in Chinese for the officer who asked. */
export class ClockError extends Error {
  readonly code: ClockErrorCode

  constructor(code: ClockErrorCode, message: string) {
    super(message)
    this.name = 'ClockError'
    this.code = code
  }
}
