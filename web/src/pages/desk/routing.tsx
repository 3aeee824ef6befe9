/** One matter and the form that routes it: a usual route by one click, its confirmation by the second. */
import { CheckOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Alert, App, Button, Flex } from 'antd'
import { useState } from 'react'
import { asCase } from '../../api/case.ts'
import { $api } from '../../api/client.ts'
import { useAct, type Task } from '../../api/actions.ts'
import { useDraft, useDrafts, type Draft } from '../../api/drafts.ts'
import { toProblem, type ApiProblem } from '../../api/problem.ts'
import { useProcedure } from '../../api/reference.ts'
import { Facts } from '../../components/facts.tsx'
import { MaterialCount } from '../../components/materials.tsx'
import { JsonForm } from '../../components/json-form/lazy.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { Waiting } from '../../components/waiting.tsx'
import { dateTime } from '../../time.ts'
import { Heeded } from './heeded.tsx'
import { OtherCases } from './other-cases.tsx'
import { refusersOf, routesOf, useUsual, type Route } from './usual.ts'

export function Routing({ task, onDone }: { task: Task, onDone: () => void }) {
  const { application, shown } = useProcedure(task.procedure)
  const file = asCase($api.useQuery('get', '/api/cases/{caseNo}', { params: { path: { caseNo: task.caseNo } } }).data)
  const { data: form } = $api.useQuery('get', '/api/tasks/{id}', { params: { path: { id: task.id } } })
  return (
    <div className="panel desk-case">
      <header className="desk-case-head">
        <div><h2><Flex gap={8} align="center" wrap>{task.caseTitle}<Heeded urgent={task.urgent} urgedAt={task.urgedAt} /></Flex></h2><span className="muted">{file?.enterprise?.name ?? '—'} · {file && `${dateTime(file.openedAt)} 提交`} · <Link to="/cases/$caseNo" params={{ caseNo: task.caseNo }} search={{ task: task.id }} className="case-no">{task.caseNo}</Link> · 附件 <MaterialCount caseNo={task.caseNo} none="无" /></span></div>
      </header>
      <div className="desk-case-body">
        <section aria-label="事项内容">{file ? <Facts schema={application as JsonSchema} value={file.application} columns={1} /> : <Waiting />}{form?.context && <Alert type="warning" title="上一环节退回" description={<Facts value={form.context} schema={shown.tasks[task.name]?.context ?? undefined} names={form.names} columns={1} />} />}{file?.enterprise && <OtherCases enterprise={file.enterprise.id} caseNo={task.caseNo} />}</section>
        <section aria-label={task.title}>{form && file ? <RouteForm task={task} schema={form.form as JsonSchema} refusers={refusersOf(file.tasks)} onDone={onDone} /> : <Waiting />}</section>
      </div>
    </div>
  )
}

interface FormProps { task: Task, schema: JsonSchema, refusers: Set<string>, onDone: () => void }

function RouteForm(props: FormProps) {
  const { task } = props
  const drafts = useDrafts({ caseNo: task.caseNo })
  return drafts ? <OpenRouteForm {...props} found={drafts.find(draft => draft.task === task.id && draft.action === 'complete')} /> : <Waiting />
}

function OpenRouteForm({ task, schema, refusers, onDone, found }: FormProps & { found: Draft | undefined }) {
  const { message } = App.useApp()
  const usual = useUsual(task, schema, refusers)
  const draft = useDraft({ task: task.id, action: 'complete' }, { found })
  const { value } = draft
  const [chosen, setChosen] = useState(found && 'kept')
  const [whole, setWhole] = useState(found !== undefined)
  const doing = useAct()
  const [problem, setProblem] = useState<ApiProblem>()
  const pick = (route: Route): void => {
    setProblem(undefined)
    setChosen(route.key)
    draft.change(route.form)
    setWhole(!usual.includes(route))
  }
  const submit = async (filled: object): Promise<void> => {
    setProblem(undefined)
    try {
      // To route it is to take it.
      await draft.send(key => doing.mutateAsync({ target: { task: task.id }, action: 'complete', form: filled, key }))
      message.success(`已${task.title}：${task.caseTitle}`)
      onDone()
    } catch (error) {
      setProblem(toProblem(error))
    }
  }
  return (
    <>
      {usual.length > 0 && <RouteButtons title="常用去向" routes={usual} chosen={chosen} onPick={pick} />}
      <RouteButtons title="其他" routes={routesOf(schema)} chosen={chosen} onPick={pick} />
      {problem && <Alert type="error" role="alert" title={problem.title} description={problem.detail} style={{ margin: '8px 0' }} />}
      {chosen !== undefined && (
        <JsonForm schema={schema} value={value} onChange={draft.change} onSubmit={filled => void submit(filled)} errors={problem?.errors} id="route" caseNo={task.caseNo} disabled={doing.isPending} hidden={whole ? [] : Object.keys(schema.properties ?? {}).filter(name => !(name in value))}>
          <Flex gap={8}>
            <Button type="primary" size="large" htmlType="submit" icon={<CheckOutlined />} loading={doing.isPending} autoFocus>确认{task.title}</Button>
            {!whole && <Button size="large" type="text" onClick={() => setWhole(true)}>补充其他内容</Button>}
          </Flex>
        </JsonForm>
      )}
      {chosen === undefined && <p className="muted">点一个去向，核对后确认。</p>}
    </>
  )
}

function RouteButtons({ title, routes, chosen, onPick }: { title: string, routes: Route[], chosen: string | undefined, onPick: (route: Route) => void }) {
  return (
    <div className="routes" role="group" aria-label={title}>
      <h3>{title}</h3>
      <Flex gap={8} wrap>{routes.map(route => <Button className="route" key={route.key} aria-pressed={route.key === chosen} type={route.key === chosen ? 'primary' : 'default'} onClick={() => onPick(route)}>{route.label}{route.refused && '（已拒收）'}</Button>)}</Flex>
    </div>
  )
}

