import { parseArgs, type ParseArgsConfig } from 'node:util'
import { SetupError } from './say.ts'

/**
 * The options of a script, as the command line gives them.
 *
 * @throws SetupError naming one that there is not, with those that there are.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(options: T, args = process.argv.slice(2)) {
  try {
    return parseArgs({ options, args }).values
  } catch (error) {
    const known = Object.entries(options).map(([name, { type }]) => `--${name}${type === 'string' ? '=…' : ''}`).join(' ')
    throw new SetupError(`参数有误，可用：${known}`, `${(error as Error).message.split('. ')[0]}. There are: ${known}`)
  }
}
