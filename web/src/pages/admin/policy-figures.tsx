/** Changes the figures that a procedure's checks go by. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { useProcedure } from '../../api/reference.ts'
import { UNITS } from './policy-change.tsx'
import { useRefresh, type InForce } from './policy.ts'

type Figures = { [name: string]: number | string | Figures } | (number | string | Figures)[]
interface Leaf { path: string[], value: number | string }

/** The figures, each by the way to it. */
const leavesOf = (figures: Figures, above: string[] = []): Leaf[] => Object.entries(figures).flatMap(([name, value]) =>
  typeof value === 'object' ? leavesOf(value as Figures, [...above, name]) : [{ path: [...above, name], value: value as number | string }])

/** The same with another value in one place. */
function withFigure(figures: Figures, [name = '', ...rest]: string[], value: number | string): Figures {
  const next = rest.length === 0 ? value : withFigure((figures as Record<string, Figures>)[name]!, rest, value)
  return Array.isArray(figures) ? figures.with(Number(name), next) : { ...figures, [name]: next }
}

export function PolicyFigures({ policy, onDone }: { policy: InForce, onDone: () => void }) {
  const { words } = useProcedure(policy.procedure)
  const { message } = App.useApp()
  const refresh = useRefresh()
  const before = policy.figures as Figures
  const [figures, setFigures] = useState(before)
  const [reason, setReason] = useState('')
  const former = policy.overrides.find(o => o.task === '')?.patch as object | undefined
  const saving = useMutation({
    mutationFn: () => client.PUT('/api/admin/policies/{procedure}', { params: { path: { procedure: policy.procedure } }, body: { task: '', patch: { ...former, figures }, reason } as never }),
    onSuccess: () => {
      refresh()
      message.success('已修改，对此后的核查生效')
      onDone()
    },
  })
  const problem = saving.error ? toProblem(saving.error) : undefined
  const changed = leavesOf(before).flatMap((was, i) => was.value === leavesOf(figures)[i]!.value ? [] : [`${titleOf(was)} ${was.value} → ${leavesOf(figures)[i]!.value}`])
  function titleOf({ path }: Leaf): string { return words[`figures.${path.join('.')}`] ?? path.join('.') }
  return (
    <Form layout="vertical" onFinish={() => saving.mutate()}>
      {leavesOf(figures).map(leaf => (
        <Form.Item key={leaf.path.join('.')} label={titleOf(leaf)} htmlFor={leaf.path.join('.')} style={{ marginBottom: 10 }}>
          <Figure leaf={leaf} onChange={value => setFigures(withFigure(figures, leaf.path, value))} />
        </Form.Item>
      ))}
      <Form.Item label="修改理由" htmlFor="figures-reason" required><Input.TextArea id="figures-reason" rows={3} value={reason} onChange={e => setReason(e.target.value)} /></Form.Item>
      {changed.length > 0 && <Alert type="info" showIcon style={{ marginBottom: 12 }} title="修改的效果" description={`此后的核查：${changed.join('；')}。已经作出的核查不变。`} />}
      {problem && <Alert type="error" role="alert" title={problem.title} description={problem.errors.map(error => error.detail).join('；') || problem.detail} style={{ marginBottom: 12 }} />}
      <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={changed.length === 0 || reason.trim() === ''}>保存</Button>
    </Form>
  )
}

function Figure({ leaf: { path, value }, onChange }: { leaf: Leaf, onChange: (value: number | string) => void }) {
  const id = path.join('.')
  if (typeof value === 'number') return <InputNumber id={id} min={0} value={value} onChange={next => onChange(next ?? 0)} style={{ width: 160 }} />
  if (path.at(-1) === 'unit') return <Select id={id} value={value} options={UNITS} style={{ width: 160 }} onChange={onChange} />
  return <Input id={id} value={value} onChange={e => onChange(e.target.value)} />
}
