import { Alert } from 'antd'
import { lazy, Suspense } from 'react'
import { textOf, useDrafts, type Draft } from '../api/drafts.ts'
import { dateTime } from '../time.ts'

// Few have anything kept: what shows it is loaded for them.
const DraftText = lazy(() => import('./draft-text.tsx'))

/** What the reader has written about a case and can no longer send: what happened, by whom, and the text, to be copied. */
export function KeptText({ caseNo }: { caseNo: string }) {
  const gone = useDrafts({ caseNo })?.filter(draft => draft.gone && textOf(draft.form) !== '') ?? []
  return gone.map(draft => <Gone key={draft.id} draft={draft} />)
}

function Gone({ draft }: { draft: Draft }) {
  return (
    <Alert
      type="warning" showIcon role="alert" className="no-print" title={`${draft.gone!.what}${draft.gone!.at ? `（${dateTime(draft.gone!.at)}）` : ''}`}
      description={<><p>您写的内容没有提交，保留在这里，可以复制。</p><Suspense><DraftText draft={draft} /></Suspense></>}
    />
  )
}
