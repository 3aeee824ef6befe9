/** What hardly ever changes while somebody works: procedures, units, people, enterprises, calendar. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { $api, type Schemas } from './client.ts'

const rarely = { staleTime: 10 * 60_000 }

export const useProcedures = () => useSuspenseQuery($api.queryOptions('get', '/api/procedures', undefined, rarely)).data
export const useProcedure = (key: string) => useSuspenseQuery($api.queryOptions('get', '/api/procedures/{key}', { params: { path: { key } } }, rarely)).data
export const useUnits = () => $api.useQuery('get', '/api/directory/units', undefined, rarely)
export const useEnterprises = (enabled = true) => $api.useQuery('get', '/api/directory/enterprises', undefined, { ...rarely, enabled })

/** The title of each procedure, by key. */
export function useProcedureTitles(): (key: string) => string {
  const procedures = useProcedures()
  return key => procedures.find(one => one.key === key)?.title ?? key
}

type Years = Schemas['CalendarYear'][]

const NONE: Years = []
/** Every row of a list asks; the sets are made once for each calendar. */
const made = new WeakMap<Years, (date: string) => boolean>()

/** Which dates are worked, for counting what is left of a clock in workdays; plain weekends where a year is not announced. */
export function useWorkdays(): (date: string) => boolean {
  const { data: years = NONE } = $api.useQuery('get', '/api/calendar', undefined, rarely)
  const known = made.get(years) ?? makeWorkdays(years)
  made.set(years, known)
  return known
}

function makeWorkdays(years: Years): (date: string) => boolean {
  const off = new Set(years.flatMap(year => year.off))
  const work = new Set(years.flatMap(year => year.work))
  return date => work.has(date) || (!off.has(date) && ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()))
}
