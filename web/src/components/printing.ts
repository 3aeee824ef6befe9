import { useSyncExternalStore } from 'react'

const paper = window.matchMedia('print')
let printing = paper.matches

function subscribe(tell: () => void): () => void {
  const set = (next: boolean) => (): void => {
    printing = next
    tell()
  }
  const [begin, end, change] = [set(true), set(false), () => set(paper.matches)()]
  window.addEventListener('beforeprint', begin)
  window.addEventListener('afterprint', end)
  paper.addEventListener('change', change)
  return () => {
    window.removeEventListener('beforeprint', begin)
    window.removeEventListener('afterprint', end)
    paper.removeEventListener('change', change)
  }
}

/** Whether the page is being printed: then it shows all of what the screen shows in part. */
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => printing)
