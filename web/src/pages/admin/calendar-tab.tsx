/** The working calendar of a year: seen whole, marked by clicking days, loaded with its source. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Flex, Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { $api, client } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { Waiting } from '../../components/waiting.tsx'
import { date, now } from '../../time.ts'
import { Kept, type Form as Draft } from './kept.tsx'
import { RECOUNTS, Recounts } from './recounts.tsx'
import { readHolidayNotice, type Days, type Holidays } from './holiday-notice.ts'

interface Plan extends Days { source: string }
type Year = Plan & { year: number }

interface Filled { plans: Record<number, Plan> }

export const CalendarTab = () => <Kept<Filled> place="calendar" initial={{ plans: {} }}>{draft => <Calendar draft={draft} />}</Kept>

function Calendar({ draft }: { draft: Draft<Filled> }) {
  const { message } = App.useApp()
  const { data } = $api.useQuery('get', '/api/admin/calendar')
  const thisYear = Number(date(now()).slice(0, 4))
  const [year, setYear] = useState(thisYear)
  // What is not loaded yet stays while another year is looked at.
  const { plans } = draft.value
  const setPlans = (next: Filled['plans']): void => draft.change({ plans: next })
  if (!data) return <Waiting />
  const years = data.items as unknown as Year[]
  const shown = [...new Set([...years.map(one => one.year), thisYear, thisYear + 1, ...Object.keys(plans).map(Number)])].sort()
  const loaded = years.find(one => one.year === year)
  const keep = (plan: Plan | undefined): void => {
    const { [year]: _, ...rest } = plans
    setPlans(plan ? { ...rest, [year]: plan } : rest)
  }
  /** The year's own days take the place of what stood there; those of another year are added to what it has. */
  const fill = ({ years: found, source }: Holidays): void => {
    const planned = [...found].map(([of, days]): [number, Plan] => {
      const before = plans[of] ?? years.find(one => one.year === of) ?? { off: [], work: [], source: '' }
      return [of, of === year ? { ...days, source: source ?? before.source } : { off: union(before.off, days.off), work: union(before.work, days.work), source: [...new Set([before.source, source ?? ''])].filter(Boolean).join('；') }]
    })
    setPlans({ ...plans, ...Object.fromEntries(planned) })
    message.success(`已从通知中读出${inWords(found)}，请核对后载入`)
  }
  return (
    <>
      <Flex gap={16} align="center" wrap style={{ marginBottom: 12 }}>
        <Segmented aria-label="年份" value={year} onChange={setYear} options={shown.map(value => ({ value, label: `${value}${plans[value] ? '（待载入）' : years.some(one => one.year === value) ? '' : '（未公布）'}` }))} />
        <span className="muted">{loaded ? loaded.source : '尚未载入：按周六、周日休息推算，期限标为暂定'}</span>
      </Flex>
      {shown.filter(one => one !== year && plans[one]).map(other => (
        <Alert key={other} showIcon type="warning" style={{ marginBottom: 12 }} title={`通知里还有 ${other} 年的日子，已填在 ${other} 年的日历上，还没有载入。${years.some(one => one.year === other) ? '' : `${other} 年的安排尚未载入，请先载入该年的通知。`}`} action={<Button size="small" onClick={() => setYear(other)}>核对 {other} 年</Button>} />
      ))}
      <YearEditor key={year} year={year} plan={plans[year] ?? loaded ?? { off: [], work: [], source: '' }} onPlan={keep} onRead={fill} />
      <Recounts />
    </>
  )
}

const union = (days: string[], more: string[]): string[] => [...new Set([...days, ...more])].sort()

/** 2027 年放假 2 天、调休上班 0 天；2026 年放假 1 天、调休上班 0 天. */
const inWords = (years: Holidays['years']): string => [...years].reverse().map(([year, { off, work }]) => ` ${year} 年放假 ${off.length} 天、调休上班 ${work.length} 天`).join('；')

interface EditorProps { year: number, plan: Plan, onPlan: (plan: Plan | undefined) => void, onRead: (found: Holidays) => void }

