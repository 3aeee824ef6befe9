import { RightOutlined } from '@ant-design/icons'
import { Card, Select, Tag } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { PageError } from '../../components/page-error.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { ROLES, roleTitles, type Person, type Role } from '../../session/roles.ts'

/** The sample organisation, to sign in as anybody with one click: one of each role first, then everybody by unit. */
export function SamplePeople({ onPick }: { onPick: (person: Person) => void }) {
  const { data: people, error } = useQuery({ queryKey: ['get', '/api/dev/people'], queryFn: async () => (await client.GET('/api/dev/people')).data! })
  if (error) return <PageError error={error} />
  if (!people) return <Waiting />
  const units = [...new Set(people.map(unitOf))]
  return (
    <>
      <section aria-labelledby="roles-title">
        <h2 id="roles-title">选一个角色，马上进入</h2>
        <p className="muted">这是示例单位，人员只有职务没有姓名，数据可以随意试用。</p>
        <div className="role-grid">{examples(people).map(({ role, person }) => <RoleCard key={role} role={role} person={person} onPick={onPick} />)}</div>
      </section>
      <section aria-labelledby="people-title">
        <h2 id="people-title">或者任选一人</h2>
        <p className="muted">{people.length} 名示例人员，按单位排列，可输入单位、职务或角色查找。</p>
        <Select
          aria-label="以其他示例人员进入" size="large" placeholder="选择人员" className="person-select" showSearch={{ optionFilterProp: 'search' }} value={null} onChange={(id: string) => onPick(people.find(one => one.id === id)!)}
          options={units.map(unit => ({ label: unit, options: people.filter(person => unitOf(person) === unit).map(person => ({ value: person.id, label: `${person.name}（${roleTitles(person.roles)}）`, search: `${person.name} ${roleTitles(person.roles)} ${person.id}` })) }))}
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
      <Card size="small" className="role">
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
