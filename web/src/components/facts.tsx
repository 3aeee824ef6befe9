/** What a form holds, in words: titles and labels come from its JSON Schema, for what has none from the list of known facts. */
import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { useEnterprises, useUnits } from '../api/reference.ts'
import { usePerson } from '../session/session.ts'
import { isEnterprise } from '../session/roles.ts'
import { dateTime } from '../time.ts'
import { FACT_LABELS, FACT_VALUES } from './fact-labels.ts'
import './facts.css'
import { choicesOf, type JsonSchema } from './json-form/prepare.ts'

type NameOf = (referent: string, id: string) => string

/** A form or other facts, item by item; nothing where there is nothing. */
export function Facts({ value, schema, columns = 2 }: { value: object | null | undefined, schema?: JsonSchema | undefined, columns?: number }) {
  const nameOf = useNameOf()
  const entries = entriesOf(value ?? {}, schema)
  if (entries.length === 0) return null
  return (
    <Descriptions
      className="facts" size="small" layout="vertical" colon={false} column={{ xs: 1, sm: 1, md: columns }}
      items={entries.map(([key, part, own]) => ({ key, label: own?.title ?? FACT_LABELS[key] ?? key, children: render(part, own, nameOf, columns), ...(isLong(part) && { span: 'filled' as const }) }))}
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

function render(value: unknown, schema: JsonSchema | undefined, nameOf: NameOf, columns: number): ReactNode {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return value.toLocaleString('zh-CN')
  if (typeof value === 'string') return text(value, schema, nameOf)
  if (Array.isArray(value)) {
    const items = schema?.items as JsonSchema | undefined
    if (value.every(one => typeof one !== 'object')) {
      const lines = value.map(one => String(render(one, items, nameOf, columns)))
      return lines.some(line => line.length > 12) ? <ul className="facts-lines">{lines.map(line => <li key={line}>{line}</li>)}</ul> : lines.join('、')
    }
    return <ol className="facts-list">{value.map((one, i) => <li key={i}><Facts value={one as object} schema={items} columns={columns} /></li>)}</ol>
  }
  return <div className="facts-part"><Facts value={value as object} schema={schema} columns={columns} /></div>
}

function text(value: string, schema: JsonSchema | undefined, nameOf: NameOf): ReactNode {
  const choice = schema && choicesOf(schema)?.find(one => one.value === value)
  if (choice) return choice.label
  if (schema?.$comment) return nameOf(schema.$comment, value)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return dateTime(value)
  return <span className="facts-text">{schema ? value : FACT_VALUES[value] ?? value.replace(/^\[[SLC]\]\s*/, '')}</span>
}

/** Names for the ids in forms; an id that is not known stands for itself. */
function useNameOf(): NameOf {
  const { data: units = [] } = useUnits()
  const outside = isEnterprise(usePerson())
  const { data: enterprises = [] } = useEnterprises(!outside)
  return (referent, id) => ({ unit: units, enterprise: enterprises }[referent]?.find(one => one.id === id)?.name ?? id)
}
