/** Why a document could not be drawn up. */

/** Characters of a paper that its fonts do not have. */
export class Unprintable extends Error {
  override name = 'Unprintable'
  /** Each once, in their order. */
  readonly characters: string[]

  constructor(characters: string[]) {
    super(`the fonts lack ${characters.map(c => `U+${c.codePointAt(0)!.toString(16).toUpperCase()}`).join(', ')}`)
    this.characters = characters
  }
}

/** A placeholder that a document has no value for, or a text has no business with. */
export class Unfilled extends Error {
  override name = 'Unfilled'
}

/** There is no certificate that is valid now; the message says why, as a sentence. */
export class Unsigned extends Error {
  override name = 'Unsigned'
}
