/** The picture itself. Which way leads where is said in words when the pointer is on a step; what the case has gone is drawn strong. */
import { BaseEdge, Controls, EdgeLabelRenderer, getBezierPath, Handle, MarkerType, Position, ReactFlow, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { CheckCircleFilled, ClockCircleFilled, MinusCircleOutlined, RollbackOutlined } from '@ant-design/icons'
import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { near } from '../../time.ts'
import { CardTag } from '../card-tag.tsx'
import { framesOf, GAP, layOut, NODE, type Layout } from './layout.ts'
import { STATUS, type Drawn, type Step, type StepStatus, type Way } from './read.ts'

type StepNode = Node<{ step: Step, isCase: boolean, dim: boolean }, 'step'>
type FrameNode = Node<Record<string, never>, 'frame'>
/** `bend`: to which side a way back bends. */
type WayEdge = Edge<{ way: Way, bend: 1 | -1, down: boolean, shown: boolean }, 'way'>

const ICONS: Record<StepStatus, ReactNode> = {
  'not-reached': null, 'waiting': <ClockCircleFilled />, 'done': <CheckCircleFilled />, 'returned': <RollbackOutlined />, 'lapsed': <MinusCircleOutlined />, 'cancelled': <MinusCircleOutlined />, 'reached': <CheckCircleFilled />,
}

function StepBox({ data: { step, isCase, dim } }: NodeProps<StepNode>) {
  const { title, isOutcome, status, rounds } = step
  const last = rounds.at(-1)
  return (
    <div aria-hidden="true" className={`picture-step is-${isCase ? status : 'plain'}${isOutcome ? ' is-outcome' : ''}${dim ? ' is-dim' : ''}`}>
      {(['left', 'right', 'top', 'bottom'] as const).flatMap(side => (['source', 'target'] as const).map(type =>
        <Handle key={side + type} id={`${side}-${type}`} type={type} position={side as Position} isConnectable={false} />))}
      <div className="picture-step-head"><strong>{title}</strong>{isCase && ICONS[status]}{rounds.length > 1 && <span className="picture-rounds">{rounds.length} 轮</span>}</div>
      {last && <div className="picture-step-who">{last.unitName}{last.person && ` · ${last.person.name.replace(`${last.unitName} `, '')}`}</div>}
      {last && <div className="picture-step-when">{last.until ? `${near(last.until)} ${STATUS[last.status]}` : `期限 ${near(last.dueAt)}`} <CardTag card={last.card} /></div>}
    </div>
  )
}

const Frame = () => <div className="picture-frame" aria-hidden="true">同步办理</div>

function WayLine({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, markerEnd }: EdgeProps<WayEdge>) {
  const { way, bend, down, shown } = data!
  const reach = (34 + Math.abs(down ? sourceY - targetY : sourceX - targetX) * 0.16) * bend
  const [straight, midX, midY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: 0.3 })
  // A step that follows itself goes out and comes in a little apart.
  const apart = way.from === way.to ? 22 : 0
  const [from, out, into, to] = down
    ? [[sourceX, sourceY + apart], [sourceX + reach, sourceY + apart], [targetX + reach, targetY - apart], [targetX, targetY - apart]] as const
    : [[sourceX + apart, sourceY], [sourceX + apart, sourceY + reach], [targetX - apart, targetY + reach], [targetX - apart, targetY]] as const
  const path = way.back ? `M ${from} C ${out} ${into} ${to}` : straight
  // Where it says what it is: on a way back soon after its start; on one that passes by a column before its end, where no step is.
  const along = (i: 0 | 1): number => 0.512 * from[i] + 0.384 * out[i] + 0.096 * into[i] + 0.008 * to[i]
  const passes = (down ? targetY - sourceY : targetX - sourceX) > 2 * GAP.along.across
  const [labelX, labelY] = way.back ? [along(0), along(1)] : !passes ? [midX, midY] : down ? [targetX, targetY - GAP.along.down / 2] : [targetX - GAP.along.across / 2, targetY - 14]
  const text = [way.label, way.times > 1 && `${way.times} 次`].filter(Boolean).join(' ')
  return (
    <>
      <BaseEdge path={path} markerEnd={markerEnd!} className={`picture-way${way.back ? ' is-back' : ''}${way.times > 0 ? ' is-walked' : ''}${shown ? ' is-shown' : ''}`} />
      {shown && text !== '' && <EdgeLabelRenderer><span aria-hidden="true" className={`picture-label${way.back ? ' is-back' : ''}`} style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)`, ...(!down && !way.back && { maxWidth: GAP.along.across }) }}>{text}</span></EdgeLabelRenderer>}
    </>
  )
}

const nodeTypes = { step: StepBox, frame: Frame }
const edgeTypes = { way: WayLine }
const LABELS = { 'controls.ariaLabel': '缩放', 'controls.zoomIn.ariaLabel': '放大', 'controls.zoomOut.ariaLabel': '缩小', 'controls.fitView.ariaLabel': '显示全图' }

/** Draws what {@link Drawn} says. All but the buttons is hidden from screen readers, for whom there is the list. */
export default function Flow(drawn: Drawn) {
  const [pointed, setPointed] = useState<string>()
  const [box, width] = useWidth()
  const layout = useMemo(() => layOut(drawn.picture, width), [drawn.picture, width])
  const nodes = useMemo(() => nodesOf(drawn, layout, pointed), [drawn, layout, pointed])
  const edges = useMemo(() => edgesOf(drawn, layout, pointed), [drawn, layout, pointed])
  const height = layout.height * Math.min(LARGEST, width / layout.width)
  return (
    <div className="picture-flow" style={{ height }} ref={box}>
      {width > 0 && (
        <ReactFlow<StepNode | FrameNode, WayEdge>
          // Fitted again when the room has changed.
          key={Math.round(width / 24)}
          nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} fitView fitViewOptions={{ padding: 0.04, maxZoom: LARGEST }} minZoom={0.25} maxZoom={1.8}
          nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnScroll={false} preventScrolling={false} disableKeyboardA11y
          onNodeMouseEnter={(_, node) => setPointed(node.id)} onNodeMouseLeave={() => setPointed(undefined)} ariaLabelConfig={LABELS} proOptions={{ hideAttribution: true }}
        >
          <Controls showInteractive={false} position="bottom-right" className="no-print" />
        </ReactFlow>
      )}
    </div>
  )
}

const LARGEST = 1.1

/** The width of an element, followed; 0 until it is known. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const watching = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width))
    watching.observe(box.current!)
    return () => watching.disconnect()
  }, [])
  return [box, width] as const
}

function nodesOf({ picture, steps, ways, isCase }: Drawn, { places }: Layout, pointed: string | undefined): (StepNode | FrameNode)[] {
  const near = new Set(ways.filter(way => way.from === pointed || way.to === pointed).flatMap(way => [way.from, way.to]))
  return [
    ...framesOf(picture, places).map(({ id, x, y, width, height }): FrameNode => ({ id, type: 'frame', position: { x, y }, data: {}, style: { width, height }, width, height, zIndex: -1 })),
    ...steps.map((step): StepNode => {
      const { x, y } = places.get(step.name)!
      return { id: step.name, type: 'step', position: { x, y }, width: NODE.width, height: NODE.height, data: { step, isCase, dim: pointed !== undefined && pointed !== step.name && !near.has(step.name) } }
    }),
  ]
}

function edgesOf({ ways, isCase }: Drawn, { places, down }: Layout, pointed: string | undefined): WayEdge[] {
  const [out, into] = down ? ['bottom', 'top'] : ['right', 'left']
  const [near, far] = down ? ['left', 'right'] : ['top', 'bottom']
  return ways.map((way) => {
    const bend = places.get(way.to)!.row > 0 ? 1 : -1
    const side = bend > 0 ? far : near
    const shown = pointed === undefined ? isCase && way.times > 0 : way.from === pointed
    const color = shown ? (way.back ? '#a35a00' : '#1a56b0') : way.times > 0 ? '#7fa3d8' : '#c3ccd8'
    return {
      id: `${way.from}→${way.to}`, type: 'way', source: way.from, target: way.to, sourceHandle: `${way.back ? side : out}-source`, targetHandle: `${way.back ? side : into}-target`,
      data: { way, bend, down, shown }, markerEnd: { type: MarkerType.ArrowClosed, color, width: 16, height: 16 },
    }
  })
}
