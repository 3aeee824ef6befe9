/** What a form or a fact holds, in words: titles, order and labels come from its JSON Schema, names for ids from the API beside it. */
import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { createContext, useContext, type CSSProperties, type ReactNode } from 'react'
import { useEnterprises, useUnits } from '../api/reference.ts'
import { decimal } from '../number.ts'
import { usePerson } from '../session/session.ts'
import { isEnterprise } from '../session/roles.ts'
import { dateTime, span, type ClockUnit } from '../time.ts'
import './facts.css'
import { choicesOf, type JsonSchema } from './json-form/prepare.ts'

/** Names of the API for the ids in what is shown: `unit/<id>` and the like. */
export type Mentions = Record<string, string>
const Mentioned = createContext<Mentions>({})

interface Speech { nameOf: (referent: string, id: string) => string }
interface Props { value: object | null | undefined, schema: JsonSchema | undefined, columns?: number }

/** A form or other facts, item by item; nothing where there is nothing. */
export function Facts({ names = {}, ...props }: Props & { names?: Mentions | undefined }) {
  return <Mentioned value={names}><Items {...props} /></Mentioned>
}

function Items({ value, schema, columns = 2 }: Props) {
  const speech = useSpeech()
  const entries = entriesOf(value ?? {}, schema)
  if (entries.length === 0) return null
  const [[, only, own]] = entries as [[string, unknown, JsonSchema | undefined]]
  if (entries.length === 1 && typeof only === 'object' && !Array.isArray(only) && own?.$comment !== 'span') return render(only, own, speech, columns)
  return (
    <dl className="facts" style={{ '--columns': columns } as CSSProperties}>
      {entries.map(([key, part, own]) => <div key={key} className={isLong(part) ? 'is-long' : ''}><dt>{own?.title ?? key}</dt><dd>{render(part, own, speech, columns)}</dd></div>)}
    </dl>
  )
}

/** In the order of the schema, then what it does not know. */
function entriesOf(value: object, schema: JsonSchema | undefined): [string, unknown, JsonSchema | undefined][] {
  const known = Object.keys(schema?.properties ?? {})
  const order = (key: string): number => known.includes(key) ? known.indexOf(key) : known.length
  return Object.entries(value)
    .filter(([key, part]) => part !== null && part !== undefined && part !== '' && !(Array.isArray(part) && part.length === 0) && !isUnread(schema?.properties?.[key]))
    .sort(([a], [b]) => order(a) - order(b))
    .map(([key, part]) => [key, part, schema?.properties?.[key] as JsonSchema | undefined])
}

/** For programs, not for readers. */
const isUnread = (schema: unknown): boolean => (schema as JsonSchema | undefined)?.$comment === 'unread'

const isLong = (value: unknown): boolean => typeof value === 'object' || (typeof value === 'string' && value.length > 40)

function render(value: unknown, schema: JsonSchema | undefined, speech: Speech, columns: number): ReactNode {
  const choice = schema && choicesOf(schema)?.find(one => one.value === value)
  if (choice) return choice.label
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return decimal(value)
  if (typeof value === 'string') return text(value, schema, speech)
  if (Array.isArray(value)) {
    const items = schema?.items as JsonSchema | undefined
    if (value.every(one => typeof one !== 'object')) {
      const lines = value.map(one => typeof one === 'string' ? wordsFor(one, speech, items) : typeof one === 'number' ? decimal(one) : String(one))
      return lines.some(line => line.length > 12) ? <ul className="facts-lines">{lines.map(line => <li key={line}>{line}</li>)}</ul> : lines.join('、')
    }
    return <ol className="facts-list">{value.map((one, i) => <li key={i}>{isExplained(one) ? explained(one, items, speech) : <Items value={one as object} schema={items} columns={columns} />}</li>)}</ol>
  }
  if (schema?.$comment === 'span') return lasting(value as Span)
  if (isExplained(value)) return explained(value, schema, speech)
  return <div className="facts-part"><Items value={value as object} schema={schema} columns={columns} /></div>
}

interface Span { n: number, unit: ClockUnit, until?: string }
/** 3 个工作日，至 2026-12-11 23:59. */
const lasting = ({ n, unit, until }: Span): string => `${span(n, unit)}${until ? `，至 ${dateTime(until)}` : ''}`

/** The outcome of a check, which says itself in words what it found; what it found it from needs no second telling. */
interface Explained { explanation: string | string[], severity?: string, source?: string }
const isExplained = (value: unknown): value is Explained => typeof value === 'object' && value !== null && 'explanation' in value

function explained({ explanation, severity, source }: Explained, schema: JsonSchema | undefined, speech: Speech): ReactNode {
  return (
    <div className="facts-explained">
      {[explanation].flat().map((line, i) => <div key={line}>{i === 0 && severity && <Tag className="facts-severity" color={severity === 'risk' ? 'orange' : 'default'}>{wordsFor(severity, speech, schema?.properties?.severity as JsonSchema)}</Tag>}{line}</div>)}
      {source && <small className="muted">依据：{wordsFor(source, speech)}</small>}
    </div>
  )
}

function text(value: string, schema: JsonSchema | undefined, speech: Speech): ReactNode {
  if (schema?.$comment === 'case') return <Link to="/cases/$caseNo" params={{ caseNo: value }} search={{}} className="case-no">{value}</Link>
  return <span className="facts-text">{wordsFor(value, speech, schema)}</span>
}

function wordsFor(value: string, { nameOf }: Speech, schema?: JsonSchema): string {
  const choice = schema && choicesOf(schema)?.find(one => one.value === value)
  if (choice) return choice.label
  if (schema?.$comment) return nameOf(schema.$comment, value)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return dateTime(value)
  // Where a rule comes from is marked by how sure we are of it, for those who keep the rules.
  return value.replace(/^\[[SLC]\]\s*/, '')
}

/** Names for the ids in forms: as they were then, where the API says so, else those of today. */
function useSpeech(): Speech {
  const names = useContext(Mentioned)
  const { data: units = [] } = useUnits()
  const outside = isEnterprise(usePerson())
  const { data: enterprises = [] } = useEnterprises(!outside)
  return { nameOf: (referent, id) => names[`${referent}/${id}`] ?? { unit: units, enterprise: enterprises }[referent]?.find(one => one.id === id)?.name ?? id }
}
