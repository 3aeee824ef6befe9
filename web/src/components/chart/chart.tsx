/** A chart on a canvas, drawn by the library's parts that the board needs. Loaded on demand (`lazy.tsx`). */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface ChartProps {
  option: EChartsCoreOption
  height: number | string
  /** Which point of which series was clicked. */
  onPick?: (series: number, index: number) => void
}

/** Hidden from screen readers: whoever uses it puts the same figures beside it as text. */
export default function Chart({ option, height, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    const drawn = chart.current = init(box.current)
    drawn.on('click', ({ seriesIndex, dataIndex }) => pick.current?.(seriesIndex ?? 0, dataIndex))
    const watching = new ResizeObserver(() => drawn.resize())
    watching.observe(box.current!)
    return () => {
      watching.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option])
  return <div ref={box} style={{ height }} aria-hidden="true" />
}
