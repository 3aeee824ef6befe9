/** How the pages look on this computer. */
import { useSyncExternalStore } from 'react'

export type Density = 'comfortable' | 'compact'

const KEY = 'anxin-density'
const listeners = new Set<() => void>()
const read = (): Density => localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable'

/** How close together things stand, and a way to change it. */
export function useDensity(): [Density, (density: Density) => void] {
  const density = useSyncExternalStore(tell => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, read)
  return [density, (next) => {
    localStorage.setItem(KEY, next)
    for (const tell of listeners) tell()
  }]
}
