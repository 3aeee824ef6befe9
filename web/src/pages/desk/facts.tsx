import { Descriptions } from 'antd'
import { useUnits } from '../../api/reference.ts'
import { choicesOf, type JsonSchema } from '../../components/json-form/prepare.ts'
import { dateTime } from '../../time.ts'

/** What was filled in, with the titles and words of its form. */
export function Facts({ schema, facts }: { schema: JsonSchema, facts: Record<string, unknown> }) {
  const { data: units = [] } = useUnits()
  const word = (field: JsonSchema, value: unknown): string => {
    if (typeof value === 'boolean') return value ? '是' : '否'
    if (field.$comment === 'unit') return units.find(unit => unit.id === value)?.name ?? String(value)
    if (field.format === 'date-time') return dateTime(String(value))
    return choicesOf(field)?.find(choice => choice.value === value)?.label ?? (typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  const items = Object.entries(schema.properties ?? {}).flatMap(([name, part]): { key: string, label: string, children: string }[] => {
    const [field, value] = [part as JsonSchema, facts[name]]
    if (value === undefined) return []
    const inner = field.properties as Record<string, JsonSchema> | undefined
    const children = inner ? Object.entries(inner).flatMap(([key, one]) => (value as Record<string, unknown>)[key] === undefined ? [] : [word(one, (value as Record<string, unknown>)[key])]).join('，') : word(field, value)
    return [{ key: name, label: String(field.title ?? name), children }]
  })
  return <Descriptions column={1} items={items} size="small" className="desk-facts" />
}
