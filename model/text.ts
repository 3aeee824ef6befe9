/** Text as people write and paste it, and the one way in which it is kept, compared and counted. */

/** Marks that put text into another direction than it is read in, and so make it look like another. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u
/** A pair of them around the whole, as telephones put around a copied number: dropped. */
const WRAPPED = /^\s*[\u202a\u202d\u2066\u2068]+([^\u202a-\u202e\u2066-\u2069]*)[\u202c\u2069]+\s*$/u
/** Control characters but tab and line break, halves of surrogate pairs, and what is no character at all. */
const CONTROL = /[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/u

/** Invisible marks, and what stands for something that was not pasted along. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffc]/gu
/**
 * Those that mean something where they stand: which form of an ideograph, a symbol or a Mongolian letter is meant (names have rare
 * ones), how letters of a joining script join, of which parts an emoji is made.
 */
const MEANT = new RegExp([
  String.raw`(?<=[\p{Ideographic}\p{Extended_Pictographic}\p{S}\p{P}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=[\u1820-\u18aa])[\u180b-\u180f]`,
  String.raw`(?<=(?![\p{Script=Han}\p{Script=Latin}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{M}])[\u200c\u200d]`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
].join('|'), 'uy')

/** Something that a reader sees. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Cn}]/u
/** Ideographs that Unicode takes for mere spellings of others; in names they are not. */
const NORMALIZED = /[^\uf900-\ufaff\u{2f800}-\u{2fa1f}]+/gu

/**
 * The text as it is kept: composed (NFC), without blanks around it, without invisible marks that mean nothing; `''` where
 * there is nothing to see. What {@link oddIn} finds stays in it.
 */
export function cleanText(text: string): string {
  const composed = text.replace(NORMALIZED, part => part.normalize('NFC')).replace(WRAPPED, '$1')
  const seen = composed.replace(INVISIBLE, (mark, at: number) => DIRECTION.test(mark) || isMeant(composed, at) ? mark : '')
  const kept = seen.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[\u00a0\u2800]/g, ' ').trim()
  return VISIBLE.test(kept) || oddIn(kept) ? kept : ''
}

function isMeant(text: string, at: number): boolean {
  MEANT.lastIndex = at
  return MEANT.test(text)
}

/** What no text may hold, as a sentence for whoever wrote it; undefined where there is nothing of the kind. */
export function oddIn(text: string): string | undefined {
  if (DIRECTION.test(text)) return '含有改变文字方向的隐藏符号，请删除后重新输入'
  if (CONTROL.test(text)) return '含有控制字符或者乱码，请删除后重新输入'
  return undefined
}

/** Without what {@link oddIn} finds: for texts that are looked for, not kept. */
export const withoutOdd = (text: string): string => cleanText(text.replace(new RegExp(`${DIRECTION.source}|${CONTROL.source}`, 'gu'), ' '))

/** With every invisible mark, control character and half of a pair written out, as `\u{202e}`: what was sent can be read without being obeyed. */
export const writtenOut = (text: string): string =>
  text.replace(/\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)!.toString(16)}}`)

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
/** Of which each is a character by itself. */
const PLAIN = /^[\n\x20-\x7e\u3000-\u3029\u3030-\u303f\u4e00-\u9fff\uff01-\uff65]*$/
/** No character that people write is made of more code points: a family of four with the colours of their skin has eleven. */
const perCharacter = 12

/** How many characters a person would count; a pile of marks on one letter counts as several. */
export function characters(text: string): number {
  if (PLAIN.test(text)) return text.length
  let count = 0
  for (const { segment } of graphemes.segment(text)) count += Math.ceil([...segment].length / perCharacter)
  return count
}

// ─── numbers and codes ──────────────────────────────────────────────────────────────────────────

/** Letters, digits, signs and blanks of full width as those of half width, and every dash as a hyphen. */
export const halfWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/g, '-').replace(/\s/g, ' ')

/** `ea 12`, `EA12`, `ＥＡ－００００１２` → `EA-000012`; undefined for what is no case number. */
export function readCaseNo(text: string): string | undefined {
  const [, code, number] = /^([a-z]{2})[ _-]*0*(\d{1,9})$/i.exec(halfWidth(text).trim()) ?? []
  return code === undefined ? undefined : `${code.toUpperCase()}-${number!.padStart(6, '0')}`
}

/**
 * The number of a document: digits and letters of half width, the year in 〔〕 whatever brackets were typed, other brackets of full
 * width, no blanks around them.
 */
export const readDocumentNo = (text: string): string => halfWidth(text)
  .replace(/ *[([【〔〖] *((?:19|20)\d\d) *年? *[)\]】〕〗] */g, '〔$1〕')
  .replace(/ *\( *([^()]*\p{Script=Han}[^()]*?) *\) */gu, '（$1）')
  .replace(/(?<=〕|第) +(?=\d)|(?<=\d) +(?=号)/g, '')
