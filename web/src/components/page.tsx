import { useEffect, type ReactNode } from 'react'

/** A page with its title (also the tab's), what can be done on it beside that, and its content. */
export function Page({ title, extra, children }: { title: string, extra?: ReactNode, children: ReactNode }) {
  useTitle(title)
  return (
    <div className="page">
      <div className="page-head"><h1>{title}</h1>{extra && <div className="no-print">{extra}</div>}</div>
      {children}
    </div>
  )
}

/** Names the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => { document.title = `${title} · 安心` }, [title])
}
