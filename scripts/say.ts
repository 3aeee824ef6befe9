import { SettingsError } from '../config.ts'

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
  const isPlain = error instanceof SetupError || error instanceof SettingsError
  console.error('\n✗', isPlain ? error.message : error)
  if ((error as { code?: unknown } | undefined)?.code === 'ECONNREFUSED') {
    console.error('没有服务在那里监听：请先运行 npm start，或设置 DATABASE_URL。\nNothing listens there: run npm start first, or set DATABASE_URL.')
  }
  process.exit(1)
}
