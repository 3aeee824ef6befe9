import { type TableColumnsType } from 'antd'
import { useMemo, type ReactNode } from 'react'
import type { Schemas } from '../../api/client.ts'
import { Chart } from '../../components/chart/lazy.tsx'
import { Nothing } from '../../components/empty.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { agesOption, ratingsOption, trendOption, unitsOption } from './charts.ts'
import type { Opened } from './figure-drawer.tsx'
import { RestrictedTotals } from './restricted-totals.tsx'
import { share } from './tiles.tsx'

type Board = Schemas['Board']
type Figure = Schemas['Figure']
interface Props { board: Board, onOpen: (opened: Opened) => void, isWall: boolean }

/** More units than this would be too thin to read; the table has them all. */
const CHARTED = 12

export function BoardPanels({ board, onOpen, isWall }: Props) {
  const units = useMemo(() => board.units.filter(one => one.live.n > 0).slice(0, CHARTED), [board.units])
  const charts = useMemo(() => ({ units: unitsOption(units, isWall), trend: trendOption(board.trend, isWall), ages: agesOption(board.ageing, isWall), ratings: ratingsOption(board.satisfaction, isWall) }), [board, units, isWall])
  const unitFigures = units.flatMap(({ unit, overdue, soon }) => [open(`${unit.name} 已逾期`, overdue), open(`${unit.name} 将到期`, soon)])
  const trendFigures = board.trend.map(({ from, opened, closed, yellow, red }) => [open(`${from} 新增`, opened), open(`${from} 办结`, closed), open(`${from} 出示黄牌`, yellow), open(`${from} 出示红牌`, red)])
  const ageFigures = board.ageing.map(({ title, cases }) => open(`开始 ${title}未办结`, cases))
  const ratingFigures = board.satisfaction.map(({ title, cases }) => open(title, cases))
  return (
    <div className="panels">
      <Panel title="各单位逾期与将到期" className="wide" figures={unitFigures} onOpen={onOpen}>
        {units.length === 0 ? <Nothing title="没有未办结的任务" /> : (
          <Chart option={charts.units} height={isWall ? '34vh' : Math.max(280, units.length * 30 + 60)} onPick={(series, i) => onOpen([open(`${units[i]!.unit.name} 已逾期`, units[i]!.overdue), open(`${units[i]!.unit.name} 将到期`, units[i]!.soon), open(`${units[i]!.unit.name} 未办结`, units[i]!.live)][series]!)} />
        )}
      </Panel>
      <Panel title="新增、办结与出牌" className="wide" figures={trendFigures.flat().filter(({ figure }) => figure.n > 0)} onOpen={onOpen}>
        <Chart option={charts.trend} height={isWall ? '34vh' : 280} onPick={(series, i) => onOpen(trendFigures[i]![series]!)} />
      </Panel>
      <Panel title="在办案件时长（自开始起）" figures={ageFigures} onOpen={onOpen}><Chart option={charts.ages} height={isWall ? '26vh' : 230} onPick={(_, i) => onOpen(ageFigures[i]!)} /></Panel>
      <Panel title="满意度（期内办结）" figures={ratingFigures} onOpen={onOpen}><Chart option={charts.ratings} height={isWall ? '26vh' : 230} onPick={(_, i) => onOpen(ratingFigures[i]!)} /></Panel>
      <Panel title="移交未签收" {...(!isWall && { className: 'third' })}><HandOvers rows={board.handOvers} onOpen={onOpen} /></Panel>
      <Panel title="人员负荷" {...(!isWall && { className: 'wide' })}><Officers rows={board.officers} onOpen={onOpen} isWall={isWall} /></Panel>
      {!isWall && <Panel title="暂停与延期（期内，按人）" className="wide"><ClockChanges rows={board.clockChanges} onOpen={onOpen} /></Panel>}
      {!isWall && <Panel title="按流程" className="full"><Procedures rows={board.procedures} onOpen={onOpen} /></Panel>}
      {!isWall && <RestrictedTotals />}
      {!isWall && <Panel title="按单位" className="full"><Units rows={board.units} onOpen={onOpen} /></Panel>}
    </div>
  )
}

const open = (title: string, figure: Figure): Opened => ({ title, figure })

