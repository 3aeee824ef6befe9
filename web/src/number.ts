/** A number as it was filed: every digit and none more, no grouping: 0.0004, 12.3456. The one way in which pages show numbers of a case. */
export const decimal = (n: number): string => n.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
