/** What people type to find something, as conditions in SQL: in any spelling, words in any order, `%` and `_` being themselves. */
import { halfWidth, readCaseNo } from '../../model/text.ts'
import type { Where } from './where.ts'

/** More words narrow nothing further. */
const maxWords = 10

// Which form of a character is meant (IVS), how letters join, and brackets and blanks, by which numbers of documents differ when they are typed.
const PASSED_OVER = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u200c\u200d]/gu
const BRACKETS = '()[]〔〕【】〖〗《》“”"- '

/** A text as it is compared. {@link bareSql} is the same in SQL. */
export const bare = (text: string): string => [...halfWidth(text.normalize('NFKC').replace(PASSED_OVER, '')).toLowerCase()].filter(c => !BRACKETS.includes(c)).join('')

const bareSql = (expression: string): string =>
  `translate(lower(regexp_replace(normalize(${expression}, NFKC), '[\\uFE00-\\uFE0F\\U000E0100-\\U000E01EF\\u200C\\u200D]', '', 'g')), '${BRACKETS}‐‑‒–—―−', '')`

/** The words of what was typed, as they are compared. */
export const wordsOf = (typed: string): string[] => typed.normalize('NFKC').split(/\s+/).map(bare).filter(word => word !== '').slice(0, maxWords)

/** `SQL expression` holds every word. */
export const holdsWords = (expression: string, words: string): string => `NOT EXISTS (SELECT FROM unnest(${words}::text[]) w WHERE strpos(${bareSql(expression)}, w) = 0)`

/**
 * A condition on `case_file c`: found by its number (`EA-12`, `ea 000012`), a document's number with or without brackets, the
 * telephone of its contact, or words that all stand in its title or the enterprise's name. `outside`: by an enterprise, which knows no number
 * of a document that is not for it.
 */
export function casesFound(where: Where, typed: string, outside = false): string {
  const caseNo = readCaseNo(typed)
  // What can be nothing else is looked up, not searched for.
  if (caseNo !== undefined && /^[a-z]+-/i.test(halfWidth(typed).trim())) return `c.case_no = ${where.value(caseNo)}`
  const [words, whole, digits] = [wordsOf(typed), bare(typed), telephone(typed)]
  if (words.length === 0) return 'false'
  const holds = (expression: string, word: string) => `strpos(${bareSql(expression)}, ${where.value(word)}) > 0`
  return [
    ...(caseNo === undefined ? [] : [`c.case_no = ${where.value(caseNo)}`]),
    ...(/\d/.test(whole) ? [`c.case_no IN (SELECT d.case_no FROM document d WHERE ${holds('d.number', whole)}${outside ? ` AND d.readers = 'applicant'` : ''})`, holds('c.title', whole)] : []),
    ...(digits === undefined ? [] : [`strpos(regexp_replace(c.application #>> '{contact,phone}', '\\D', '', 'g'), ${where.value(digits)}) > 0`]),
    words.map((word) => {
      const no = readCaseNo(word)
      return `(${[holds('c.title', word), `c.enterprise_id IN (SELECT e.id FROM enterprise e WHERE ${holds('e.name', word)})`, ...(no === undefined ? [] : [`c.case_no = ${where.value(no)}`])].join(' OR ')})`
    }).join(' AND '),
  ].map(one => `(${one})`).join(' OR ')
}

/** The digits of what looks like a telephone number, without the country's; fewer than seven belong to too many. */
function telephone(typed: string): string | undefined {
  const text = halfWidth(typed)
  if (!/^[\d +()转分机号#-]+$/.test(text)) return undefined
  const digits = text.replace(/\D/g, '').replace(/^(00)?86(?=\d{10,})/, '')
  return digits.length >= 7 ? digits : undefined
}
