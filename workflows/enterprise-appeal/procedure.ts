import type { FieldError } from '../kit/check-forms.ts'
import type { FormContext } from '../kit/procedure.ts'
import type { Facts } from '../../model/types.ts'

export { forms } from './forms.ts'
export { picture } from './picture.ts'
export { policy } from './policy.ts'
export { shown } from './shown.ts'

/** The matter in the enterprise's own words. */
export const titleOf = (application: Facts): string => String(application.subject)

export const formRules = {
  triage: (form: Facts, { state: { file } }: FormContext): FieldError[] =>
    form.duplicateOf === file.caseNo ? [{ pointer: '/duplicateOf', detail: '重复的案件编号：不能是本案' }] : [],
}
