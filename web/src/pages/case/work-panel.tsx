import { Card, Flex, Tag } from 'antd'
import { useEffect, useRef } from 'react'
import { canClaim, isLive } from '../../api/actions.ts'
import type { Schemas } from '../../api/client.ts'
import { useProcedure } from '../../api/reference.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Facts } from '../../components/facts.tsx'
import { usePerson } from '../../session/session.ts'
import { ActionButton, ActionForm } from './action-form.tsx'

type Task = Schemas['Task']

/** What the reader can do now: the tasks in hand with their forms open, everything else as buttons. */
export function WorkPanel({ file, wanted, onDone }: { file: Schemas['Case'], wanted: string | undefined, onDone: () => void }) {
  const open = file.tasks.filter(isLive)
  const mine = open.filter(task => task.actions.length > 0).sort((a, b) => Number(b.id === wanted) - Number(a.id === wanted))
  const others = open.filter(task => task.actions.length === 0)
  // Comments have a place of their own.
  const urge = file.actions.filter(action => action.name !== 'comment' && !offeredByTask(action.name, mine))
  return (
    <Flex vertical gap={16}>
      {mine.map(task => <TaskCard key={task.id} task={task} wanted={task.id === wanted} onDone={onDone} />)}
      {others.length > 0 && (
        <Card size="small" title="正在等待">
          {others.map(task => <div key={task.id} className="waiting-for"><span><strong>{task.title}</strong> {task.unitName}{task.holder && task.unit !== 'applicant' ? `，${task.holder.name.replace(`${task.unitName} `, '')}` : ''}</span><Flex gap={8} align="center"><CardTag card={task.card} /><Due dueAt={task.dueAt} unit={task.clock.unit} /></Flex>{task.barred && <span className="muted barred">{task.barred}</span>}</div>)}
        </Card>
      )}
      {urge.length > 0 && (
        <Card size="small" title="对本案">
          <Flex gap={8} wrap>{urge.map(action => <ActionButton key={action.name} target={{ caseNo: file.caseNo }} action={action} about={file.title} />)}</Flex>
        </Card>
      )}
    </Flex>
  )
}

/** An action on the case that only repeats what one of the shown tasks offers itself. */
const offeredByTask = (name: string, tasks: Task[]): boolean => tasks.some(task => task.actions.some(action => action.name === name) || task.name === name)

export function TaskCard({ task, wanted, onDone }: { task: Task, wanted: boolean, onDone?: () => void }) {
  const person = usePerson()
  const { shown, tasks } = useProcedure(task.procedure)
  const papers = tasks.find(({ name }) => name === task.name)?.documents ?? []
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => { if (wanted) box.current?.focus() }, [wanted])
  const holds = task.holder?.id === person.id || task.status === 'claimed' && task.actions.some(action => action.name === 'complete')
  // Whoever may claim it may as well do it at once: to submit is to take it.
  const inForm = holds || canClaim(task) ? finishing(task) : undefined
  const others = task.actions.filter(action => action !== inForm)
  const hash = task.context?.contentHash
  const about = task.title
  return (
    <Card
      ref={box} tabIndex={-1} size="small" className="task-card"
      title={<Flex gap={8} align="center" wrap>{task.title}{task.round > 1 && <Tag>第 {task.round} 轮</Tag>}<CardTag card={task.card} /></Flex>}
      extra={<Due dueAt={task.dueAt} unit={task.clock.unit} />}
    >
      <Flex vertical gap={12}>
        <div className="muted">{task.unitName} · {task.holder ? `办理人 ${task.holder.id === person.id ? '本人' : task.holder.name}` : '待签收'}</div>
        {task.barred && <div className="muted">{task.barred}</div>}
        {task.context && <div className="task-context"><Facts value={task.context} schema={shown.tasks[task.name]?.context ?? undefined} names={task.names} columns={1} /></div>}
        {inForm && <ActionForm key={task.id} target={{ task: task.id }} action={inForm} about={about} {...(onDone && { onDone })} {...(papers.length > 0 && inForm.name === 'complete' && { preview: papers })} {...(hasField(inForm.form, 'contentHash') && { given: { contentHash: hash } })} />}
        <Flex gap={8} wrap className="task-more">
          {others.map((action, i) => <ActionButton key={action.name} target={{ task: task.id }} action={action} about={about} primary={!inForm && i === 0} />)}
        </Flex>
      </Flex>
    </Card>
  )
}

/** The action that finishes it, where something is to be filled in. */
export const finishing = (task: Task): Task['actions'][number] | undefined => task.actions.find(({ name, form }) => form && (name === 'complete' || name === 'acknowledge'))

const hasField = (form: object | null, name: string): boolean => name in ((form as { properties?: object } | null)?.properties ?? {})
