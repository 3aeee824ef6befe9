/** Fields that the form library does not know: choices, dates of Asia/Shanghai, units, people and enterprises by name, other cases of the same enterprise. */
import type { FieldProps, WidgetProps } from '@rjsf/utils'
import { AutoComplete, Form, InputNumber, Radio } from 'antd'
import dayjs from 'dayjs'
import { asCase } from '../../api/case.ts'
import { $api } from '../../api/client.ts'
import { DatePicker, DAY_FORMATS, wallClock } from '../date-picker.tsx'
import { ReferenceSelect, type Handing } from '../reference-select.tsx'
import { caseNoOf, finds } from '../../find.ts'
import { choicesOf } from './prepare.ts'

export function ChoiceWidget({ id, schema, value, onChange, disabled, label }: WidgetProps) {
  return <Radio.Group id={id} aria-label={label} name={id} value={value} disabled={disabled} options={choicesOf(schema) as { value: string, label: string }[]} onChange={e => onChange(e.target.value)} className="choices" />
}

export function YesNoWidget({ id, value, onChange, disabled, label }: WidgetProps) {
  return <Radio.Group id={id} aria-label={label} name={id} value={value} disabled={disabled} options={[{ value: true, label: '是' }, { value: false, label: '否' }]} onChange={e => onChange(e.target.value)} />
}

/** A number as it is typed: `１，２００．５`, `1 200`. */
const readNumber = (typed = ''): string => typed.normalize('NFKC').replaceAll('。', '.').replace(/[\s,、']/g, '')

export function NumberWidget({ id, schema, value, onChange, disabled, placeholder }: WidgetProps) {
  return <InputNumber<number> id={id} name={id} value={value as number | null} min={schema.minimum ?? Number.MIN_SAFE_INTEGER} max={schema.maximum ?? Number.MAX_SAFE_INTEGER} changeOnWheel={false} disabled={disabled ?? false} placeholder={placeholder} parser={typed => readNumber(typed) as unknown as number} onChange={next => onChange(next ?? undefined)} style={{ width: '100%' }} />
}

export function DayWidget({ id, value, onChange, disabled }: WidgetProps) {
  return <DatePicker id={id} format={DAY_FORMATS} value={value ? dayjs(value) : null} disabled={disabled} onChange={day => onChange(day?.format('YYYY-MM-DD'))} style={{ width: '100%' }} />
}

export function InstantWidget({ id, value, onChange, disabled }: WidgetProps) {
  return (
    <DatePicker
      id={id} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" disabled={disabled} style={{ width: '100%' }}
      // What is picked is the wall clock of Asia/Shanghai, whatever the computer's own zone.
      value={value ? wallClock(value as string) : null}
      onChange={at => onChange(at ? `${at.format('YYYY-MM-DDTHH:mm')}:00+08:00` : undefined)}
    />
  )
}

export function ReferenceWidget({ id, schema, value, onChange, disabled, placeholder, registry }: WidgetProps) {
  return <ReferenceSelect {...chosenFrom(schema, registry)} id={id} value={value as string | undefined} disabled={disabled} onChange={onChange} placeholder={placeholder} style={{ width: '100%' }} />
}

/** From what an id of this field is chosen. */
const chosenFrom = ({ $comment: to }: { $comment?: string }, { formContext }: { formContext: unknown }) => ({ to: String(to), ...formContext as { handing?: Handing, unit?: string } })

/** A case beside the one that the form is about (`caseNo` of the form's context): by its number, or chosen from the newest of the same enterprise. */
export function CaseWidget({ id, value, onChange, disabled, registry }: WidgetProps) {
  const { caseNo } = registry.formContext as { caseNo?: string }
  const file = asCase($api.useQuery('get', '/api/cases/{caseNo}', { params: { path: { caseNo: caseNo! } } }, { enabled: caseNo !== undefined }).data)
  const enterprise = file?.enterprise?.id
  const { data: cases } = $api.useQuery('get', '/api/cases', { params: { query: { enterprise, limit: 100 } } }, { enabled: enterprise !== undefined })
  const options = cases?.items.filter(one => one.caseNo !== caseNo).map(one => ({ value: one.caseNo, label: `${one.caseNo}　${one.title}` })) ?? []
  return (
    <AutoComplete
      id={id} value={value} disabled={disabled} onChange={(next?: string) => onChange(next || undefined)} onBlur={() => onChange(typeof value === 'string' ? caseNoOf(value) : value)} allowClear placeholder="案件编号，可从该企业的案件中选择"
      options={options} showSearch={{ filterOption: (typed, option) => finds(option!.label, typed) }} style={{ width: '100%' }}
    />
  )
}

/** A list of ids is one field in which several are chosen, not a list of fields. */
export function WholeArrayField({ fieldPathId, schema, formData, onChange, disabled, required, rawErrors, registry }: FieldProps) {
  const id = fieldPathId.$id
  return (
    <Form.Item label={schema.title} htmlFor={id} required={required ?? false} extra={schema.description} layout="vertical" {...(rawErrors?.length && { validateStatus: 'error', help: rawErrors.join('；') })}>
      <ReferenceSelect {...chosenFrom(schema.items as { $comment?: string }, registry)} id={id} mode="multiple" value={formData as string[] | undefined} disabled={disabled} onChange={next => onChange(next, fieldPathId.path)} placeholder="可选多个，可输入查找" style={{ width: '100%' }} />
    </Form.Item>
  )
}
