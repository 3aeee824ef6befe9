import { Link } from '@tanstack/react-router'
import { Card, Flex, Tag } from 'antd'
import { useDrafts, type Draft, textOf } from '../../api/drafts.ts'
import { Nothing } from '../../components/empty.tsx'
import DraftText from '../../components/draft-text.tsx'
import { Page } from '../../components/page.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { dateTime } from '../../time.ts'

/** 草稿: what the reader has begun to write and not sent, the newest first. */
export default function DraftsPage() {
  const drafts = useDrafts()?.filter(draft => textOf(draft.form) !== '')
  if (!drafts) return <Waiting />
  return (
    <Page title="草稿">
      {drafts.length === 0 && <Card><Nothing title="没有草稿">填写申请、意见时会自动保存在这里。</Nothing></Card>}
      <Flex vertical gap={12}>{drafts.map(draft => <OneDraft key={draft.id} draft={draft} />)}</Flex>
    </Page>
  )
}

function OneDraft({ draft }: { draft: Draft }) {
  return (
    <Card size="small" title={<h2 className="draft-title">{draft.title}</h2>} extra={<span className="muted nowrap">{dateTime(draft.savedAt)} 保存</span>}>
      <Flex vertical gap={8}>
        {draft.gone ? <div><Tag color="orange">不能再提交</Tag>{draft.gone.what}</div> : <div><GoOn draft={draft} /></div>}
        <DraftText draft={draft} />
      </Flex>
    </Card>
  )
}

function GoOn({ draft: { id, procedure, place, caseNo, task, title } }: { draft: Draft }) {
  if (procedure === null) return <Link to="/admin" search={{ tab: place!.split('/')[0]! }} aria-label={`继续填写：${title}`}>继续填写</Link>
  if (caseNo === null) return <Link to="/services/apply/$procedure" params={{ procedure }} search={{ draft: id }} aria-label={`继续填写：${title}`}>继续填写</Link>
  return <Link to="/cases/$caseNo" params={{ caseNo }} search={task === null ? {} : { task }} aria-label={`继续填写：${title}`}>继续填写</Link>
}
