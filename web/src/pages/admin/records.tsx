/** A kind of record that an administrator keeps: listed, added and changed by the forms that the API's description has for it. */
import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Flex, Input, Popconfirm, type TableColumnsType } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { usePages } from '../../api/pages.ts'
import { send } from '../../api/client.ts'
import { useOnce } from '../../api/once.ts'
import { toProblem } from '../../api/problem.ts'
import { Nothing } from '../../components/empty.tsx'
import { JsonForm } from '../../components/json-form/lazy.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { now } from '../../time.ts'
import { Kept } from './kept.tsx'

type Row = Record<string, unknown> & { id: string }
type Column = string | [title: string, show: (row: Row) => ReactNode]

/** Paths that only differ by the kind of record: the typed client would have to name each. */
async function ask<T>(url: string, method = 'GET', body?: unknown): Promise<T> {
  const response = await send(new Request(url, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) }))
  return (response.status === 204 ? undefined : await response.json()) as T
}

interface Props {
  path: `/api/admin/${string}`
  title: string
  columns: Record<string, Column>
  /** What a value that is chosen from a list is called. */
  wordOf: (value: string) => string
  /** What a new one begins with. */
  fresh?: object
  /** Only its people are offered. */
  unit?: string | undefined
  /** They hold for a time: those that are over are left out, and one can be deleted. */
  timed?: boolean
}

export function Records({ path, title, columns, wordOf, fresh = {}, unit, timed = false }: Props) {
  const [q, setQ] = useState('')
  const [opened] = useState(() => now().toISOString())
  const list = usePages(path, { limit: 100, ...(q && { q }), ...(timed && { since: opened }) })
  const [edited, setEdited] = useState<Row | 'new'>()
  const remove = useRemove(path)
  const shown: TableColumnsType<Row> = Object.entries(columns).map(([key, column]) => ({ title: typeof column === 'string' ? column : column[0], key, render: (_, row) => typeof column === 'string' ? String(row[key] ?? '—') : column[1](row) }))
  return (
    <>
      <Flex justify="space-between" gap={12} style={{ marginBottom: 12 }}><Input.Search aria-label={`查找${title}`} placeholder="编号、名称或者地址" allowClear style={{ width: 280 }} onSearch={value => setQ(value.trim())} /><Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>新增{title}</Button></Flex>
      <PagedTable<Row>
        list={list} rowKey="id" nothing={<Nothing title={q ? `没有找到“${q}”` : `还没有${title}`} />}
        columns={[...shown, { title: <span className="visually-hidden">操作</span>, key: 'do', width: timed ? 170 : 90, align: 'right', render: (_, row) => (
          <Flex gap={8} justify="flex-end">
            <Button size="small" icon={<EditOutlined />} aria-label={`修改 ${labelOf(row)}`} onClick={() => setEdited(row)}>修改</Button>
            {timed && <Popconfirm title={`删除这条${title}？`} okText="删除" cancelText="不删除" onConfirm={() => remove(row)}><Button size="small" icon={<DeleteOutlined />} aria-label={`删除 ${labelOf(row)}`}>删除</Button></Popconfirm>}
          </Flex>
        ) }]}
      />
      <Drawer open={edited !== undefined} onClose={() => setEdited(undefined)} size={560} title={`${edited === 'new' ? '新增' : '修改'}${title}`} destroyOnHidden>
        {edited && <RecordForm path={path} row={edited} fresh={fresh} unit={unit} wordOf={wordOf} onDone={() => setEdited(undefined)} />}
      </Drawer>
    </>
  )
}

const labelOf = ({ id, person }: Row): string => (person as { name: string } | undefined)?.name ?? id

function useRemove(path: string): (row: Row) => Promise<void> {
  const { message } = App.useApp()
  const queries = useQueryClient()
  return async ({ id }) => {
    await ask(`${path}/${encodeURIComponent(id)}`, 'DELETE').then(() => message.success('已删除'), (error: unknown) => message.error(toProblem(error).detail))
    await queries.invalidateQueries({ queryKey: ['get', path] })
  }
}

