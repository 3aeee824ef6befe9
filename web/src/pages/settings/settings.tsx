import { Card, Descriptions, Segmented } from 'antd'
import { Page } from '../../components/page.tsx'
import { ROLES } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { useDensity } from '../../session/preferences.ts'

/** 个人设置: who one is here, and how the pages look on this computer. */
export default function SettingsPage() {
  const { id, name, unit, enterprise, roles } = usePerson()
  const [density, setDensity] = useDensity()
  return (
    <Page title="个人设置">
      <Card title="本人" size="small" style={{ marginBottom: 16 }}>
        <Descriptions
          column={1} size="small"
          items={[
            { key: 'name', label: '姓名', children: name },
            { key: 'id', label: '人员编号', children: <span className="case-no">{id}</span> },
            { key: 'of', label: enterprise ? '企业' : '单位', children: (enterprise ?? unit)?.name ?? '—' },
            ...roles.map(role => ({ key: role, label: '角色', children: `${ROLES[role].title}：${ROLES[role].does}` })),
          ]}
        />
        <p className="muted">人员、单位和角色由系统管理员维护；有误请联系管理员。</p>
      </Card>
      <Card title="显示" size="small">
        <Segmented aria-label="显示密度" value={density} onChange={setDensity} options={[{ value: 'comfortable', label: '宽松' }, { value: 'compact', label: '紧凑' }]} />
        <p className="muted">只保存在这台电脑上。</p>
      </Card>
    </Page>
  )
}
