/** A domain refusal on its way to a boundary: a code of the API's problem table, and a Chinese sentence for the person. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
