import { useId } from 'react'
import './choice.css'

/** One of a few, side by side; all are seen, the chosen one is marked. */
export function Choice<Value extends string>({ label, value, options, onChange }: { label: string, value: Value | undefined, options: { value: Value, label: string }[], onChange: (value: Value) => void }) {
  const name = useId()
  return (
    <span role="radiogroup" aria-label={label} className="choice control">
      {options.map(one => <label key={one.value}><input type="radio" name={name} checked={one.value === value} onChange={() => onChange(one.value)} /><span>{one.label}</span></label>)}
    </span>
  )
}
