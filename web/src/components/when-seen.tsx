import { useEffect, useRef, useState, type ReactNode } from 'react'

/** What is only loaded once somebody comes to it; `height` is kept free for it until then. */
export function WhenSeen({ height, children }: { height: number, children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (seen) return
    const watching = new IntersectionObserver(([entry]) => { if (entry!.isIntersecting) setSeen(true) })
    watching.observe(box.current!)
    return () => watching.disconnect()
  }, [seen])
  return seen ? children : <div ref={box} style={{ height }} />
}
