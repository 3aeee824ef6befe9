import { Tag } from 'antd'
import { near } from '../../time.ts'

const look = { marginInlineEnd: 0, color: '#8a1c1c', background: '#fff1f0', borderColor: '#e8a19c' }

/** What is to be looked at first: said to be urgent, or urged by the enterprise; nothing where it is neither. */
export function Heeded({ urgent, urgedAt }: { urgent: boolean, urgedAt: string | null }) {
  return <>{urgent && <Tag style={look}>紧急</Tag>}{urgedAt && <Tag style={look}>{near(urgedAt)} 催办</Tag>}</>
}
