import { useId, type ReactNode } from 'react'
import { usePerson } from '../session/session.ts'
import { dateTime, now } from '../time.ts'
import './restricted.css'

/**
 * Marks what it shows, also on paper, with who reads it and when. Not the component library's watermark: that one sets style
 * attributes, which the Content-Security-Policy refuses.
 */
export function Restricted({ children }: { children: ReactNode }) {
  const { name, id } = usePerson()
  const pattern = useId()
  return (
    <>
      {children}
      <svg className="watermark" aria-hidden="true">
        <pattern id={pattern} width="300" height="170" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
          <text x="10" y="60">{name}</text>
          <text x="10" y="82">{id} {dateTime(now())}</text>
        </pattern>
        <rect width="100%" height="100%" fill={`url(#${pattern})`} />
      </svg>
    </>
  )
}