interface Described { paths: Record<string, Record<string, { requestBody: { content: Record<string, { schema: JsonSchema }> } }>> }

function RecordForm({ path, row, fresh, unit, wordOf, onDone }: Pick<Props, 'path' | 'unit'> & { row: Row | 'new', fresh: object, wordOf: (value: string) => string, onDone: () => void }) {
  const { message, modal } = App.useApp()
  const queries = useQueryClient()
  const { data: described } = useQuery({ queryKey: ['get', '/openapi.json'], queryFn: () => ask<Described>('/openapi.json'), staleTime: Infinity })
  const isNew = row === 'new'
  const place = `${path.split('/').at(-1)!}/${isNew ? 'new' : row.id}`
  const schema = useMemo(() => described && plain((isNew ? described.paths[path]!.post : described.paths[`${path}/{id}`]!.put)!.requestBody.content['application/json']!.schema, wordOf), [described, isNew, path])
  const saving = useOnce({
    meta: { showsFailure: true },
    mutationFn: ({ form }: { form: object, drop: () => void }) => ask<Row & { secret?: string }>(isNew ? path : `${path}/${encodeURIComponent(row.id)}`, isNew ? 'POST' : 'PUT', form),
    onSuccess: ({ secret }, { drop }) => {
      drop()
      void queries.invalidateQueries({ queryKey: ['get', path] })
      message.success('已保存')
      if (secret) modal.info({ title: '签名密钥只显示这一次，请妥善保存', content: <code className="secret">{secret}</code> })
      onDone()
    },
  })
  if (!schema) return <Waiting />
  const problem = saving.error ? toProblem(saving.error) : undefined
  return (
    // A secret is kept nowhere but where it belongs.
    <Kept<object> place={schema.properties && 'secret' in schema.properties ? undefined : place} initial={isNew ? fresh : formOf(row, schema)}>
      {({ value, change, drop }) => (
        <>
          {problem && <Alert type="error" role="alert" title={problem.title} description={problem.detail} style={{ marginBottom: 12 }} />}
          <JsonForm schema={schema} value={value} onChange={change} onSubmit={form => saving.mutate({ form, drop })} errors={problem?.errors} id="record" unit={unit} disabled={saving.isPending}>
            <Button type="primary" htmlType="submit" loading={saving.isPending}>保存</Button>
          </JsonForm>
        </>
      )}
    </Kept>
  )
}

/** Fields that hold an id of the directory. */
const REFERENCES: Record<string, string> = { unit: 'unit', enterprise: 'enterprise', person: 'person', proxy: 'person' }

/** A body as the API describes it, for filling in: what may be nothing is left out instead, lists of words are chosen from, ids by name. */
function plain(schema: JsonSchema, wordOf: (value: string) => string, name = ''): JsonSchema {
  const { anyOf, default: _, ...rest } = schema
  const one = anyOf?.find(part => typeof part === 'object' && part.type !== 'null') as JsonSchema | undefined
  const own: JsonSchema = one ? { ...one, ...rest } : schema
  const words = (own.items as JsonSchema | undefined)?.enum as string[] | undefined
  return {
    ...own, ...(REFERENCES[name] && { $comment: REFERENCES[name] }),
    ...(words && { uniqueItems: true, items: { type: 'string', oneOf: words.map(value => ({ const: value, title: wordOf(value) })) } }),
    ...(own.properties && { properties: Object.fromEntries(Object.entries(own.properties).map(([key, part]) => [key, plain(part as JsonSchema, wordOf, key)])) }),
  }
}

/** A record as its form takes it: what is shown by name goes by id. */
const formOf = (row: Row, { properties = {} }: JsonSchema): object => Object.fromEntries(Object.keys(properties).flatMap((key) => {
  const value = row[key]
  return value === null || value === undefined ? [] : [[key, typeof value === 'object' && 'id' in value ? value.id : value]]
}))
