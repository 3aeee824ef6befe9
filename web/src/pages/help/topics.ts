/** What each page is for, in the words of its readers. */
import { hasRole, isEnterprise, type Person } from '../../session/roles.ts'

/** `pages`: the entries of the menu that it helps with; `for`: whom it concerns, everybody unless said. */
export interface Topic { title: string, pages: string[], for?: (person: Person) => boolean, lines: string[] }

const works = (person: Person): boolean => !person.roles.every(role => role === 'admin' || role === 'auditor')
const officer = (person: Person): boolean => works(person) && !isEnterprise(person)
const admin = (person: Person): boolean => hasRole(person, 'admin')

const TOPICS: Topic[] = [
  {
    title: '办事', pages: ['/services'], for: isEnterprise, lines: [
      '选择事项，按提示填写；没有填完可以离开，草稿会保留。',
      '等您补正、评价、报告的事项排在最前；逾期未补正的，视为放弃申请。',
      '提交后可以查看进度和承诺的办结时间，需要时补正、撤回、留言、补充材料，每天可以催办一次；办理单位的答复和提供的材料会通知您。',
      '办结后请按五个等级评价；评为不满意的，会有人回访，并由其他人员重新办理。',
    ],
  },
  { title: '我的案件', pages: ['/cases'], for: isEnterprise, lines: ['列出贵企业提交过的全部事项，可以按编号、标题、流程和状态查找；其他企业看不到。'] },
  {
    title: '我的待办', pages: ['/'], for: officer, lines: [
      '任务按到期先后排列，剩余时间按该任务自己的时限单位计算：小时、自然日或工作日。',
      '“待签收”是本单位还没有人办的任务，签收后归您办理；勾选多件可以一次签收；“已逾期”列出到期未办结的任务。',
      '键盘：j、k 上下移动，Enter 打开案件，c 签收，e 打开任务表单，? 查看说明。新任务到达时自动出现，不用刷新。',
    ],
  },
  {
    title: '案件', pages: ['/cases'], for: officer, lines: [
      '右侧是您现在可以做的事；没有列出的操作，就是当前不能做的。提交后不能撤回的操作会再确认一次。',
      '流程图显示案件走到了哪里、走过几轮、退回过没有；不便看图的，可以切换到“文字”。',
      '“答复企业”企业能看到，并收到通知；“内部批注”只有办案人员能看到。材料也分“上传给企业”和“上传内部材料”。企业的留言通知办理人；尚未签收的，通知可以签收的人员。',
      '“期限说明”逐条列出时限的依据、起算、不计入的日期、暂停和延期。',
      '“办理经过”每条记录都含有前一条的校验值，标为“已校验”即未被改动。',
      '提示“情况已变化”时，页面已按最新情况刷新，请重新核对。断网时已填写的内容仍在，恢复后直接再次提交，不会重复办理。',
    ],
  },
  { title: '我的文书', pages: ['/documents'], for: isEnterprise, lines: ['列出出具给贵企业的证明、决定、通知，可以下载、打印；已经撤销或者被替换的，会注明。', '别人收到文书，可以扫描末页的二维码，或者在核验页面输入文号和核验码，查证真伪和是否有效；不需要登录。'] },
  { title: '文书登记', pages: ['/documents'], for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader'), lines: ['列出出具的全部文书，新的在前；看不到所属案件的，只显示文号、种类和日期。', '上方列出各类文书编到几号；文号连续，没有缺号。撤销、替换的文书保留文号，并注明。', '出具前，在办理表单中可以预览将要出具的文书；字库里没有的字印不出来，会在提交时指明。'] },
  { title: '计划', pages: ['/plan'], for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader'), lines: ['每月、每季度、每年的工作由系统在开立日 00:05 自动开立，节假日和调休按日历计算。', '因故障没有按时开立的，恢复后自动补开，并通知主办单位负责人和护航办；未能全部开立的，原因列在计划页上。'] },
  { title: '黄牌、红牌', pages: ['/', '/cases', '/board'], for: officer, lines: ['到期未办结出示黄牌，通知办理人和单位负责人；再过规定时间仍未办结出示红牌，通知护航办；红牌无人签收报局领导。', '出示过的牌不会消失，办结后仍留在案件上。任何事项都不会因为超时而自动同意。'] },
  { title: '回避', pages: ['/cases', '/detentions'], for: officer, lines: ['与案件有利害关系的，请在签收前后随时申报回避；申报后不能再办理、查看本案，代理人也不能代您办理。'] },
  { title: '值班', pages: ['/desk'], for: person => hasRole(person, 'duty-desk'), lines: ['进入中心的事项先在这里分流：公安受理、移交入驻部门、经四个平台移送或者不予受理。先点去向，再点“确认分流”。', '同一企业的同一事项已有案件的，填写重复的案件编号，不再重复办理。'] },
  {
    title: '督办看板', pages: ['/board'], for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader'), lines: [
      '每个数字都可以点开，看到它由哪些案件组成；按 Tab 键也能走到图表里的数字。',
      '可以按流程、单位、期间查看，导出表格、打印；全屏后按 Esc 退出。单位负责人看到的是本单位。',
    ],
  },
  { title: '羁押报备', pages: ['/detentions'], for: officer, lines: ['只有参与办理的人员能看到内容；单位、职务都不算。每次查阅都有记录，页面带有查阅人水印。', '决定与所见的事实、意见绑定，之后有变动的，须重新审核。'] },
  { title: '办事', pages: ['/services'], for: officer, lines: ['企业在窗口、电话、走访、恳谈会上提出的事项，由您代为提交，并注明来源渠道；办理情况同样反馈给企业。', '由本单位发起的事项（检查、会商、提示等）也从这里开始。'] },
  { title: '草稿', pages: ['/drafts'], for: works, lines: ['填写的内容随时自动保存，只有您自己看得到；同一事项可以同时有几份。提交后删除，未提交的保留九十天。', '任务被转办、撤回的，您写的内容仍在这里，可以复制。'] },
  { title: '排班与代理', pages: ['/admin'], for: person => !admin(person) && hasRole(person, 'unit-leader'), lines: ['值班安排决定按班次办理的任务先交给谁；交接班时，未办结的任务转给下一班。', '缺勤期间，代理人代行缺勤人的岗位：可以办理其任务，签收、审批、指派应由其办理的事项，并收到相应通知，办理经过记明代谁办理。缺勤人应当回避的案件，代理人也不能办理。代理人也缺勤的，由其代理人继续代理；相互代理形成循环的不能登记。'] },
  {
    title: '管理', pages: ['/admin'], for: admin, lines: [
      '人员的角色决定他能看什么、做什么；系统管理、审计与办案的角色互斥，不能同时授予。停用的人员、单位不再出现在选择中，已有记录不变。',
      '工作日历：国务院办公厅公布次年安排后，粘贴通知正文，核对后载入；涉及的未办结案件重算期限。公布之前的期限标为暂定。',
      '流程规则：期限、办理人、提醒和出牌的时点，以及核查所用的数值，都可以修改；保存前显示修改的效果，只对此后开始的任务生效；依据中 [S] 为方案规定，[L] 为法律规定，[C] 为通常做法、待法制确认。',
      '外部通知地址：只有列入的地址会收到通知；签名密钥只在新增时显示一次。',
      '每次改动都留有改动前后的内容，供审计查阅。这里看不到案件内容。',
    ],
  },
  {
    title: '审计', pages: ['/audit'], for: person => hasRole(person, 'auditor'), lines: [
      '“拒绝记录”是系统没有允许的操作和原因；“查阅记录”是谁看过哪件案件，包括被拒的查阅；“管理操作”是系统管理员的改动。',
      '“事件与校验”：输入案件编号，核对全部事件是否首尾相接、未被改动。受限案件只校验，不显示内容。',
      '审计员不能改动任何内容。',
    ],
  },
  { title: '通知', pages: ['/notices'], lines: ['打开一条通知即标为已读，并打开所说的任务；有新通知时，右上角的数字会自动更新。', '同一案件的多条留言、多份材料，以及新到的多件待签收任务，未读时合为一条，标题注明条数。'] },
  { title: '个人设置', pages: ['/settings'], lines: ['显示密度只影响这台电脑。姓名、单位和角色由系统管理员维护。'] },
]

/** What concerns `person`. */
export const topicsFor = (person: Person): Topic[] => TOPICS.filter(topic => topic.for?.(person) ?? true)
