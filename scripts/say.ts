/** Prints one line for the person at the terminal, in Chinese and English. */
export function say(zh: string, en: string): void {
  console.log(`${zh} · ${en}`)
}

/** An error whose whole text is meant for the person at the terminal; it is shown without a stack. */
export class SetupError extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`)
    this.name = 'SetupError'
  }
}

/** Ends the process with status 1, showing what went wrong. */
export function fail(error: unknown): never {
  const text = error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.error(`\n✗ ${text}`)
  process.exit(1)
}
