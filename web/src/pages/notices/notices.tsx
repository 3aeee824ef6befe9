import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Flex, Segmented } from 'antd'
import { useState } from 'react'
import { client, tellFailure, type Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { Nothing } from '../../components/empty.tsx'
import { Unrolled } from '../../components/load-more.tsx'
import { PageError } from '../../components/page-error.tsx'
import { Page } from '../../components/page.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { near } from '../../time.ts'
import { useSession } from '../../session/session.ts'
import './notices.css'

/** 通知: what the reader was told, newest first. */
export default function NoticesPage() {
  const [unread, setUnread] = useState<'0' | '1'>('1')
  const { read, readAll } = useRead()
  const list = usePages('/api/notifications', { unread, limit: 30 })
  const notices = list.items
  const { unread: count } = useSession()
  return (
    <Page
      title="通知"
      extra={<Flex gap={8}><Segmented aria-label="显示哪些通知" value={unread} onChange={setUnread} options={[{ value: '1', label: '未读' }, { value: '0', label: '全部' }]} /><Button disabled={count === 0} onClick={() => void readAll()}>全部标为已读</Button></Flex>}
    >
      <div className="panel">
        {list.error ? <PageError error={list.error} /> : !notices ? <Waiting /> : notices.length === 0 ? <Nothing title={unread === '1' ? '没有未读通知' : '还没有通知'} /> : (
          <Unrolled list={list}><ul className="notices">
            {notices.map(notice => (
              <li key={notice.id} className={notice.readAt ? '' : 'notice-unread'}>
                <div>
                  <Link {...linkOf(notice.href)} onClick={() => void read(notice)}>{notice.title}</Link>{!notice.readAt && <span className="visually-hidden">（未读）</span>}
                  <p>{notice.body}</p>
                  <span className="muted">{notice.caseNo && <><span className="case-no">{notice.caseNo}</span> · </>}{near(notice.createdAt)}</span>
                </div>
                {!notice.readAt && <Button size="small" type="text" onClick={() => void read(notice)} aria-label={`标为已读：${notice.title}`}>已读</Button>}
              </li>
            ))}
          </ul></Unrolled>
        )}
      </div>
    </Page>
  )
}

/** Marks one as read, or all there are; what cannot be marked stays unread and is seen again. */
function useRead() {
  const queries = useQueryClient()
  const readAgain = () => queries.invalidateQueries({ predicate: ({ queryKey }) => ['/api/notifications', '/api/session'].includes(String(queryKey[1])) })
  return {
    read: ({ id, readAt }: Schemas['Notification']): Promise<void> => readAt ? Promise.resolve() : client.POST('/api/notifications/{id}/read', { params: { path: { id } } }).then(() => undefined, tellFailure).then(readAgain),
    readAll: (): Promise<void> => client.POST('/api/notifications/read').then(() => undefined, tellFailure).then(readAgain),
  }
}

/** An address of the workbench as a link: path and search apart. */
function linkOf(href: string): { to: string, search: Record<string, string> } {
  const { pathname, searchParams } = new URL(href, window.location.origin)
  return { to: pathname, search: Object.fromEntries(searchParams) }
}
