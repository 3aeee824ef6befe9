import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Flex, Typography } from 'antd'
import { tellFailure } from '../api/client.ts'
import { dropDraft, useDrafts, type Draft } from '../api/drafts.ts'
import { useProcedure } from '../api/reference.ts'
import { dateTime } from '../time.ts'
import { Facts } from './facts.tsx'
import type { JsonSchema } from './json-form/prepare.ts'

/** What the reader has written about a case and can no longer send: what happened, by whom, and the text, to be copied. */
export function KeptText({ caseNo }: { caseNo: string }) {
  const gone = useDrafts({ caseNo })?.filter(draft => draft.gone && textOf(draft.form) !== '') ?? []
  return gone.map(draft => <Gone key={draft.id} draft={draft} />)
}

function Gone({ draft }: { draft: Draft }) {
  return (
    <Alert
      type="warning" showIcon role="alert" className="no-print" title={`${draft.gone!.what}${draft.gone!.at ? `（${dateTime(draft.gone!.at)}）` : ''}`}
      description={<><p>您写的内容没有提交，保留在这里，可以复制。</p><DraftText draft={draft} /></>}
    />
  )
}

/** The text of a draft, with buttons to copy and to delete it. */
export function DraftText({ draft }: { draft: Draft }) {
  const queries = useQueryClient()
  const procedure = useProcedure(draft.procedure)
  const name = draft.task?.split('.')[1]
  const schema = draft.caseNo === null ? procedure.application : draft.action === 'complete' ? procedure.tasks.find(task => task.name === name)?.form : undefined
  const { contentHash: _hash, ...form } = draft.form as Record<string, unknown>
  return (
    <Flex vertical gap={8}>
      <Facts value={form} schema={schema as JsonSchema | undefined} columns={1} />
      <Flex gap={12} align="center">
        <Typography.Text copyable={{ text: textOf(form), tooltips: false, icon: ['复制', '已复制'] }} />
        <Button size="small" aria-label={`删除草稿：${draft.title}`} onClick={() => void dropDraft(queries, draft).catch(tellFailure)}>删除</Button>
      </Flex>
    </Flex>
  )
}

/** Everything written in a form, line by line. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? Object.values(value).map(textOf).filter(line => line !== '').join('\n') : ''