/** `figures`: those that a chart shows, as buttons: for the keyboard and for screen readers. */
function Panel({ title, className = '', figures, onOpen, children }: { title: string, className?: string, figures?: Opened[], onOpen?: Props['onOpen'], children: ReactNode }) {
  return (
    <section className={`panel board-panel ${className}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
      {figures && figures.length > 0 && <div className="figure-keys">{figures.map(one => <button type="button" key={one.title} onClick={() => onOpen?.(one)}>{one.title} {one.figure.n}</button>)}</div>}
    </section>
  )
}

/** A figure in a table that opens what it counts. */
function Open({ title, figure, onOpen, alert = false }: Opened & { onOpen: Props['onOpen'], alert?: boolean }) {
  if (figure.n === 0) return <span className="muted">0</span>
  return <button type="button" className={`figure${alert ? ' is-alert' : ''}`} aria-label={`${title} ${figure.n}，查看`} onClick={() => onOpen({ title, figure })}>{figure.n}</button>
}

function figureColumns<Row>(nameOf: (row: Row) => string, of: (row: Row) => object, onOpen: Props['onOpen'], columns: [key: string, title: string, alert?: boolean][]): TableColumnsType<Row> {
  return columns.map(([key, title, alert = false]) => ({ title, key, align: 'right' as const, width: 92, render: (_: unknown, row: Row) => <Open title={`${nameOf(row)} ${title}`} figure={(of(row) as Record<string, Figure>)[key]!} onOpen={onOpen} alert={alert} /> }))
}

const TASK_FIGURES: [string, string, boolean?][] = [['live', '未办结'], ['unclaimed', '待签收'], ['soon', '将到期'], ['overdue', '已逾期', true], ['onTime', '按时'], ['late', '逾期', true]]
const rateColumn = <Row,>(of: (row: Row) => { onTime: Figure, late: Figure }) => ({ title: '按时率', key: 'rate', align: 'right' as const, width: 92, render: (_: unknown, row: Row) => share(of(row).onTime.n, of(row).onTime.n + of(row).late.n) })

function Units({ rows, onOpen }: { rows: Board['units'], onOpen: Props['onOpen'] }) {
  return (
    <WideTable rowKey={row => row.unit.id} dataSource={rows} pagination={false} size="small" locale={{ emptyText: <Nothing title="没有任务" /> }}
      columns={[{ title: '单位', key: 'unit', render: (_, row) => row.unit.name }, ...figureColumns<Board['units'][number]>(row => row.unit.name, row => row, onOpen, TASK_FIGURES), rateColumn<Board['units'][number]>(row => row)]} />
  )
}

function Procedures({ rows, onOpen }: { rows: Board['procedures'], onOpen: Props['onOpen'] }) {
  type Row = Board['procedures'][number]
  return (
    <WideTable rowKey={row => row.procedure.id} dataSource={rows} pagination={false} size="small" locale={{ emptyText: <Nothing title="没有案件" /> }}
      columns={[
        { title: '流程', key: 'procedure', render: (_, row) => row.procedure.name },
        ...figureColumns<Row>(row => row.procedure.name, row => row.cases, onOpen, [['live', '在办案件'], ['opened', '期内新增'], ['closed', '期内办结'], ['yellow', '黄牌'], ['red', '红牌', true]]),
        ...figureColumns<Row>(row => `${row.procedure.name} 任务`, row => row.tasks, onOpen, [['soon', '将到期任务'], ['overdue', '逾期任务', true]]),
        rateColumn<Row>(row => row.tasks),
      ]} />
  )
}

function HandOvers({ rows, onOpen }: { rows: Board['handOvers'], onOpen: Props['onOpen'] }) {
  type Row = Board['handOvers'][number]
  return (
    <WideTable rowKey={row => `${row.procedure.id}/${row.step.id}`} dataSource={rows} pagination={false} size="small" locale={{ emptyText: <Nothing title="移交均已签收" /> }}
      columns={[{ title: '环节', key: 'step', render: (_, row) => <>{row.step.name}<div className="muted">{row.procedure.name}</div></> }, ...figureColumns<Row>(row => row.step.name, row => row, onOpen, [['waiting', '待签收'], ['overdue', '已逾期', true]])]} />
  )
}

function ClockChanges({ rows, onOpen }: { rows: Board['clockChanges'], onOpen: Props['onOpen'] }) {
  type Row = Board['clockChanges'][number]
  return (
    <WideTable rowKey={row => `${row.person.id}/${row.unit.id}`} dataSource={rows} pagination={{ pageSize: 6, size: 'small', hideOnSinglePage: true, showSizeChanger: false }} size="small" locale={{ emptyText: <Nothing title="期内没有暂停或延期" /> }}
      columns={[{ title: '办理人', key: 'person', render: (_, row) => <>{row.person.name}<div className="muted">{row.unit.name}</div></> }, ...figureColumns<Row>(row => row.person.name, row => row, onOpen, [['paused', '暂停计时'], ['extended', '请求延期']])]} />
  )
}

function Officers({ rows, onOpen, isWall }: { rows: Board['officers'], onOpen: Props['onOpen'], isWall: boolean }) {
  type Row = Board['officers'][number]
  return (
    <WideTable rowKey={row => `${row.person.id}/${row.unit.id}`} dataSource={isWall ? rows.slice(0, 5) : rows} pagination={isWall ? false : { pageSize: 6, size: 'small', hideOnSinglePage: true, showSizeChanger: false }} size="small" locale={{ emptyText: <Nothing title="无人持有任务" /> }}
      columns={[{ title: '办理人', key: 'person', render: (_, row) => row.person.name }, ...figureColumns<Row>(row => row.person.name, row => row, onOpen, [['live', '手中'], ['soon', '将到期'], ['overdue', '已逾期', true]]).map(column => ({ ...column, width: 76 }))]} />
  )
}
