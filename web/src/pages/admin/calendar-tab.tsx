/** The working calendar of a year: seen whole, marked by clicking days, loaded with its source. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Flex, Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { $api, client } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { Waiting } from '../../components/waiting.tsx'
import { readHolidayNotice, type Holidays } from './holiday-notice.ts'

interface Year { year: number, off: string[], work: string[], source: string }

export function CalendarTab() {
  const { data } = $api.useQuery('get', '/api/admin/calendar')
  const thisYear = new Date().getFullYear()
  const [year, setYear] = useState(thisYear)
  if (!data) return <Waiting />
  const years = data.items as unknown as Year[]
  const shown = [...new Set([...years.map(one => one.year), thisYear, thisYear + 1])].sort()
  const loaded = years.find(one => one.year === year)
  return (
    <>
      <Flex gap={16} align="center" wrap style={{ marginBottom: 12 }}>
        <Segmented aria-label="年份" value={year} onChange={setYear} options={shown.map(value => ({ value, label: `${value}${years.some(one => one.year === value) ? '' : '（未公布）'}` }))} />
        <span className="muted">{loaded ? loaded.source : '尚未载入：按周六、周日休息推算，期限标为暂定'}</span>
      </Flex>
      <YearEditor key={year} year={year} loaded={loaded} />
    </>
  )
}

function YearEditor({ year, loaded }: { year: number, loaded: Year | undefined }) {
  const { message, modal } = App.useApp()
  const queries = useQueryClient()
  const [off, setOff] = useState(new Set(loaded?.off))
  const [work, setWork] = useState(new Set(loaded?.work))
  const [source, setSource] = useState(loaded?.source ?? '')
  const saving = useMutation({
    mutationFn: async () => (await client.PUT('/api/admin/calendar/{year}', { params: { path: { year: String(year) } }, body: { off: [...off].sort(), work: [...work].sort(), source } })).data!,
    onSuccess: ({ replanned, failed }) => {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes('calendar') })
      if (failed > 0) modal.warning({ title: `${failed} 件案件未能重算期限`, content: '请稍后再次提交同一年度。' })
      else message.success(`已载入 ${year} 年放假安排，重算 ${replanned} 件案件的期限`)
    },
  })
  const toggle = (set: Set<string>, keep: (next: Set<string>) => void, day: string): void => {
    const next = new Set(set)
    if (!next.delete(day)) next.add(day)
    keep(next)
  }
  const pick = (day: string): void => isWeekend(day) && !off.has(day) ? toggle(work, setWork, day) : toggle(off, setOff, day)
  const fill = (found: Holidays): void => {
    setOff(new Set(found.off))
    setWork(new Set(found.work))
    if (found.source) setSource(found.source)
    message.success(`已从通知中读出放假 ${found.off.length} 天、调休上班 ${found.work.length} 天，请核对后载入`)
  }
  const problem = saving.error ? toProblem(saving.error) : undefined
  return (
    <>
      <Notice year={year} onRead={fill} />
      <div className="months">{Array.from({ length: 12 }, (_, month) => <Month key={month} year={year} month={month} off={off} work={work} onPick={pick} />)}</div>
      <Flex gap={12} align="center" wrap className="calendar-save">
        <span className="calendar-legend"><i className="is-off" />放假<i className="is-work" />调休上班<i className="is-weekend" />周末</span>
        <Input aria-label="来源" placeholder="来源，如国务院办公厅通知的文号" value={source} onChange={e => setSource(e.target.value)} style={{ width: 340 }} />
        <Button type="primary" loading={saving.isPending} disabled={source.trim() === ''} onClick={() => void modal.confirm({
          title: `载入 ${year} 年放假安排？`, content: `放假 ${off.size} 天，调休上班 ${work.size} 天。涉及这一年的未办结案件将重算期限。`, okText: '载入', onOk: () => saving.mutateAsync().catch(() => undefined),
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
  const close = (): void => {
    setOpen(false)
    setText('')
  }
  return (
    <>
      <Button style={{ marginBottom: 16 }} onClick={() => setOpen(true)}>粘贴放假通知</Button>
      <Modal
        open={open} onCancel={close} title={`${year} 年放假通知`} okText="填入日历" cancelText="取消" okButtonProps={{ disabled: found.off.length === 0 }} destroyOnHidden
        onOk={() => {
          onRead(found)
          close()
        }}
      >
        <p className="muted">把国务院办公厅通知的正文粘贴到这里，系统从中读出放假和调休上班的日子；填入后仍可逐日修改，载入之前不生效。</p>
        <Input.TextArea aria-label="通知正文" rows={10} value={text} onChange={e => setText(e.target.value)} />
        <p role="status">{text.trim() === '' ? '' : found.off.length === 0 ? `没有从中读出 ${year} 年的放假安排` : `放假 ${found.off.length} 天，调休上班 ${found.work.length} 天`}</p>
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
