/** What a form holds, in words: titles and labels come from its JSON Schema, for what has none from the procedure's own words. */
import { Descriptions, Tag } from 'antd'
import { createContext, useContext, type ReactNode } from 'react'
import { useEnterprises, useUnits } from '../api/reference.ts'
import { usePerson } from '../session/session.ts'
import { isEnterprise } from '../session/roles.ts'
import { dateTime } from '../time.ts'
import './facts.css'
import { choicesOf, type JsonSchema } from './json-form/prepare.ts'

/** What the procedure of the page calls names and codes that stand without a form. */
export const Words = createContext<Record<string, string>>({})

interface Speech { nameOf: (referent: string, id: string) => string, words: Record<string, string> }

/** A form or other facts, item by item; nothing where there is nothing. */
export function Facts({ value, schema, columns = 2 }: { value: object | null | undefined, schema?: JsonSchema | undefined, columns?: number }) {
  const speech = useSpeech()
  const entries = entriesOf(value ?? {}, schema)
  if (entries.length === 0) return null
  const [[, only, own]] = entries as [[string, unknown, JsonSchema | undefined]]
  if (entries.length === 1 && typeof only === 'object' && !Array.isArray(only)) return render(only, own, speech, columns)
  return (
    <Descriptions
      className="facts" size="small" layout="vertical" colon={false} column={{ xs: 1, sm: 1, md: columns }}
      items={entries.map(([key, part, own]) => ({ key, label: own?.title ?? speech.words[key] ?? key, children: render(part, own, speech, columns), ...(isLong(part) && { span: 'filled' as const }) }))}
    />
  )
}

/** In the order of the schema, then what it does not know. */
function entriesOf(value: object, schema: JsonSchema | undefined): [string, unknown, JsonSchema | undefined][] {
  const known = Object.keys(schema?.properties ?? {})
  const order = (key: string): number => known.includes(key) ? known.indexOf(key) : known.length
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== undefined && part !== '' && !(Array.isArray(part) && part.length === 0))
    .sort(([a], [b]) => order(a) - order(b))
    .map(([key, part]) => [key, part, schema?.properties?.[key] as JsonSchema | undefined])
}

const isLong = (value: unknown): boolean => typeof value === 'object' || (typeof value === 'string' && value.length > 40)

function render(value: unknown, schema: JsonSchema | undefined, speech: Speech, columns: number): ReactNode {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return value.toLocaleString('zh-CN')
  if (typeof value === 'string') return text(value, schema, speech)
  if (Array.isArray(value)) {
    const items = schema?.items as JsonSchema | undefined
    if (value.every(one => typeof one !== 'object')) {
      const lines = value.map(one => typeof one === 'string' ? wordsFor(one, speech, items) : String(one))
      return lines.some(line => line.length > 12) ? <ul className="facts-lines">{lines.map(line => <li key={line}>{line}</li>)}</ul> : lines.join('、')
    }
    return <ol className="facts-list">{value.map((one, i) => <li key={i}>{isExplained(one) ? explained(one, speech) : <Facts value={one as object} schema={items} columns={columns} />}</li>)}</ol>
  }
  if (isExplained(value)) return explained(value, speech)
  return <div className="facts-part"><Facts value={value as object} schema={schema} columns={columns} /></div>
}

/** The outcome of a check, which says itself in words what it found; what it found it from needs no second telling. */
interface Explained { explanation: string | string[], severity?: string, source?: string }
const isExplained = (value: unknown): value is Explained => typeof value === 'object' && value !== null && 'explanation' in value

function explained({ explanation, severity, source }: Explained, speech: Speech): ReactNode {
  return (
    <div className="facts-explained">
      {[explanation].flat().map((line, i) => <div key={line}>{i === 0 && severity && <Tag color={severity === 'risk' ? 'orange' : 'default'}>{wordsFor(severity, speech)}</Tag>}{line}</div>)}
      {source && <small className="muted">依据：{wordsFor(source, speech)}</small>}
    </div>
  )
}

const text = (value: string, schema: JsonSchema | undefined, speech: Speech): ReactNode => <span className="facts-text">{wordsFor(value, speech, schema)}</span>

function wordsFor(value: string, { nameOf, words }: Speech, schema?: JsonSchema): string {
  const choice = schema && choicesOf(schema)?.find(one => one.value === value)
  if (choice) return choice.label
  if (schema?.$comment) return nameOf(schema.$comment, value)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return dateTime(value)
  return schema ? value : words[value] ?? value.replace(/^\[[SLC]\]\s*/, '')
}

/** Names for the ids in forms, an id that is not known stands for itself; and the procedure's words. */
function useSpeech(): Speech {
  const words = useContext(Words)
  const { data: units = [] } = useUnits()
  const outside = isEnterprise(usePerson())
  const { data: enterprises = [] } = useEnterprises(!outside)
  return { words, nameOf: (referent, id) => ({ unit: units, enterprise: enterprises }[referent]?.find(one => one.id === id)?.name ?? id) }
}
