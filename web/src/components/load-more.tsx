/** Unrolls a list further. */
import { Button, Flex } from 'antd'
import type { Pages } from '../api/pages.ts'

export const LoadMore = ({ list: { hasMore, loadMore, isLoadingMore } }: { list: Omit<Pages<unknown>, 'items'> }) =>
  hasMore && <Flex justify="center" style={{ padding: 16 }}><Button onClick={loadMore} loading={isLoadingMore}>加载更多</Button></Flex>
