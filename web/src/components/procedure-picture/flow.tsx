/** The picture itself. Which way leads where is said in words when the pointer is on a step; what the case has gone is drawn strong. */
import { BaseEdge, Controls, EdgeLabelRenderer, getBezierPath, Handle, MarkerType, Position, ReactFlow, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { CheckCircleFilled, ClockCircleFilled, MinusCircleOutlined, RollbackOutlined } from '@ant-design/icons'
import { useMemo, useState, type ReactNode } from 'react'
import { near } from '../../time.ts'
import { CardTag } from '../card-tag.tsx'
import { framesOf, heightOf, NODE } from './layout.ts'
import { STATUS, type Drawn, type Step, type StepStatus, type Way } from './read.ts'

type StepNode = Node<{ step: Step, isCase: boolean, dim: boolean }, 'step'>
type FrameNode = Node<Record<string, never>, 'frame'>
type WayEdge = Edge<{ way: Way, below: boolean, shown: boolean }, 'way'>

const ICONS: Record<StepStatus, ReactNode> = {
  'not-reached': null, 'waiting': <ClockCircleFilled />, 'done': <CheckCircleFilled />, 'returned': <RollbackOutlined />, 'lapsed': <MinusCircleOutlined />, 'cancelled': <MinusCircleOutlined />, 'reached': <CheckCircleFilled />,
}

function StepBox({ data: { step, isCase, dim } }: NodeProps<StepNode>) {
  const { title, isOutcome, status, rounds } = step
  const last = rounds.at(-1)
  return (
    <div className={`picture-step is-${isCase ? status : 'plain'}${isOutcome ? ' is-outcome' : ''}${dim ? ' is-dim' : ''}`}>
      {(['left', 'right', 'top', 'bottom'] as const).flatMap(side => (['source', 'target'] as const).map(type =>
        <Handle key={side + type} id={`${side}-${type}`} type={type} position={side as Position} isConnectable={false} />))}
      <div className="picture-step-head"><strong>{title}</strong>{isCase && ICONS[status]}{rounds.length > 1 && <span className="picture-rounds">{rounds.length} 轮</span>}</div>
      {last && <div className="picture-step-who">{last.unitName}{last.person && ` · ${last.person.name.replace(`${last.unitName} `, '')}`}</div>}
      {last && <div className="picture-step-when">{last.until ? `${near(last.until)} ${STATUS[last.status]}` : `期限 ${near(last.dueAt)}`} <CardTag card={last.card} /></div>}
    </div>
  )
}

const Frame = () => <div className="picture-frame">同步办理</div>

function WayLine({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, markerEnd }: EdgeProps<WayEdge>) {
  const { way, below, shown } = data!
  const reach = (way.back ? 34 + Math.abs(sourceX - targetX) * 0.16 : 0) * (below ? 1 : -1)
  const loop = way.from === way.to
  const [straight, midX, midY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: 0.3 })
  const path = way.back ? `M ${sourceX + (loop ? 24 : 0)},${sourceY} C ${sourceX + (loop ? 48 : 0)},${sourceY + reach} ${targetX - (loop ? 48 : 0)},${targetY + reach} ${targetX - (loop ? 24 : 0)},${targetY}` : straight
  const [labelX, labelY] = way.back ? [(sourceX + targetX) / 2, (sourceY + targetY) / 2 + reach * 0.75] : [midX, midY]
  const text = [way.label, way.times > 1 && `${way.times} 次`].filter(Boolean).join(' ')
  return (
    <>
      <BaseEdge path={path} markerEnd={markerEnd!} className={`picture-way${way.back ? ' is-back' : ''}${way.times > 0 ? ' is-walked' : ''}${shown ? ' is-shown' : ''}`} />
      {shown && text !== '' && <EdgeLabelRenderer><span className={`picture-label${way.back ? ' is-back' : ''}`} style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}>{text}</span></EdgeLabelRenderer>}
    </>
  )
}

const nodeTypes = { step: StepBox, frame: Frame }
const edgeTypes = { way: WayLine }
const LABELS = { 'controls.ariaLabel': '缩放', 'controls.zoomIn.ariaLabel': '放大', 'controls.zoomOut.ariaLabel': '缩小', 'controls.fitView.ariaLabel': '显示全图' }

/** Draws what {@link Drawn} says; hidden from screen readers, for whom there is the list. */
export default function Flow(drawn: Drawn) {
  const [pointed, setPointed] = useState<string>()
  const nodes = useMemo(() => nodesOf(drawn, pointed), [drawn, pointed])
  const edges = useMemo(() => edgesOf(drawn, pointed), [drawn, pointed])
  return (
    <div className="picture-flow" style={{ height: heightOf(drawn.picture) }} aria-hidden="true">
      <ReactFlow<StepNode | FrameNode, WayEdge>
        nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} fitView fitViewOptions={{ padding: 0.06, maxZoom: 1.1 }} minZoom={0.25} maxZoom={1.8}
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnScroll={false} preventScrolling={false} disableKeyboardA11y
        onNodeMouseEnter={(_, node) => setPointed(node.id)} onNodeMouseLeave={() => setPointed(undefined)} ariaLabelConfig={LABELS} proOptions={{ hideAttribution: true }}
      >
        <Controls showInteractive={false} position="bottom-right" className="no-print" />
      </ReactFlow>
    </div>
  )
}

function nodesOf({ picture, places, steps, ways, isCase }: Drawn, pointed: string | undefined): (StepNode | FrameNode)[] {
  const near = new Set(ways.filter(way => way.from === pointed || way.to === pointed).flatMap(way => [way.from, way.to]))
  return [
    ...framesOf(picture, places).map(({ id, x, y, width, height }): FrameNode => ({ id, type: 'frame', position: { x, y }, data: {}, style: { width, height }, width, height, zIndex: -1 })),
    ...steps.map((step): StepNode => {
      const { x, y } = places.get(step.name)!
      return { id: step.name, type: 'step', position: { x, y }, width: NODE.width, height: NODE.height, data: { step, isCase, dim: pointed !== undefined && pointed !== step.name && !near.has(step.name) } }
    }),
  ]
}

function edgesOf({ places, ways, isCase }: Drawn, pointed: string | undefined): WayEdge[] {
  return ways.map((way) => {
    const below = places.get(way.to)!.row > 0
    const side = way.back ? (below ? 'bottom' : 'top') : undefined
    const shown = pointed === undefined ? isCase && way.times > 0 : way.from === pointed
    const color = shown ? (way.back ? '#a35a00' : '#1a56b0') : way.times > 0 ? '#7fa3d8' : '#c3ccd8'
    return {
      id: `${way.from}→${way.to}`, type: 'way', source: way.from, target: way.to, sourceHandle: `${side ?? 'right'}-source`, targetHandle: `${side ?? 'left'}-target`,
      data: { way, below, shown }, markerEnd: { type: MarkerType.ArrowClosed, color, width: 16, height: 16 }, zIndex: shown ? 1 : 0,
    }
  })
}
