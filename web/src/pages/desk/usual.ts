/** Where matters are usually sent: what this step was lately decided as, most frequent first. Nothing here knows a procedure. */
import { $api } from '../../api/client.ts'
import type { Task } from '../../api/actions.ts'
import type { Schemas } from '../../api/client.ts'
import { useUnits } from '../../api/reference.ts'
import { choicesOf, type JsonSchema } from '../../components/json-form/prepare.ts'

/** A way to fill in the form, under one button. */
export interface Route { key: string, label: string, form: object, /** Whether one of its units has sent this very case back. */ refused?: boolean }

const looksBack = 50
const offered = 6

const fieldsOf = (schema: JsonSchema): [string, JsonSchema][] => Object.entries(schema.properties ?? {}) as [string, JsonSchema][]
/** What can be chosen rather than written: only that is worth offering again. */
const isChosen = (field: JsonSchema): boolean => choicesOf(field) !== undefined || field.$comment === 'unit'

/** One for each value of the form's first choice: the rest is filled in by hand. */
export function routesOf(schema: JsonSchema): Route[] {
  const [name, field] = fieldsOf(schema).find(([, one]) => choicesOf(one)) ?? []
  return name === undefined ? [] : choicesOf(field!)!.map(({ value, label }) => ({ key: String(value), label, form: { [name]: value } }))
}

/** Units that have sent the case back: what they refused or returned. */
export const refusersOf = (tasks: Schemas['Task'][]): Set<string> => new Set(tasks.filter(({ action }) => action === 'refuse' || action === 'return').map(({ unit }) => unit))

/** The most frequent of the latest decisions; before there are any, the form's own examples. What has been refused comes last. */
export function useUsual(task: Task, schema: JsonSchema, refusers: Set<string>): Route[] {
  const { data } = $api.useQuery('get', '/api/tasks', { params: { query: { view: 'all', procedure: task.procedure as never, name: task.name, status: 'completed', limit: looksBack } } }, { staleTime: 5 * 60_000 })
  const { data: units = [] } = useUnits()
  const unitName = (id: unknown): string => units.find(unit => unit.id === id)?.name ?? String(id)
  const decided = data?.items.flatMap(one => one.action === 'complete' && one.result ? [one.result] : []) ?? []
  const counted = new Map<string, { n: number, form: object }>()
  for (const form of decided.length > 0 ? decided : schema.examples as object[] ?? []) {
    const kept = fieldsOf(schema).filter(([, field]) => isChosen(field)).flatMap(([name]) => name in form ? [[name, form[name as never]]] : [])
    if (kept.length < 2) continue
    const key = JSON.stringify(kept)
    counted.set(key, { n: (counted.get(key)?.n ?? 0) + 1, form: Object.fromEntries(kept) as object })
  }
  const wordOf = ([name, value]: [string, unknown]): string => {
    const field = (schema.properties as Record<string, JsonSchema>)[name]!
    return choicesOf(field)?.find(choice => choice.value === value)?.label ?? unitName(value)
  }
  const isRefused = (form: object): boolean => fieldsOf(schema).some(([name, field]) => field.$comment === 'unit' && refusers.has(form[name as never]))
  return [...counted].sort(([, a], [, b]) => b.n - a.n).map(([key, { form }]) => ({ key, label: Object.entries(form).map(wordOf).join(' · '), form, refused: isRefused(form) }))
    .sort((a, b) => Number(a.refused) - Number(b.refused)).slice(0, offered)
}
