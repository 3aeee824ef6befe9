/** Changes the figures that a procedure's checks go by. */
import { Form, Input, InputNumber, Select } from 'antd'
import { useProcedure } from '../../api/reference.ts'
import { Kept, type Form as Draft } from './kept.tsx'
import { PolicyForm } from './policy-form.tsx'
import { UNITS, type InForce } from './policy.ts'

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

interface Filled { figures: Figures, reason: string }

export function PolicyFigures({ policy, onDone }: { policy: InForce, onDone: () => void }) {
  return (
    <Kept<Filled> place={`policies/${policy.procedure}/figures`} initial={{ figures: policy.figures as Figures, reason: '' }}>
      {draft => <Change policy={policy} draft={draft} onDone={onDone} />}
    </Kept>
  )
}

function Change({ policy, draft, onDone }: { policy: InForce, draft: Draft<Filled>, onDone: () => void }) {
  const { words } = useProcedure(policy.procedure)
  const { figures } = draft.value
  const leaves = leavesOf(figures)
  const titleOf = ({ path }: Leaf): string => words[`figures.${path.join('.')}`] ?? path.join('.')
  const changed = leavesOf(policy.figures as Figures).flatMap((was, i) => was.value === leaves[i]!.value ? [] : [`${titleOf(was)} ${was.value} → ${leaves[i]!.value}`])
  const former = policy.overrides.find(o => o.task === '')?.patch as object | undefined
  return (
    <PolicyForm
      procedure={policy.procedure} task="" patch={() => ({ ...former, figures })} isChanged={changed.length > 0} saved="已修改，对此后的核查生效" draft={draft as unknown as Draft<{ reason: string }>} onDone={onDone}
      effect={changed.length > 0 ? `此后的核查：${changed.join('；')}。已经作出的核查不变。` : ''}
    >
      {leaves.map(leaf => (
        <Form.Item key={leaf.path.join('.')} label={titleOf(leaf)} htmlFor={leaf.path.join('.')} style={{ marginBottom: 10 }}>
          <Figure leaf={leaf} onChange={value => draft.change({ ...draft.value, figures: withFigure(figures, leaf.path, value) })} />
        </Form.Item>
      ))}
    </PolicyForm>
  )
}

function Figure({ leaf: { path, value }, onChange }: { leaf: Leaf, onChange: (value: number | string) => void }) {
  const id = path.join('.')
  if (typeof value === 'number') return <InputNumber id={id} min={0} value={value} onChange={next => onChange(next ?? 0)} style={{ width: 160 }} />
  if (path.at(-1) === 'unit') return <Select id={id} value={value} options={UNITS} style={{ width: 160 }} onChange={onChange} />
  return <Input id={id} value={value} onChange={e => onChange(e.target.value)} />
}
