/** The picture of a procedure, and where a case stands in it and has been; its drawing library is loaded when it is first shown. */
import { lazy, Suspense, useState } from 'react'
import { Choice } from './choice.tsx'
import './procedure-picture/procedure-picture.css'
import { useDrawn } from './procedure-picture/read.ts'
import { StepList } from './procedure-picture/step-list.tsx'
import { Waiting } from './waiting.tsx'
import { WhenSeen } from './when-seen.tsx'

const Flow = lazy(() => import('./procedure-picture/flow.tsx'))

/** With `caseNo`: who did which round when, what came back, what is under way. */
export function ProcedurePicture({ procedure, caseNo }: { procedure: string, caseNo?: string }) {
  const drawn = useDrawn(procedure, caseNo)
  const [shape, setShape] = useState<'picture' | 'words'>('picture')
  return (
    <section className="picture" aria-label="流程图">
      <div className="picture-bar no-print">
        {drawn.isCase ? <Legend /> : <span className="muted">指向某一环节，看它的去向</span>}
        <Choice label="流程图的形式" value={shape} onChange={setShape} options={[{ value: 'picture', label: '图' }, { value: 'words', label: '文字' }]} />
      </div>
      {shape === 'picture' && <WhenSeen height={240}><Suspense fallback={<Waiting />}><Flow {...drawn} /></Suspense></WhenSeen>}
      <div className={shape === 'picture' ? 'visually-hidden' : ''}><StepList {...drawn} /></div>
    </section>
  )
}

const Legend = () => (
  <span className="picture-legend" aria-hidden="true">
    <i className="is-done" />已完成<i className="is-waiting" />办理中<i className="is-returned" />已退回<i className="is-not-reached" />未到
  </span>
)
