import type { Schemas } from '../../api/client.ts'
import type { Opened } from './figure-drawer.tsx'

type Board = Schemas['Board']
type Figure = Schemas['Figure']

/** The figures that are looked at first; each opens what it counts. */
export function Tiles({ board: { tasks, cases }, onOpen }: { board: Board, onOpen: (opened: Opened) => void }) {
  const tile = (title: string, figure: Figure, tone: 'red' | 'amber' | 'plain', note?: string, value: string = String(figure.n), opens?: string) => (
    <button type="button" className={`tile is-${figure.n === 0 ? 'plain' : tone}`} onClick={() => onOpen({ title: opens ?? title, figure })}>
      <span className="tile-title">{title}</span>
      <span className="tile-value">{value}</span>
      <span className="tile-note">{note ?? (figure.list === 'tasks' ? '项任务' : '件案件')}</span>
    </button>
  )
  return (
    <div className="tiles">
      {tile('已逾期', tasks.overdue, 'red', `项任务，涉及 ${cases.overdue.n} 件案件`)}
      {tile('将到期', tasks.soon, 'amber', '项任务已提醒')}
      {tile('红牌', cases.red, 'red', '件在办案件')}
      {tile('黄牌', cases.yellow, 'amber', '件在办案件')}
      {tile('在办案件', cases.live, 'plain', `期内新增 ${cases.opened.n}，办结 ${cases.closed.n}`)}
      {tile('待签收', tasks.unclaimed, 'plain', `项，共 ${tasks.live.n} 项未办结任务`)}
      {tile('任务按时率', tasks.late, 'plain', `按时 ${tasks.onTime.n}，逾期 ${tasks.late.n}`, share(tasks.onTime.n, tasks.onTime.n + tasks.late.n), '期内逾期')}
      {tile('案件无牌办结率', cases.closed, 'plain', `办结 ${cases.closed.n}，无牌 ${cases.onTime.n}`, share(cases.onTime.n, cases.closed.n), '期内办结')}
    </div>
  )
}

/** A part of a whole in percent; of nothing there is none. */
export const share = (part: number, whole: number): string => whole === 0 ? '—' : `${(part / whole * 100).toFixed(part === whole ? 0 : 1)}%`
