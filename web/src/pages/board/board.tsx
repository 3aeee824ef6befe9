import { DownloadOutlined, FullscreenExitOutlined, FullscreenOutlined, PrinterOutlined } from '@ant-design/icons'
import { keepPreviousData } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Flex, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { $api } from '../../api/client.ts'
import { useProcedures } from '../../api/reference.ts'
import { PastSpan } from '../../components/date-picker.tsx'
import { PageError } from '../../components/page-error.tsx'
import { useTitle } from '../../components/page.tsx'
import { ReferenceSelect } from '../../components/reference-select.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { hasRole } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { dateTime } from '../../time.ts'
import './board.css'
import { BoardPanels } from './board-panels.tsx'
import { FigureDrawer, type Opened } from './figure-drawer.tsx'
import { Tiles } from './tiles.tsx'

/** How often the figures are read: after news, however many, and while nothing happens but time, which makes tasks overdue. */
const [busyMs, quietMs] = [5_000, 60_000]

/** 督办看板: where it is red, and the cases behind every figure. */
export default function BoardPage() {
  useTitle('督办看板')
  const query = useSearch({ from: '/inside/board' })
  const { data: board, error } = $api.useQuery('get', '/api/board', { params: { query: query as never } }, {
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => state.error ? false : state.isInvalidated ? busyMs : quietMs,
  })
  const [opened, setOpened] = useState<Opened>()
  const wall = useWall()
  if (error && !board) return <PageError error={error} />
  return (
    <div className={`page board${wall.isOn ? ' is-wall' : ''}`} ref={wall.ref}>
      <div className="page-head">
        <div>
          <h1>督办看板{board?.unit ? ` · ${board.unit.name}` : ''}</h1>
          {board && <span className="board-when">统计 {board.from} 至 {board.until}　更新于 {dateTime(board.asOf)}</span>}
        </div>
        <Flex gap={8} wrap className="no-print board-tools">
          {!wall.isOn && <Filters query={query} />}
          {!wall.isOn && <Button icon={<DownloadOutlined />} href={`/api/board.xlsx?${new URLSearchParams(query)}`}>导出</Button>}
          {!wall.isOn && <Button icon={<PrinterOutlined />} onClick={() => window.print()}>打印</Button>}
          <Button icon={wall.isOn ? <FullscreenExitOutlined /> : <FullscreenOutlined />} onClick={wall.toggle}>{wall.isOn ? '退出全屏' : '全屏'}</Button>
        </Flex>
      </div>
      {board ? <><Tiles board={board} onOpen={setOpened} /><BoardPanels board={board} onOpen={setOpened} isWall={wall.isOn} /></> : <Waiting />}
      <FigureDrawer opened={opened} onClose={() => setOpened(undefined)} within={wall.isOn ? wall.ref : undefined} />
    </div>
  )
}

function Filters({ query }: { query: Record<string, string> }) {
  const navigate = useNavigate()
  const person = usePerson()
  const procedures = useProcedures()
  const supervises = hasRole(person, 'office', 'bureau-leader')
  const set = (change: Record<string, string | undefined>): void => {
    const next = Object.entries({ ...query, ...change }).filter((entry): entry is [string, string] => Boolean(entry[1]))
    void navigate({ to: '/board', search: Object.fromEntries(next) })
  }
  return (
    <>
      <Select aria-label="流程" placeholder="全部流程" allowClear value={query.procedure} style={{ width: 170 }} options={procedures.map(({ key, title }) => ({ value: key, label: title }))} onChange={(procedure?: string) => set({ procedure })} />
      {supervises && <ReferenceSelect to="unit" aria-label="单位" placeholder="全部单位" value={query.unit} style={{ width: 170 }} onChange={unit => set({ unit: unit as string | undefined })} />}
      <PastSpan aria-label="统计期间" placeholder={['近 30 天', '']} from={query.from} until={query.until} onChange={(from, until) => set({ from, until })} />
    </>
  )
}

/** Full screen for the wall; leaving it with Esc counts too. */
function useWall() {
  const ref = useRef<HTMLDivElement>(null)
  const [isOn, setOn] = useState(false)
  useEffect(() => {
    const changed = (): void => setOn(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  }, [])
  return { ref, isOn, toggle: (): void => void (isOn ? document.exitFullscreen() : ref.current?.requestFullscreen()) }
}
