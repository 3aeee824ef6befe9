import { Collapse } from 'antd'
import { Page } from '../../components/page.tsx'
import { hasRole, isEnterprise, type Person } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'

interface Topic { title: string, for?: (person: Person) => boolean, lines: string[] }

const officer = (person: Person): boolean => !isEnterprise(person)

/** What each page is for, in the words of its readers. */
const TOPICS: Topic[] = [
  {
    title: '我的待办', lines: [
      '任务按到期先后排列，剩余时间按该任务自己的时限单位计算：小时、自然日或工作日。',
      '“待签收”是本单位还没有人办的任务，签收后归您办理；“已逾期”列出到期未办结的任务。',
      '键盘：j、k 上下移动，Enter 打开案件，c 签收，e 打开任务表单，? 查看说明。新任务到达时自动出现，不用刷新。',
    ],
  },
  {
    title: '案件', lines: [
      '右侧是您现在可以做的事；没有列出的操作，就是当前不能做的。提交后不能撤回的操作会再确认一次。',
      '“期限说明”逐条列出时限的依据、起算、不计入的日期、暂停和延期。',
      '“办理经过”每条记录都含有前一条的校验值，标为“已校验”即未被改动。',
      '提示“情况已变化”时，页面已按最新情况刷新，请重新核对。断网时已填写的内容仍在，恢复后直接再次提交，不会重复办理。',
    ],
  },
  { title: '黄牌、红牌', for: officer, lines: ['到期未办结出示黄牌，通知办理人和单位负责人；再过规定时间仍未办结出示红牌，通知护航办；红牌无人签收报局领导。', '出示过的牌不会消失，办结后仍留在案件上。任何事项都不会因为超时而自动同意。'] },
  { title: '办事', for: isEnterprise, lines: ['选择事项，按提示填写；没有填完可以离开，草稿会保留。', '提交后可以查看进度和承诺的办结时间，需要时补正、催办、撤回。', '办结后请按五个等级评价；评为不满意的，会有人回访，并由其他人员重新办理。'] },
  { title: '代为申请', for: officer, lines: ['企业在窗口、电话、走访、恳谈会上提出的事项，由您代为登记，并注明来源渠道；办理情况同样反馈给企业。'] },
  { title: '值班', for: person => hasRole(person, 'duty-desk'), lines: ['进入中心的事项先在这里分流：公安受理、移交入驻部门、经四个平台移送或者不予受理。', '同一企业的同一事项已有案件的，填写重复的案件编号，不再重复办理。'] },
  { title: '督办看板', for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader'), lines: ['每个数字都可以点开，看到它由哪些案件组成；可以导出表格、打印、全屏显示。'] },
  { title: '羁押报备', for: officer, lines: ['只有参与办理的人员能看到内容；单位、职务都不算。每次查阅都有记录，页面带有查阅人水印。', '决定与所见的事实、意见绑定，之后有变动的，须重新审核。'] },
  { title: '回避', for: officer, lines: ['与案件有利害关系的，请在签收前后随时申报回避；申报后不能再办理、查看本案，代理人也不能代您办理。'] },
]

/** 帮助. */
export default function HelpPage() {
  const person = usePerson()
  const topics = TOPICS.filter(topic => topic.for?.(person) ?? true)
  return (
    <Page title="帮助">
      <Collapse defaultActiveKey={topics.slice(0, 2).map(topic => topic.title)} items={topics.map(({ title, lines }) => ({ key: title, label: title, children: <ul className="help-lines">{lines.map(line => <li key={line}>{line}</li>)}</ul> }))} />
    </Page>
  )
}
