import { expect, it, vi } from 'vitest'
import { toProblem, unreachable } from './problem.ts'

it('calls a fault of the page what it is, never one of the network', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  for (const fault of [new TypeError('crypto.randomUUID is not a function'), new DOMException('', 'InvalidStateError'), new RangeError('x'), 'x', undefined]) {
    expect(toProblem(fault), String(fault)).toMatchObject({ code: 'page', isPassing: false, title: '页面出现故障' })
  }
})

it('calls what could not be sent or loaded the network’s', () => {
  expect(toProblem(unreachable(new TypeError('Failed to fetch')))).toMatchObject({ code: 'unreachable', isPassing: true })
  expect(toProblem(new TypeError('Failed to fetch dynamically imported module: /assets/x.js'))).toMatchObject({ code: 'unreachable' })
})
