import { useQueryClient } from '@tanstack/react-query'
import { Button, Flex, Typography } from 'antd'
import { tellFailure } from '../api/client.ts'
import { dropDraft, textOf, type Draft } from '../api/drafts.ts'
import { useProcedure } from '../api/reference.ts'
import { Facts } from './facts.tsx'
import type { JsonSchema } from './json-form/prepare.ts'

/** The text of a draft, with buttons to copy and to delete it. */
export default function DraftText({ draft }: { draft: Draft }) {
  return draft.procedure === null ? <Text draft={draft} /> : <OfProcedure draft={draft} procedure={draft.procedure} />
}

function OfProcedure({ draft, procedure: key }: { draft: Draft, procedure: string }) {
  const procedure = useProcedure(key)
  const name = draft.task?.split('.')[1]
  const schema = draft.caseNo === null ? procedure.application : draft.action === 'complete' ? procedure.tasks.find(task => task.name === name)?.form : undefined
  return <Text draft={draft} schema={schema as JsonSchema | undefined} />
}

function Text({ draft, schema }: { draft: Draft, schema?: JsonSchema | undefined }) {
  const queries = useQueryClient()
  const { contentHash: _hash, ...form } = draft.form as Record<string, unknown>
  return (
    <Flex vertical gap={8}>
      {draft.procedure !== null && <Facts value={form} schema={schema} columns={1} />}
      <Flex gap={12} align="center">
        <Typography.Text copyable={{ text: textOf(form), tooltips: false, icon: ['复制', '已复制'] }} />
        <Button size="small" aria-label={`删除草稿：${draft.title}`} onClick={() => void dropDraft(queries, draft).catch(tellFailure)}>删除</Button>
      </Flex>
    </Flex>
  )
}
