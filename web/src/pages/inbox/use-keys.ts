import { useEffect, useEffectEvent } from 'react'

const TYPING = 'input, textarea, select, [contenteditable], [role="combobox"], [role="dialog"] *, [role="tab"], [role="menuitem"]'
/** On these Enter already means something. */
const PRESSABLE = 'a, button'

/** Single keys of a page, as long as nobody is typing. */
export function useKeys(keys: Record<string, () => unknown>): void {
  const press = useEffectEvent((e: KeyboardEvent): void => {
    const at = e.target instanceof Element ? e.target : document.body
    if (e.ctrlKey || e.metaKey || e.altKey || at.matches(TYPING) || (e.key === 'Enter' && at.matches(PRESSABLE))) return
    const run = keys[e.key]
    if (!run) return
    e.preventDefault()
    run()
  })
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
