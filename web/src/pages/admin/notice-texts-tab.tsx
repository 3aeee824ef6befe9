/** What notices say: the standard texts, and an administrator's own for a procedure. */
import { EditOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Descriptions, Drawer, Flex, Form, Input, Popconfirm, Select, Tag } from 'antd'
import { useState } from 'react'
import { $api, client, type Schemas } from '../../api/client.ts'
import { useOnce } from '../../api/once.ts'
import { toProblem, type ApiProblem } from '../../api/problem.ts'
import { Waiting } from '../../components/waiting.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { dateTime } from '../../time.ts'
import { Kept, type Form as Draft } from './kept.tsx'

type Texts = Schemas['NoticeTexts']
type NoticeText = Texts['texts'][number]

export function NoticeTextsTab() {
  const { data } = $api.useQuery('get', '/api/admin/notice-texts')
  const [procedure, setProcedure] = useState<string>()
  const [kind, setKind] = useState<string>()
  if (!data) return <Waiting />
  const chosen = data.items.find(one => one.procedure === procedure) ?? data.items[0]!
  const edited = chosen.texts.find(one => one.kind === kind)
  return (
    <>
      <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
        <Select aria-label="流程" value={chosen.procedure} style={{ width: 240 }} onChange={setProcedure} options={data.items.map(one => ({ value: one.procedure, label: one.title }))} />
        <span className="muted">改动只对此后的通知生效。{chosen.restricted && '受限案件的通知只说有事待办、何时到期，不说内容。'}</span>
      </Flex>
      <WideTable<NoticeText>
        rowKey="kind" size="small" pagination={false} dataSource={chosen.texts}
        columns={[
          { title: '何时', key: 'when', width: 150, render: (_, row) => <>{row.when} {row.changed && <Tag color="blue" variant="outlined">已修改</Tag>}</> },
          { title: '收件人', key: 'to', width: 150, render: (_, row) => row.to },
          { title: '文字', key: 'text', render: (_, row) => <><strong>{row.title}</strong><div className="muted">{row.body}</div></> },
          { title: '渠道', key: 'outside', width: 150, render: (_, row) => row.outside ? '站内、邮件、外部' : '站内' },
          { title: <span className="visually-hidden">操作</span>, key: 'do', width: 90, align: 'right', render: (_, row) => <Button size="small" icon={<EditOutlined />} aria-label={`修改通知 ${row.when}`} onClick={() => setKind(row.kind)}>修改</Button> },
        ]}
      />
      <Drawer open={edited !== undefined} onClose={() => setKind(undefined)} size={560} title={edited && `修改通知：${chosen.title} · ${edited.when}`} destroyOnHidden>
        {edited && <Change procedure={chosen.procedure} text={edited} onDone={() => setKind(undefined)} />}
      </Drawer>
    </>
  )
}

interface Filled { title: string, body: string, reason: string }
interface ChangeProps { procedure: string, text: NoticeText, onDone: () => void }

const Change = (props: ChangeProps) => (
  <Kept<Filled> place={`notice-texts/${props.procedure}/${props.text.kind}`} initial={{ title: props.text.title, body: props.text.body, reason: '' }}>
    {draft => <OpenChange {...props} draft={draft} />}
  </Kept>
)

function OpenChange({ procedure, text, draft, onDone }: ChangeProps & { draft: Draft<Filled> }) {
  const { title, body, reason } = draft.value
  const change = (part: Partial<Filled>): void => draft.change({ ...draft.value, ...part })
  const path = { procedure, kind: text.kind }
  const { save, restore, pending, problem, forget } = useChange(() => { draft.drop(); onDone() }, () => client.PUT('/api/admin/notice-texts/{procedure}/{kind}', { params: { path }, body: { title, body, reason } }), () => client.DELETE('/api/admin/notice-texts/{procedure}/{kind}', { params: { path } }))
  const isChanged = title !== text.title || body !== text.body
  return (
    <Form layout="vertical" onFinish={save}>
      <Form.Item label="标题" htmlFor="notice-title" required {...wrong(problem, '/title')}><Input id="notice-title" maxLength={100} value={title} onChange={(e) => { forget(); change({ title: e.target.value }) }} /></Form.Item>
      <Form.Item label="正文" htmlFor="notice-body" required {...wrong(problem, '/body')}><Input.TextArea id="notice-body" rows={4} maxLength={1000} value={body} onChange={(e) => { forget(); change({ body: e.target.value }) }} /></Form.Item>
      <Descriptions
        className="placeholders" size="small" column={1} bordered title="可以使用的占位符" style={{ marginBottom: 16 }}
        items={text.placeholders.map(({ name, means, sample }) => ({ key: name, label: <code>{`{${name}}`}</code>, children: <>{means}<div className="muted">样例：{sample}</div></> }))}
      />
      <Alert type="info" style={{ marginBottom: 16 }} title={`样例：${filled(title, text)}`} description={filled(body, text)} />
      <Form.Item label="修改理由" htmlFor="notice-reason" required {...wrong(problem, '/reason')}><Input.TextArea id="notice-reason" rows={2} value={reason} onChange={e => change({ reason: e.target.value })} /></Form.Item>
      {problem && problem.errors.length === 0 && <Alert type="error" role="alert" title={problem.title} description={problem.detail} style={{ marginBottom: 12 }} />}
      <Flex justify="space-between" gap={12} wrap>
        <Button type="primary" htmlType="submit" loading={pending} disabled={!isChanged || reason.trim() === ''}>保存</Button>
        {text.changed && <Popconfirm title="恢复标准文字？" description={text.standard.body} okText="恢复" cancelText="不恢复" onConfirm={restore}><Button>恢复标准文字</Button></Popconfirm>}
      </Flex>
      {text.changed && <p className="muted">{dateTime(text.changed.at)} {text.changed.by.name} 修改：{text.changed.reason}</p>}
    </Form>
  )
}

function useChange(onDone: () => void, put: () => Promise<unknown>, remove: () => Promise<unknown>) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const changing = useOnce({
    meta: { showsFailure: true },
    mutationFn: (change: 'save' | 'restore') => change === 'save' ? put() : remove(),
    onSuccess: (_, change) => {
      void queries.invalidateQueries({ queryKey: ['get', '/api/admin/notice-texts'] })
      message.success(change === 'save' ? '已保存，对此后的通知生效' : '已恢复标准文字')
      onDone()
    },
  })
  return { save: () => changing.mutate('save'), restore: () => changing.mutate('restore'), pending: changing.isPending, problem: changing.error ? toProblem(changing.error) : undefined, forget: () => changing.reset() }
}

/** What the API found wrong with a field. */
function wrong(problem: ApiProblem | undefined, pointer: string): { validateStatus?: 'error', help?: string } {
  const found = problem?.errors.filter(error => error.pointer === pointer).map(error => error.detail) ?? []
  return found.length > 0 ? { validateStatus: 'error', help: found.join('；') } : {}
}

const filled = (text: string, { placeholders }: NoticeText): string => placeholders.reduce((said, { name, sample }) => said.replaceAll(`{${name}}`, sample), text)
