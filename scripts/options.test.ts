import { expect, it } from 'vitest'
import { readOptions } from './options.ts'

const options = { empty: { type: 'boolean' }, anchor: { type: 'string' } } as const

it('reads what is given', () => {
  expect(readOptions(options, ['--empty', '--anchor=a.json'])).toEqual({ empty: true, anchor: 'a.json' })
  expect(readOptions(options, [])).toEqual({})
})

it.each([['--emtpy'], ['empty'], ['--anchor'], ['--empty=1']])('refuses %s, naming it and what there is', (arg) => {
  expect(() => readOptions(options, [arg])).toThrow(new RegExp(`可用：--empty --anchor=…\n.*'${arg.replace('=1', '')}.*There are: --empty --anchor=…`))
})
