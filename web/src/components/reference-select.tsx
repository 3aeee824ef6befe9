/** Units, people and enterprises, chosen by name: there may be thousands, so the server is asked for what is typed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select, type SelectProps } from 'antd'
import { useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import { isEnterprise } from '../session/roles.ts'
import { usePerson } from '../session/session.ts'

/** A task that is about to be handed on: only who can take it is offered. */
export interface Handing { task: string, action: 'transfer' | 'delegate' }

/** From what is chosen: `handing` and `unit` narrow people. */
interface Source { to: string, handing?: Handing | undefined, unit?: string | undefined }

interface Props extends Source, Pick<SelectProps<string | string[]>, 'id' | 'disabled' | 'placeholder' | 'style' | 'mode' | 'aria-label'> {
  value: string | string[] | null | undefined
  onChange: (value?: string | string[]) => void
}

/** More are not listed: whoever does not find it among them types. */
const shownAtOnce = 30
const afterTypingMs = 200
const HINTS: Record<string, string> = { person: '姓名、岗位、单位或者拼音首字母', unit: '名称或者拼音首字母', enterprise: '名称或者拼音首字母' }

export function ReferenceSelect({ to, handing, unit, value, onChange, placeholder, ...rest }: Props) {
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const q = useSettled(typed.trim())
  const from = { to, handing, unit }
  // Not before somebody looks: a page may have many such fields.
  const { data: found, isFetching } = useFound(from, { limit: shownAtOnce + 1, ...(q && { q }) }, isOpen)
  const chosen = [value ?? []].flat()
  const { data: named } = useFound(from, { id: chosen }, chosen.length > 0)
  const nameOf = (id: string): string => [...named ?? [], ...found ?? []].find(one => one.value === id)?.label ?? id
  const options = found?.slice(0, shownAtOnce) ?? []
  const isBehind = isFetching || q !== typed.trim()
  const more = found && found.length > shownAtOnce && !isBehind
  const nothing = isBehind ? '正在查找…' : handing && !q ? '没有其他人可以接办' : `没有找到，可以输入${HINTS[to]}`
  return (
    <>
      <Select<string | string[]>
        {...rest} value={value ?? (rest.mode ? [] : null)} onChange={next => onChange(next ?? undefined)} allowClear={!rest.mode} placeholder={placeholder || `请选择，可输入${HINTS[to]}`}
        showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }} options={options} labelRender={({ value: id }) => nameOf(String(id))}
        onOpenChange={(open) => { setOpen(open); if (!open) setTyped('') }} loading={isOpen && isBehind} notFoundContent={nothing}
        popupRender={menu => <>{menu}{more && <div className="muted select-more">只列出前 {shownAtOnce} 个，请输入{HINTS[to]}查找</div>}</>}
      />
      <span className="visually-hidden" role="status">{isOpen && !isBehind && (options.length === 0 ? nothing : `${more ? `列出前 ${shownAtOnce} 个` : `共 ${options.length} 个`}可选`)}</span>
    </>
  )
}

interface Option { value: string, label: string }
interface Asked { q?: string, id?: string[], limit?: number }

function useFound(source: Source, query: Asked, enabled: boolean) {
  const person = usePerson()
  // An enterprise chooses none but itself.
  const own = source.to === 'enterprise' && isEnterprise(person) ? [person.enterprise!] : undefined
  return useQuery({
    queryKey: ['get', '/api/directory', source, query], enabled, staleTime: 60_000, placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Option[]> => (own ?? await ask(source, query, signal)).map(one => ({ value: one.id, label: labelOf(one) })),
  })
}

interface Found { id: string, name: string, unit?: { name: string } | null, away?: boolean }

async function ask({ to, handing, unit }: Source, query: Asked, signal: AbortSignal): Promise<Found[]> {
  const params = { query }
  if (to === 'unit') return (await client.GET('/api/directory/units', { params, signal })).data!
  if (to === 'enterprise') return (await client.GET('/api/directory/enterprises', { params, signal })).data!
  if (handing) return (await client.GET('/api/tasks/{id}/people', { params: { path: { id: handing.task }, query: { ...query, action: handing.action } }, signal })).data!
  return (await client.GET('/api/directory/people', { params: { query: { ...query, ...(unit && { unit }) } }, signal })).data!
}

/** Posts are called after their unit; of whoever is not, it is said. */
const labelOf = ({ name, unit, away }: Found): string => `${name}${unit && !name.startsWith(unit.name) ? `（${unit.name}）` : ''}${away ? '（缺勤，由其代理人办理）' : ''}`

/** What has been typed, once nobody types on. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), typed === '' ? 0 : afterTypingMs)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}
