import { RightOutlined } from '@ant-design/icons'
import { Card, Collapse, Input, Tag } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { PageError } from '../../components/page-error.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { ROLES, roleTitles, type Person, type Role } from '../../session/roles.ts'

/** The sample organisation, to sign in as anybody with one click: one of each role first, then everybody by unit. */
export function SamplePeople({ onPick }: { onPick: (person: Person) => void }) {
  const { data: people, error } = useQuery({ queryKey: ['get', '/api/dev/people'], queryFn: async () => (await client.GET('/api/dev/people')).data! })
  const [wanted, setWanted] = useState('')
  const filter = useDeferredValue(wanted.trim())
  if (error) return <PageError error={error} />
  if (!people) return <Waiting />
  const found = people.filter(person => `${person.name} ${person.id} ${roleTitles(person.roles)}`.includes(filter))
  const units = [...new Set(found.map(unitOf))]
  return (
    <>
      <section aria-labelledby="roles-title">
        <h2 id="roles-title">选一个角色，马上进入</h2>
        <p className="muted">这是示例单位，人员只有职务没有姓名，数据可以随意试用。</p>
        <div className="role-grid">{examples(people).map(({ role, person }) => <RoleCard key={role} role={role} person={person} onPick={onPick} />)}</div>
      </section>
      <section aria-labelledby="people-title">
        <h2 id="people-title">全部示例人员</h2>
        <Input placeholder="按单位、职务或角色查找" aria-label="查找示例人员" value={wanted} onChange={e => setWanted(e.target.value)} allowClear style={{ maxWidth: 320, marginBottom: 12 }} />
        <Collapse
          key={filter} defaultActiveKey={filter ? units.slice(0, 6) : []}
          items={units.map(unit => ({
            key: unit, label: unit,
            children: <ul className="people">{found.filter(person => unitOf(person) === unit).map(person => <li key={person.id}><button type="button" className="person" onClick={() => onPick(person)}>{person.name}<span className="muted">{roleTitles(person.roles)}</span></button></li>)}</ul>,
          }))}
        />
      </section>
    </>
  )
}

const unitOf = (person: Person): string => person.unit?.name ?? '企业'

function RoleCard({ role, person, onPick }: { role: Role, person: Person, onPick: (person: Person) => void }) {
  const { title, does } = ROLES[role]
  return (
    <button type="button" className="role-card" onClick={() => onPick(person)}>
      <Card size="small">
        <strong>{title}</strong> <Tag>{person.name}</Tag>
        <p className="muted">{does}</p>
        <span className="role-enter">进入 <RightOutlined /></span>
      </Card>
    </button>
  )
}

/** For each role the first person who has it and little else. */
function examples(people: Person[]): { role: Role, person: Person }[] {
  return (Object.keys(ROLES) as Role[]).flatMap((role) => {
    const [person] = people.filter(one => one.roles.includes(role)).toSorted((a, b) => a.roles.length - b.roles.length)
    return person ? [{ role, person }] : []
  })
}
