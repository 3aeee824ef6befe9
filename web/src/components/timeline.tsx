import type { ReactNode } from 'react'
import './timeline.css'

/** What happened, one below the other, each with a dot in its colour. */
export function Timeline({ items }: { items: { key: string | number, color: string, content: ReactNode }[] }) {
  return <ol className="timeline">{items.map(({ key, color, content }) => <li key={key}><i style={{ borderColor: color }} aria-hidden="true" /><div>{content}</div></li>)}</ol>
}
