import type { Facts } from '../kit/types.ts'

export { forms } from './forms.ts'
export { picture } from './picture.ts'
export { policy } from './policy.ts'
export { words } from './words.ts'

/** The matter in the enterprise's own words. */
export const titleOf = (application: Facts): string => String(application.subject)
