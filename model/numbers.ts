/** Numbers as people filed them. Pure; runs in the sandbox too. */

/** A number in decimal notation, every digit of it and none more: 0.0004, 12.3456, 0.0000001. */
export const decimal = (n: number): string => n.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })

/** The sum of decimals of up to 15 digits, as one would write it: 0.1 and 0.2 are 0.3. */
export const addDecimals = (numbers: number[]): number => numbers.reduce((sum, n) => Number((sum + n).toPrecision(15)), 0)
