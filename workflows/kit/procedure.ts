/** What a procedure's folder gives to the rest of the system, outside the sandbox. */
import type { z } from 'zod'
import type { Calendar } from '../../clock/calendar.ts'
import type { Opening } from '../../clock/recurrence.ts'
import type { Who } from '../../model/actions.ts'
import type { Readership } from '../../model/events.ts'
import type { Policy, Picture } from '../../model/policy.ts'
import type { CaseState, HistoryQuery } from '../../model/state.ts'
import type { Facts, Json } from '../../model/types.ts'
import type { Template } from '../../documents/template.ts'
import type { FieldError } from './check-forms.ts'
import type { Forms } from './fields.ts'

/** What a procedure's check may look at. */
export interface CheckContext {
  state: CaseState
  at: Date
  /** The policy in force, with its overrides. */
  policy: Policy
  calendar: Calendar
  /** In whose lane it is asked. */
  party?: string
  history(procedure: string, q: HistoryQuery): Promise<CaseState[]>
}

/** What a rule of a form may look at: the case as it stands, the rules in force, and whom the form names. */
export interface FormContext extends Omit<CheckContext, 'history'> {
  /** A person of the directory, as the rules of `actions.ts` see one. */
  who(id: string): Promise<Who>
}

/**
 * What is read of a case that nobody filled in: each with a form made of the kit's fields, which gives it labels, an order, and names for ids.
 * A test run fails that meets a fact without one.
 */
export interface Shown {
  /** What stands beside a task's form (`context`), by task. */
  contexts?: Record<string, z.ZodType>
  /** What is noted on the case, by its name: by `c.note` and by checks. */
  facts?: Record<string, z.ZodType>
  /** What a case came to, by outcome. */
  results?: Record<string, z.ZodType>
  /** What documents say, by kind. */
  documents?: Record<string, z.ZodType>
}

/** A kind of document that a procedure issues. Its content fits `shown.documents`. */
export interface DocumentKind {
  template: Template
  /** Contents that it can have, in the order of what its template says differently. */
  examples: Facts[]
  /** Who reads it, beside officers: by default the applicant. */
  for?: Readership
  /** To whom it is addressed where that is not the enterprise: out of the application. */
  addressee?(application: Facts): string | undefined
  /**
   * By task: what it will say if the task is completed with this form; null where none is issued then. Shown to whoever is about to
   * decide, and refused to him where it could not be printed.
   */
  foreseen?: Record<string, (form: Facts, context: FormContext) => Facts | null>
}

/** For whom or what a recurring case is opened: an open case of a register, a unit, an enterprise. `application` and `facts`: the register's row, to be frozen into the case. */
export interface Subject { kind: 'case' | 'unit' | 'enterprise', id: string, name: string, enterpriseId: string | null, application?: Facts, facts?: Facts }

/** A procedure outside the sandbox: its policy, its forms, how its cases are titled, its checks. */
export interface Procedure {
  policy: Policy
  picture: Picture
  forms: Forms
  /** A short title for lists; holds no content where the procedure is restricted. */
  titleOf(application: Facts): string
  shown: Shown
  /** Every kind of document that its policy numbers. */
  documents?: Record<string, DocumentKind>
  /** Chinese for the kinds of its times and for its figures, by path: what administrators read. */
  words?: Record<string, string>
  /** Rules run on the recorded case by `c.check(name)`; what they find is noted on the case. */
  checks?: Record<string, (context: CheckContext) => Json | Promise<Json>>
  /** What is wrong with an application as filed by this person, beyond what its form can check. */
  filingRules?(application: Facts, filedBy: string): FieldError[]
  /** What a form cannot check by itself: task → what is wrong with it as the case stands. Asked when the task is completed. */
  formRules?: Record<string, (form: Facts, context: FormContext) => FieldError[] | Promise<FieldError[]>>
  /** Persons, units and enterprises that the application names, beyond what its form can check. */
  enterpriseOf?(application: Facts): string | null
  /** What a recurring case is opened with (`Policy.recurs`); null: none for this subject. `subject` is null where there is one case a period. */
  applicationOf?(opening: Opening, subject: Subject | null): Facts | null
}
