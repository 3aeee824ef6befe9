import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal as onPages } from '../web/src/number.ts'
import { addDecimals, decimal } from './numbers.ts'

/** As somebody would write it: up to six digits before and up to nine behind the point. */
const written = fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.stringMatching(/^\d{0,9}$/)).map(([whole, behind]) => `${whole}.${behind}`.replace(/\.?0*$/, ''))

it('shows every decimal as it was filed, in explanations as on the pages', () => {
  fc.assert(fc.property(written, (text) => {
    expect(decimal(Number(text))).toBe(text)
    expect(onPages(Number(text))).toBe(text)
  }))
})

it('adds up decimals without leaving a trace of binary fractions', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 999_999_999 }), { maxLength: 20 }), (millionths) => {
    expect(addDecimals(millionths.map(n => n / 1e6))).toBe(millionths.reduce((a, b) => a + b, 0) / 1e6)
  }))
  expect(addDecimals([1e-7, 2e-7])).toBe(3e-7)
})
