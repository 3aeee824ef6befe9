/** What of a case each reader reads: the marks of its forms (`workflows/kit/readers-of-forms.ts`), wherever its content is shown. */
import type { z } from 'zod'
import { caseRelations, type CaseFacts, type Who } from '../../model/actions.ts'
import type { CaseEvent } from '../../model/events.ts'
import type { CaseRow, CaseState, DocumentRow, TaskRow } from '../../model/state.ts'
import type { Facts } from '../../model/types.ts'
import { contextForm, findForm, getProcedure, resultForm } from '../../workflows/catalogue.ts'
import { asRead, type Reader } from '../../workflows/kit/readers-of-forms.ts'

export const readerOf = (who: Who, file: CaseFacts): Reader => ({ outside: who.roles.includes('enterprise'), takesPart: caseRelations(who, file).has('participant') })

const part = (form: z.ZodType | undefined, value: Facts, reader: Reader): Facts => (asRead(form, value, reader) ?? {}) as Facts

/** What stands on the case itself. */
export function fileAsRead<File extends Pick<CaseRow, 'procedure' | 'outcome' | 'application' | 'facts' | 'result'>>(file: File, reader: Reader): File {
  const { forms, shown } = getProcedure(file.procedure)
  const facts = Object.entries(file.facts).flatMap(([name, fact]) => {
    const read = asRead(shown.facts?.[name], fact, reader, 'officers')
    return read === undefined ? [] : [[name, read] as const]
  })
  return {
    ...file, application: part(forms.application, file.application, reader), facts: Object.fromEntries(facts),
    result: file.result === null ? null : asRead(shown.results?.[file.outcome ?? ''], file.result, reader) ?? null,
  }
}

/** What stands beside a task's form, and what it came to. */
export const taskAsRead = (t: TaskRow, reader: Reader): TaskRow => ({
  ...t,
  context: t.context && part(contextForm(t.procedure, t.name), t.context, reader),
  result: t.result && part(resultForm(t.procedure, t.name, t.action), t.result, reader),
})

export const documentAsRead = (procedure: string, { kind, content }: Pick<DocumentRow, 'kind' | 'content'>, reader: Reader): Facts =>
  part(getProcedure(procedure).shown.documents?.[kind], content, reader)

/** What an event of a case says; null where it is not for this reader. */
export function eventAsRead(e: CaseEvent, { file, tasks }: CaseState, reader: Reader): Facts | null {
  const data = e.data as unknown as Facts
  const { forms, shown } = getProcedure(file.procedure)
  switch (e.type) {
    case 'case-opened':
    case 'application-amended': return { ...data, application: part(forms.application, e.data.application, reader) }
    case 'task-opened': return { ...data, context: e.data.context && part(contextForm(file.procedure, e.data.name), e.data.context, reader) }
    case 'task-completed': {
      const name = tasks.find(t => t.id === e.data.task)?.name ?? ''
      return { ...data, form: part(findForm(file.procedure, name, e.data.action), e.data.form, reader) }
    }
    case 'noted': {
      const facts = asRead(shown.facts?.[e.data.name], e.data.facts, reader, 'officers')
      return facts === undefined ? null : { ...data, facts }
    }
    case 'document-issued': return reader.outside && e.data.to === 'officers' ? null : { ...data, content: documentAsRead(file.procedure, e.data, reader) }
    case 'handed-over':
    case 'pushed': return reader.takesPart ? data : { ...data, payload: null }
    case 'case-closed': return { ...data, result: e.data.result && (asRead(shown.results?.[e.data.outcome], e.data.result, reader) ?? null) }
    default: return data
  }
}
