/** What the charts of the board show; colours as those of the cards, and never colour alone. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Schemas } from '../../api/client.ts'

type Board = Schemas['Board']

const RED = '#c0262d'
const AMBER = '#e0a100'
const BLUE = '#1a56b0'
const GREEN = '#1b7a4b'
const GREY = '#9fb0c5'

/** Larger and light on dark on the wall. */
const look = (isWall: boolean) => {
  const color = isWall ? '#dbe7fb' : '#3b4856'
  const size = isWall ? 16 : 12
  const line = isWall ? 'rgba(219, 231, 251, 0.18)' : '#e8edf3'
  return {
    axis: { axisLabel: { color, fontSize: size }, axisTick: { show: false }, axisLine: { lineStyle: { color: line } } },
    values: { axisLabel: { color, fontSize: size }, splitLine: { lineStyle: { color: line } }, minInterval: 1 },
    legend: { textStyle: { color, fontSize: size }, top: 0, right: 0, itemWidth: 14, itemHeight: 10 },
    label: { show: true, color, fontSize: size, formatter: ({ value }: { value: number }) => value > 0 ? String(value) : '' },
    grid: { left: 8, right: 24, top: 36, bottom: 4, containLabel: true },
    // As text on the canvas: markup with styles in it is what the Content-Security-Policy forbids.
    tooltip: { renderMode: 'richText', confine: true, axisPointer: { type: 'shadow' } },
  }
}
const still = { animationDuration: 300 }

/** Overdue, about to be due and the rest, each unit a bar. */
export function unitsOption(units: Board['units'], isWall: boolean): EChartsCoreOption {
  const { axis, values, legend, label, grid, tooltip } = look(isWall)
  const bar = (name: string, color: string, data: number[]) => ({ name, type: 'bar', stack: 'all', barMaxWidth: 18, itemStyle: { color }, cursor: 'pointer', data })
  return {
    ...still, grid, legend, tooltip: { ...tooltip, trigger: 'axis' },
    xAxis: { type: 'value', ...values }, yAxis: { type: 'category', inverse: true, data: units.map(one => one.unit.name), ...axis },
    series: [
      { ...bar('已逾期', RED, units.map(one => one.overdue.n)), label: { ...label, color: '#fff' } },
      { ...bar('将到期', AMBER, units.map(one => one.soon.n)), label: { ...label, color: '#3d2c00' } },
      bar('其他未办结', isWall ? '#3d5f93' : '#c9d6e8', units.map(one => one.live.n - one.overdue.n - one.soon.n)),
    ],
  }
}

/** Cases opened and closed as lines, cards shown as bars. */
export function trendOption(trend: Board['trend'], isWall: boolean): EChartsCoreOption {
  const { axis, values, legend, grid, tooltip } = look(isWall)
  const line = (name: string, color: string, data: number[]) => ({ name, type: 'line', symbolSize: 7, symbol: 'circle', itemStyle: { color }, lineStyle: { width: 2.5, color }, cursor: 'pointer', data })
  const bar = (name: string, color: string, data: number[]) => ({ name, type: 'bar', stack: 'cards', barMaxWidth: 16, itemStyle: { color }, cursor: 'pointer', data })
  const byDay = trend[0]?.from === trend[0]?.until
  return {
    ...still, grid, legend, tooltip: { ...tooltip, trigger: 'axis' },
    xAxis: { type: 'category', data: trend.map(({ from }) => byDay ? from.slice(5) : from.slice(0, 7)), ...axis }, yAxis: { type: 'value', ...values },
    series: [
      line('新增', isWall ? '#7fb0ff' : BLUE, trend.map(one => one.opened.n)), line('办结', isWall ? '#63d29b' : GREEN, trend.map(one => one.closed.n)),
      bar('出示黄牌', AMBER, trend.map(one => one.yellow.n)), bar('出示红牌', RED, trend.map(one => one.red.n)),
    ],
  }
}

/** The older, the warmer. */
export function agesOption(ageing: Board['ageing'], isWall: boolean): EChartsCoreOption {
  const { axis, values, label, grid, tooltip } = look(isWall)
  const colors = ['#7fa3d8', '#5c88c9', BLUE, AMBER, RED]
  return {
    ...still, grid: { ...grid, top: 20 }, tooltip: { ...tooltip, trigger: 'item' },
    xAxis: { type: 'category', data: ageing.map(one => one.title), ...axis, axisLabel: { ...axis.axisLabel, interval: 0 } }, yAxis: { type: 'value', ...values },
    series: [{ name: '在办案件', type: 'bar', barMaxWidth: 44, cursor: 'pointer', label: { ...label, position: 'top' }, data: ageing.map((one, i) => ({ value: one.cases.n, itemStyle: { color: colors[i], borderRadius: [4, 4, 0, 0] } })) }],
  }
}

/** The five levels and, apart from them, those who were asked and did not say. */
export function ratingsOption(satisfaction: Board['satisfaction'], isWall: boolean): EChartsCoreOption {
  const { axis, values, label, grid, tooltip } = look(isWall)
  const colors = [GREEN, '#4f9f74', '#7fa3d8', '#c9741a', RED, GREY]
  return {
    ...still, grid: { ...grid, top: 8 }, tooltip: { ...tooltip, trigger: 'item' },
    xAxis: { type: 'value', ...values }, yAxis: { type: 'category', inverse: true, data: satisfaction.map(one => one.title), ...axis },
    series: [{ name: '办结案件', type: 'bar', barMaxWidth: 20, cursor: 'pointer', label: { ...label, position: 'right' }, data: satisfaction.map((one, i) => ({ value: one.cases.n, itemStyle: { color: colors[i], borderRadius: [0, 4, 4, 0] } })) }],
  }
}
