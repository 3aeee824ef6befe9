import { Flex, Spin } from 'antd'

/** Shown while a page or its data is on the way. */
export function Waiting() {
  return <Flex justify="center" align="center" style={{ minHeight: 240 }} role="status" aria-label="正在加载"><Spin size="large" /></Flex>
}
