/** What stands behind the `?` of each address: read strictly, so that a mistyped filter is dropped instead of breaking the page. */

type Raw = Record<string, unknown>

const text = (raw: Raw, key: string): string | undefined => typeof raw[key] === 'string' && raw[key] !== '' ? raw[key] : typeof raw[key] === 'number' ? String(raw[key]) : undefined
const oneOf = <Value extends string>(raw: Raw, key: string, values: readonly Value[]): Value | undefined => values.find(value => value === raw[key])

/** Drops what is not there, so that addresses stay short. */
const present = <Search extends object>(search: Search): Search => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search

export const CARDS = ['none', 'yellow', 'red'] as const
export const TASK_VIEWS = ['todo', 'candidate', 'mine', 'unit', 'overdue', 'done', 'filed', 'handed-on', 'copied'] as const
export const CASE_STATUSES = ['open', 'paused', 'closed'] as const

export interface InboxSearch { view?: (typeof TASK_VIEWS)[number], procedure?: string, card?: (typeof CARDS)[number], q?: string }
export const readInboxSearch = (raw: Raw): InboxSearch => present({ view: oneOf(raw, 'view', TASK_VIEWS), procedure: text(raw, 'procedure'), card: oneOf(raw, 'card', CARDS), q: text(raw, 'q') }) as InboxSearch

export interface CasesSearch { procedure?: string, status?: (typeof CASE_STATUSES)[number], unit?: string, card?: (typeof CARDS)[number], enterprise?: string, q?: string }
export const readCasesSearch = (raw: Raw): CasesSearch => present({
  procedure: text(raw, 'procedure'), status: oneOf(raw, 'status', CASE_STATUSES), unit: text(raw, 'unit'), card: oneOf(raw, 'card', CARDS), enterprise: text(raw, 'enterprise'), q: text(raw, 'q'),
}) as CasesSearch

export interface LoginSearch { returnTo?: string, reason?: string }
/** Only addresses of these pages: another site's would send whoever has just signed in there. */
export const readLoginSearch = (raw: Raw): LoginSearch => {
  const returnTo = text(raw, 'returnTo')
  return present({ returnTo: returnTo !== undefined && /^\/(?![/\\])/.test(returnTo) ? returnTo : undefined, reason: text(raw, 'reason') }) as LoginSearch
}

/** Pages that have not said what they take: all texts, as they stand. */
export const readPlain = (raw: Raw): Record<string, string> =>
  Object.fromEntries(Object.entries(raw).flatMap(([key, value]) => typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : []))

/** Whose roster, of which month. */
export const readRosterSearch = (raw: Raw): { unit?: string, month?: string } => {
  const month = text(raw, 'month')
  return present({ unit: text(raw, 'unit'), month: month !== undefined && /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(month) ? month : undefined }) as { unit?: string, month?: string }
}

/** Which draft is being filled in. */
export const readApplySearch = (raw: Raw): { draft?: string } => present({ draft: text(raw, 'draft') }) as { draft?: string }

/** What a scanned code brings: the number of a document, and its code. */
export const readVerifySearch = (raw: Raw): { number?: string, code?: string } => present({ number: text(raw, 'number'), code: text(raw, 'code') }) as { number?: string, code?: string }

export interface DocumentsSearch { procedure?: string | undefined, q?: string | undefined }
export const readDocumentsSearch = (raw: Raw): DocumentsSearch => present({ procedure: text(raw, 'procedure'), q: text(raw, 'q') })
