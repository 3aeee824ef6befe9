import { Input } from 'antd'
import { useState } from 'react'

/** A text that is looked for when it is complete. */
export function Find({ label, value = '', onFind }: { label: string, value?: string | undefined, onFind: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  return <Input.Search aria-label={label} placeholder={label} allowClear value={typed} onChange={e => setTyped(e.target.value)} onSearch={text => onFind(text.trim())} style={{ width: 220 }} />
}
