/** What became of the running deadlines when the calendar was loaded or corrected. */
import { Button, Drawer, Table, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { $api, type Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Nothing } from '../../components/empty.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { dateTime } from '../../time.ts'

type Recount = Schemas['Recount']
type Move = Schemas['RecountMove']

const recounts = $api.queryOptions('get', '/api/admin/recounts')
/** Under which the list is kept. */
export const RECOUNTS = recounts.queryKey
const WHILE_RUNNING_MS = 2_000

export function Recounts() {
  const { data } = $api.useQuery('get', '/api/admin/recounts', undefined, { refetchInterval: ({ state }) => state.data?.items.some(one => !one.doneAt) && WHILE_RUNNING_MS })
  const [shown, setShown] = useState<Recount>()
  if (!data || data.items.length === 0) return null
  return (
    <section aria-labelledby="recounts">
      <h2 id="recounts">期限重算</h2>
      <Table<Recount> size="small" rowKey="id" dataSource={data.items} pagination={false} scroll={{ x: 'max-content' }} columns={[
        { title: '年度', dataIndex: 'year', width: 80 },
        { title: '载入', key: 'at', render: (_, one) => `${dateTime(one.at)}，${one.by.name}` },
        { title: '进度', key: 'state', render: (_, one) => stateOf(one) },
        { title: '变动', key: 'moved', render: (_, one) => one.moved === 0 ? (one.doneAt ? '没有期限变动' : '') : <Button type="link" size="small" onClick={() => setShown(one)}>{one.moved} 件案件的期限有变动</Button> },
      ]} />
      <Drawer open={shown !== undefined} onClose={() => setShown(undefined)} size={760} title={shown && `${shown.year} 年放假安排：期限变动`} destroyOnHidden>{shown && <Moves recount={shown.id} />}</Drawer>
    </section>
  )
}

const stateOf = ({ looked, waiting, doneAt }: Recount): string =>
  doneAt ? `已核对 ${looked} 件，${dateTime(doneAt)} 完成` : `已核对 ${looked} 件，${waiting > 0 ? `${waiting} 件暂未重算，系统继续重试` : '正在进行'}`

const COLUMNS: TableColumnsType<Move> = [
  { title: '案件', dataIndex: 'caseNo' },
  { title: '期限', dataIndex: 'title' },
  { title: '原到期', key: 'from', render: (_, { from }) => dateTime(from) },
  { title: '现到期', key: 'to', render: (_, { to }) => dateTime(to) },
]

const Moves = ({ recount }: { recount: string }) =>
  <PagedTable<Move> list={usePages(`/api/admin/recounts/${recount}/moves`, { limit: 50 }) as never} rowKey="id" columns={COLUMNS} nothing={<Nothing title="没有期限变动" />} />
