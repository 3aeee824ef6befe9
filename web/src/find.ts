/** What people type to find something in a list on the page: the same spellings as the API's own search takes. */

const plain = (text: string): string => text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '').replace(/[\u2010-\u2015\u2212]/g, '-').toLowerCase()

/** `ea 12`, `EA12`, `ＥＡ－００００１２` → `EA-000012`; what is no case number stays as it is. */
export function caseNoOf(typed: string): string {
  const [, code, number] = /^([a-z]{2})[ _-]*0*(\d{1,9})$/.exec(plain(typed).trim()) ?? []
  return code === undefined ? typed : `${code.toUpperCase()}-${number!.padStart(6, '0')}`
}

/** Whether a label holds every word that was typed, or the case number. */
export const finds = (label: string, typed: string): boolean =>
  plain(label).includes(caseNoOf(typed).toLowerCase()) || plain(typed).split(/\s+/).every(word => plain(label).includes(word))
