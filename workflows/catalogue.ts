/**
 * The procedures, one line each, with all that the API, the activities and clients need to know of them.
 * Never bundled into workflows: forms bring zod, checks bring data files.
 */
import type { z } from 'zod'
import type { CaseState, DocumentRow } from '../model/state.ts'
import { confidentialityOf, mayBe } from '../model/filing.ts'
import { Refused } from '../model/refused.ts'
import { actionForms, caseActionForms } from './kit/action-forms.ts'
import { checkForm as validate, type FieldError } from './kit/check-forms.ts'
import type { FormContext, Procedure } from './kit/procedure.ts'
import { kitContexts } from './kit/shown-forms.ts'
import type { Facts } from '../model/types.ts'
import { words } from './kit/words.ts'
import * as creditRepair from './credit-repair/procedure.ts'
import * as detentionReport from './detention-report/procedure.ts'
import * as enterpriseAppeal from './enterprise-appeal/procedure.ts'
import * as precursorPurchase from './precursor-purchase/procedure.ts'

const procedures: Procedure[] = [
  enterpriseAppeal,
  detentionReport,
  creditRepair,
  precursorPurchase,
]

/** Every procedure, in the order in which they are shown. */
export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(procedures.map(p => [p.policy.key, p]))

export const findProcedure = (key: string): Procedure | undefined => PROCEDURES.get(key)

/** The procedure of that key; throws when there is none. */
export function getProcedure(key: string): Procedure {
  const found = PROCEDURES.get(key)
  if (!found) throw new Error(`no procedure ${key}`)
  return found
}

/** A short title for lists; of a case that its application makes restricted nothing but what kind of case it is. */
export const titleFor = ({ policy, titleOf }: Pick<Procedure, 'policy' | 'titleOf'>, application: Facts): string =>
  typeof policy.confidentiality !== 'string' && confidentialityOf(policy, application) === 'restricted' ? policy.title : titleOf(application)

/** Whether a case of this number may be one that only those see who take part; undefined where no procedure gives such numbers. */
export function mayBeRestricted(caseNo: string): boolean | undefined {
  const code = /^([A-Z]+)-\d/.exec(caseNo)?.[1]
  const found = procedures.find(({ policy }) => policy.code === code)
  return found && mayBe(found.policy, 'restricted')
}

/** What the kinds of a procedure's times, and its figures, are called. */
export const wordsOf = (procedure: Procedure): Record<string, string> => ({ ...words, ...procedure.words })

/** The workflow's name: the key in camelCase. */
export const workflowName = (key: string) => key.replace(/-(.)/g, (_, c: string) => c.toUpperCase())

/** The form of an action on a task (`task` null: on the case); undefined where there is none. */
export function findForm(procedure: string, task: string | null, action: string): z.ZodType | undefined {
  const { forms } = getProcedure(procedure)
  if (task === null) return caseActionForms[action] ?? actionForms[action]
  if (action !== 'complete') return forms.actions?.[task]?.[action] ?? actionForms[action]
  return forms.tasks[task] ?? (task === 'approve-extension' ? actionForms['approve-extension'] : undefined)
}

/** The form in which a task's context is read. */
export const contextForm = (procedure: string, task: string): z.ZodType | undefined => getProcedure(procedure).shown.contexts?.[task] ?? kitContexts[task]

/** The form in which is read what a task came to, by the action that ended it. */
export const resultForm = (procedure: string, task: string, action: string | null): z.ZodType | undefined => action === null ? undefined : findForm(procedure, task, action)

/** Everything that is read of a case, each part with its form. */
export function partsOf({ file, tasks }: CaseState, documents: Pick<DocumentRow, 'kind' | 'content'>[]): { form: z.ZodType | undefined, fact: unknown, what: string }[] {
  const { forms, shown } = getProcedure(file.procedure)
  return [
    { what: 'application', form: forms.application, fact: file.application },
    ...Object.entries(file.facts).map(([name, fact]) => ({ what: `fact ${name}`, form: shown.facts?.[name], fact })),
    ...(file.result === null ? [] : [{ what: `result ${file.outcome}`, form: shown.results?.[file.outcome ?? ''], fact: file.result }]),
    ...documents.map(({ kind, content }) => ({ what: `document ${kind}`, form: shown.documents?.[kind], fact: content })),
    ...tasks.flatMap(t => [
      ...(t.context ? [{ what: `context ${t.name}`, form: contextForm(t.procedure, t.name), fact: t.context }] : []),
      ...(t.result ? [{ what: `${t.action} ${t.name}`, form: resultForm(t.procedure, t.name, t.action), fact: t.result }] : []),
    ]),
  ]
}

/** The form as it is kept, or everything that is wrong with it. */
function parseForm(procedure: string, task: string | null, action: string, input: unknown): { form: Facts } | { errors: FieldError[] } {
  const schema = findForm(procedure, task, action)
  if (!schema) return { errors: [{ pointer: '', detail: '没有这项操作' }] }
  return validate(schema, input ?? {}) as { form: Facts } | { errors: FieldError[] }
}

/** Throws `bad-form` for an application that its schema refuses. */
export function checkApplication(procedure: string, input: unknown): void {
  throwErrors(validate(getProcedure(procedure).forms.application, input))
}

/** Throws `bad-form` for a form that did not come through the API's own check. */
export function checkForm(procedure: string, task: string | null, action: string, input: unknown): void {
  throwErrors(parseForm(procedure, task, action, input))
}

/** The documents that follow if a task is completed with this form, as the case stands. */
export function foreseenDocuments(task: string, form: Facts, context: FormContext): { kind: string, content: Facts }[] {
  return Object.entries(getProcedure(context.state.file.procedure).documents ?? {}).flatMap(([kind, { foreseen }]) => {
    const content = foreseen?.[task]?.(form, context)
    return content ? [{ kind, content }] : []
  })
}

/** Throws `bad-form` for a completing form that the case, as it stands, does not allow. */
export async function checkFormRules(task: string, form: Facts, context: FormContext): Promise<void> {
  const errors = await getProcedure(context.state.file.procedure).formRules?.[task]?.(form, context) ?? []
  if (errors.length > 0) throwErrors({ errors })
}

function throwErrors(parsed: object | { errors: FieldError[] }): void {
  if ('errors' in parsed) throw new Refused('bad-form', (parsed.errors as FieldError[]).map(e => e.detail).join('；'))
}

/** The steps that are offered to whoever is on duty: procedure, task, unit. */
export const DUTY_STEPS: [procedure: string, task: string, unit: string][] =
  procedures.flatMap(({ policy }) => Object.entries(policy.tasks).flatMap(([name, task]): [string, string, string][] => task.duty ? [[policy.key, name, task.unit]] : []))
