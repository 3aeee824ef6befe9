/** The board as sheets of a workbook. */
import type { Board } from './board-view.ts'
import type { Sheet } from './xlsx.ts'

const rate = (onTime: number, all: number) => all === 0 ? '—' : `${(onTime / all * 100).toFixed(1)}%`

/** One sheet for each part of the board. */
export function boardSheets({ from, until, unit, tasks, cases, units, procedures, ageing, satisfaction, trend, handOvers, clockChanges, officers, asOf }: Board): Sheet[] {
  const figures = (of: Board['tasks']) => [of.live.n, of.unclaimed.n, of.soon.n, of.overdue.n, of.onTime.n, of.late.n, rate(of.onTime.n, of.onTime.n + of.late.n)]
  const headings: Sheet['columns'] = [['未办结任务', 12], ['待签收', 10], ['将到期', 10], ['已逾期', 10], ['按时', 10], ['逾期', 10], ['按时率', 10]]
  return [
    {
      name: '概览', columns: [['指标', 28], ['数值', 24]],
      rows: [
        ['统计期间', `${from} 至 ${until}`], ['单位', unit?.name ?? '全部'], ['截至', new Date(asOf)],
        ['未办结案件', cases.live.n], ['其中已逾期', cases.overdue.n], ['其中黄牌', cases.yellow.n], ['其中红牌', cases.red.n],
        ['期内新增', cases.opened.n], ['期内办结', cases.closed.n], ['案件按时办结率（未出示过牌）', rate(cases.onTime.n, cases.closed.n)],
        ['未办结任务', tasks.live.n], ['待签收任务', tasks.unclaimed.n], ['将到期任务', tasks.soon.n], ['已逾期任务', tasks.overdue.n], ['任务按时率', rate(tasks.onTime.n, tasks.onTime.n + tasks.late.n)],
      ],
    },
    { name: '按单位', columns: [['单位', 24], ...headings], rows: units.map(({ unit, ...of }) => [unit.name, ...figures(of)]) },
    {
      name: '按流程', columns: [['流程', 24], ['未办结案件', 12], ['期内新增', 10], ['期内办结', 10], ['未出示过牌', 12], ...headings],
      rows: procedures.map(({ procedure, tasks, cases }) => [procedure.name, cases.live.n, cases.opened.n, cases.closed.n, cases.onTime.n, ...figures(tasks)]),
    },
    { name: '在办时长', columns: [['自开始起', 16], ['未办结案件', 12]], rows: ageing.map(({ title, cases }) => [title, cases.n]) },
    { name: '新增办结与牌', columns: [['自', 12], ['至', 12], ['新增', 8], ['办结', 8], ['黄牌案件', 10], ['红牌案件', 10]], rows: trend.map(t => [t.from, t.until, t.opened.n, t.closed.n, t.yellow.n, t.red.n]) },
    { name: '满意度', columns: [['评价', 16], ['办结案件', 12]], rows: satisfaction.map(({ title, cases }) => [title, cases.n]) },
    { name: '移交未签收', columns: [['流程', 24], ['环节', 20], ['待签收', 10], ['已逾期', 10]], rows: handOvers.map(h => [h.procedure.name, h.step.name, h.waiting.n, h.overdue.n]) },
    { name: '暂停与延期', columns: [['人员', 24], ['单位', 24], ['暂停计时案件', 14], ['请求延期案件', 14]], rows: clockChanges.map(c => [c.person.name, c.unit.name, c.paused.n, c.extended.n]) },
    { name: '人员负荷', columns: [['人员', 24], ['单位', 24], ['手中任务', 10], ['将到期', 10], ['已逾期', 10]], rows: officers.map(o => [o.person.name, o.unit.name, o.live.n, o.soon.n, o.overdue.n]) },
  ]
}
