import { Tag } from 'antd'

export type Card = 'none' | 'yellow' | 'red'

/** Cards in words; the colour only repeats them. */
export const CARD_TITLES: Record<Card, string> = { none: '正常', yellow: '黄牌', red: '红牌' }

const LOOKS = {
  yellow: { backgroundColor: '#ffd666', color: '#4d3300' },
  red: { backgroundColor: '#c0262d', color: '#ffffff' },
} as const

/** 黄牌 or 红牌; nothing where there is no card. */
export function CardTag({ card }: { card: Card }) {
  if (card === 'none') return null
  return <Tag className="card-tag" variant="solid" style={{ ...LOOKS[card], borderColor: 'transparent', fontWeight: 600, marginInlineEnd: 0 }}>{CARD_TITLES[card]}</Tag>
}