function YearEditor({ year, plan, onPlan, onRead }: EditorProps) {
  const { message, modal } = App.useApp()
  const queries = useQueryClient()
  const { off, work, source } = plan
  const saving = useMutation({
    meta: { showsFailure: true },
    mutationFn: async () => (await client.PUT('/api/admin/calendar/{year}', { params: { path: { year: String(year) } }, body: { off, work, source } })).data!,
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes('calendar') })
      onPlan(undefined)
      await queries.invalidateQueries({ queryKey: RECOUNTS })
      message.success(`已载入 ${year} 年放假安排，正在重算未办结案件的期限`)
    },
  })
  const toggled = (days: string[], day: string): string[] => days.includes(day) ? days.filter(one => one !== day) : union(days, [day])
  const pick = (day: string): void => onPlan(isWeekend(day) && !off.includes(day) ? { ...plan, work: toggled(work, day) } : { ...plan, off: toggled(off, day) })
  const problem = saving.error ? toProblem(saving.error) : undefined
  return (
    <>
      <Notice year={year} onRead={onRead} />
      <div className="months">{Array.from({ length: 12 }, (_, month) => <Month key={month} year={year} month={month} off={new Set(off)} work={new Set(work)} onPick={pick} />)}</div>
      <Flex gap={12} align="center" wrap className="calendar-save">
        <span className="calendar-legend"><i className="is-off" />放假<i className="is-work" />调休上班<i className="is-weekend" />周末</span>
        <Input aria-label="来源" placeholder="来源，如国务院办公厅通知的文号" value={source} onChange={e => onPlan({ ...plan, source: e.target.value })} style={{ width: 340 }} />
        <Button type="primary" loading={saving.isPending} disabled={source.trim() === ''} onClick={() => void modal.confirm({
          title: `载入 ${year} 年放假安排？`, content: `放假 ${off.length} 天，调休上班 ${work.length} 天。涉及这一年的未办结案件将在后台重算期限，变动列在下方。`, okText: '载入', onOk: () => saving.mutateAsync().catch(() => undefined),
        })}>载入并重算期限</Button>
      </Flex>
      {problem && <Alert type="error" role="alert" title={problem.title} description={problem.errors.map(error => error.detail).join('；') || problem.detail} />}
    </>
  )
}

/** The year's notice, pasted as it stands. */
function Notice({ year, onRead }: { year: number, onRead: (found: Holidays) => void }) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const found = readHolidayNotice(text, year)
  const hasOwn = (found.years.get(year)?.off.length ?? 0) > 0
  const close = (): void => {
    setOpen(false)
    setText('')
  }
  return (
    <>
      <Button style={{ marginBottom: 16 }} onClick={() => setOpen(true)}>粘贴放假通知</Button>
      <Modal
        open={open} onCancel={close} title={`${year} 年放假通知`} okText="填入日历" cancelText="取消" okButtonProps={{ disabled: !hasOwn }} destroyOnHidden
        onOk={() => {
          onRead(found)
          close()
        }}
      >
        <p className="muted">把国务院办公厅通知的正文粘贴到这里，系统从中读出放假和调休上班的日子；填入后仍可逐日修改，载入之前不生效。</p>
        <Input.TextArea aria-label="通知正文" rows={10} value={text} onChange={e => setText(e.target.value)} />
        <p role="status">{text.trim() === '' ? '' : hasOwn ? inWords(found.years) : `没有从中读出 ${year} 年的放假安排`}</p>
      </Modal>
    </>
  )
}

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

function Month({ year, month, off, work, onPick }: { year: number, month: number, off: Set<string>, work: Set<string>, onPick: (day: string) => void }) {
  const first = new Date(Date.UTC(year, month, 1))
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const blanks = (first.getUTCDay() + 6) % 7
  return (
    <section className="month" aria-label={`${month + 1} 月`}>
      <h2>{month + 1} 月</h2>
      <div className="month-grid">
        {['一', '二', '三', '四', '五', '六', '日'].map(day => <span key={day} className="weekday" aria-hidden="true">{day}</span>)}
        {Array.from({ length: days }, (_, i) => {
          const day = `${year}-${String(month + 1).padStart(2, '0')}-${String(i + 1).padStart(2, '0')}`
          const is = off.has(day) ? 'off' : work.has(day) ? 'work' : isWeekend(day) ? 'weekend' : 'plain'
          return <button type="button" key={day} className={`day is-${is}`} style={i === 0 ? { gridColumnStart: blanks + 1 } : undefined} aria-label={`${month + 1} 月 ${i + 1} 日，${{ off: '放假', work: '调休上班', weekend: '周末', plain: '工作日' }[is]}`} onClick={() => onPick(day)}>{i + 1}</button>
        })}
      </div>
    </section>
  )
}
