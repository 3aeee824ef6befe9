import { Link } from '@tanstack/react-router'
import { $api } from '../../api/client.ts'

const shown = 5

/** What else of the enterprise is under way: it may be the same matter. Nothing where there is nothing. */
export function OtherCases({ enterprise, caseNo }: { enterprise: string, caseNo: string }) {
  const { data } = $api.useQuery('get', '/api/cases', { params: { query: { enterprise, status: 'live', limit: shown + 1 } } })
  const others = data?.items.filter(one => one.caseNo !== caseNo) ?? []
  if (others.length === 0) return null
  return (
    <section className="desk-others" aria-label="本企业其他在办案件">
      <h3>本企业其他在办案件{others.length > shown && `（最近 ${shown} 件）`}</h3>
      <ul>{others.slice(0, shown).map(one => <li key={one.caseNo}><Link to="/cases/$caseNo" params={{ caseNo: one.caseNo }} search={{}}>{one.title}</Link> <span className="muted">{one.stageTitle} · <span className="case-no">{one.caseNo}</span></span></li>)}</ul>
    </section>
  )
}
