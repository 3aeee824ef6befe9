/** The form of a kind of document as plain data, and how it is filled in: what is in braces is put in the words of the document's own fields. */
import type { z } from 'zod'
import { decimal } from '../model/numbers.ts'
import { shanghaiDate, toIso } from '../model/instants.ts'
import type { Facts, Json } from '../model/types.ts'
import { toJsonSchema } from '../workflows/kit/check-forms.ts'
import type { Named } from '../workflows/kit/fields.ts'
import { Unfilled } from './errors.ts'
import type { Paper, Part, Table } from './paper.ts'

/**
 * A kind of document. Every text may hold placeholders, `{处罚决定书文号}`: the titles of the document's fields (`shown.documents`), of those
 * in a group `{供货单位·名称}`, and what every document has (`COMMON`). A placeholder without a value is an error, never a gap.
 */
export interface Template {
  /** What such a document is called: 备案证明. */
  name: string
  /** 标题. */
  title: string
  form: Paper['form']
  /** 主送机关. */
  to?: string
  body: TemplatePart[]
  annexes?: string[]
  /** 附注: who may be asked, and the like. */
  remark?: string
  /** 抄送. */
  copies?: string
}

/** A paragraph; a heading; a table of the objects in a list, a column for each of its fields. `when`: only where these fields say so. */
export type TemplatePart = string | ({ when?: Facts } & ({ p: string } | { heading: string } | { table: string, widths?: number[] }))

/** What every document can say besides its fields, and what it means. */
export const COMMON = { 申请人: '申请的企业；没有企业的，申请人姓名', 案件编号: '所属案件的编号', 出具机关: '出具文书的机关', 出具日期: '文书出具的日期' } as const
export type Common = Record<keyof typeof COMMON, string>

/** What an id names, as it was called then. */
export type NameOf = (to: Named, id: string) => string

interface Field { title?: string, type?: string, format?: string, pattern?: string, $comment?: string, properties?: Record<string, Field>, items?: Field, oneOf?: { const: unknown, title: string }[] }

const PLACE = /\{([^{}]*)\}/g

/** Every placeholder that a text of this kind of document may use. */
export const placesOf = (fields: z.ZodType): string[] => [...Object.keys(COMMON), ...placed(fieldsOf(fields), {}).map(({ place }) => place)]

/** The placeholders in a text. */
export const placesIn = (text: string): string[] => [...text.matchAll(PLACE)].map(([, place]) => place!)

/** Every text of a template, by where it stands. */
export function textsOf({ title, to, body, annexes = [], remark, copies }: Template): Record<string, string> {
  const parts = body.flatMap((part, i): [string, string][] => typeof part === 'string' ? [[`body.${i}`, part]] : 'p' in part ? [[`body.${i}`, part.p]] : 'heading' in part ? [[`body.${i}`, part.heading]] : [])
  return Object.fromEntries([['title', title], ...to === undefined ? [] : [['to', to]], ...parts, ...annexes.map((text, i) => [`annexes.${i}`, text]), ...remark === undefined ? [] : [['remark', remark]], ...copies === undefined ? [] : [['copies', copies]]])
}

/** What of a paper comes from its template. @throws Unfilled */
export function fill({ form, title, to, body, annexes = [], remark, copies }: Template, fields: z.ZodType, content: Facts, common: Common, name: NameOf): Pick<Paper, 'form' | 'title' | 'to' | 'parts' | 'annexes' | 'remark' | 'copies'> {
  const schema = fieldsOf(fields)
  const values = new Map<string, string | undefined>([...Object.entries(common), ...placed(schema, content).map(({ place, field, value }): [string, string | undefined] => [place, value === undefined || value === null ? undefined : inWords(field, value, name)])])
  const put = (text: string): string => {
    const done = text.replace(PLACE, (_, place: string) => {
      const value = values.get(place)
      if (!value) throw new Unfilled(`${title}: {${place}} has no value`)
      return value
    })
    return done
  }
  const parts = body.filter(part => typeof part === 'string' || Object.entries(part.when ?? {}).every(([field, value]) => content[field] === value)).flatMap((part): Part[] => {
    if (typeof part === 'string') return paragraphs(put(part))
    if ('p' in part) return paragraphs(put(part.p))
    if ('heading' in part) return [{ heading: put(part.heading) }]
    return [{ table: tableOf(schema.properties?.[part.table], content[part.table], part.widths, name) }]
  })
  return { form, title: put(title), to: to === undefined ? null : put(to), parts, annexes: annexes.map(put), remark: remark === undefined ? null : put(remark), copies: copies === undefined ? null : put(copies) }
}

const paragraphs = (text: string): Part[] => text.split('\n').filter(line => line.trim() !== '').map(p => ({ p }))

function tableOf(list: Field | undefined, rows: Json | undefined, widths: number[] | undefined, name: NameOf): Table {
  const columns = Object.entries(list?.items?.properties ?? {})
  if (columns.length === 0 || !Array.isArray(rows)) throw new Unfilled(`${list?.title}: no list of objects`)
  return {
    titles: columns.map(([key, field]) => field.title ?? key),
    widths: widths ?? columns.map(() => 1),
    rows: rows.map(row => columns.map(([key, field]) => {
      const value = (row as Facts)[key]
      return value === undefined || value === null ? '—' : inWords(field, value, name)
    })),
  }
}

const known = new WeakMap<z.ZodType, Field>()

function fieldsOf(schema: z.ZodType): Field {
  const found = known.get(schema) ?? toJsonSchema(schema) as Field
  known.set(schema, found)
  return found
}

/** The fields by the name of their placeholder, those in groups too, each with what it holds. */
function placed({ properties = {} }: Field, content: Json | undefined, group = ''): { place: string, field: Field, value: Json | undefined }[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const value = typeof content === 'object' && content !== null && !Array.isArray(content) ? content[key] : undefined
    const place = `${group}${field.title ?? key}`
    return field.properties ? placed(field, value, `${place}·`) : [{ place, field, value }]
  })
}

/** A value as a document says it. */
function inWords(field: Field, value: Json, name: NameOf): string {
  const chosen = field.oneOf?.find(one => one.const === value)
  if (chosen) return chosen.title
  if (typeof value === 'number') return decimal(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.map(one => inWords(field.items ?? {}, one, name)).join('；')
  if (typeof value !== 'string') return Object.entries(field.properties ?? {}).flatMap(([key, part]) => value?.[key] === undefined ? [] : inWords(part, value[key]!, name)).join('，')
  if (field.$comment && ['unit', 'person', 'enterprise', 'task', 'step'].includes(field.$comment)) return name(field.$comment as Named, value)
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return dateInWords(value)
  if (field.format === 'date-time') return `${dateInWords(shanghaiDate(new Date(value)))}${toIso(new Date(value)).slice(11, 16).replace(':', '时')}分`
  return value
}

/** `2026-03-05` → `2026年3月5日`: GB/T 9704—2012 7.3.5 has no leading zeros. */
export const dateInWords = (day: string): string => day.replace(/^(\d{4})-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')
