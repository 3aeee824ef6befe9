/** A list that is unrolled page by page: its rows, and the button for more. */
import { Button, Flex } from 'antd'
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react'
import type { Pages } from '../api/pages.ts'

/** Scrolling is looked at when it pauses. */
const pauseMs = 150

/** `children`: the rows, one below the other, as high as each other more or less. */
export function Unrolled({ list, children }: { list: Omit<Pages<unknown>, 'items'>, children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const look = useEffectEvent((): void => {
    // The page may have been left while the scrolling paused.
    const { top, height } = box.current?.getBoundingClientRect() ?? { top: 0, height: 0 }
    if (height > 0) list.lookAt(Math.max(0, -top / height), Math.min(1, (window.innerHeight - top) / height))
  })
  // What came into view while others were being read.
  useEffect(() => look(), [list.round])
  useEffect(() => {
    let pausing: ReturnType<typeof setTimeout> | undefined
    const later = (): void => {
      clearTimeout(pausing)
      pausing = setTimeout(look, pauseMs)
    }
    const watching = new ResizeObserver(later)
    watching.observe(box.current!)
    // Whatever it is that is scrolled, the page or a drawer.
    document.addEventListener('scroll', later, { capture: true, passive: true })
    return () => {
      clearTimeout(pausing)
      watching.disconnect()
      document.removeEventListener('scroll', later, { capture: true })
    }
  }, [])
  return (
    <>
      <div ref={box}>{children}</div>
      {list.hasMore && <Flex justify="center" style={{ padding: 16 }}><Button onClick={list.loadMore} loading={list.isLoadingMore}>加载更多</Button></Flex>}
    </>
  )
}
