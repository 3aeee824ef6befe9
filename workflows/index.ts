/** The bundle's entry: one line for each procedure, and the kit's own workflows. */
export { enterpriseAppeal } from './enterprise-appeal/workflow.ts'
export { detentionReport } from './detention-report/workflow.ts'
export { creditRepair } from './credit-repair/workflow.ts'
export { precursorPurchase } from './precursor-purchase/workflow.ts'
export { deliverNotice } from './kit/deliver-notice.ts'
export { openRecurring } from './kit/open-recurring.ts'
export { tellLater } from './kit/tell-later.ts'
