/** The forms of the actions that every procedure shares. */
import { z } from 'zod'
import { Acknowledge, ApproveExtension, caseNumber, choice, line, personId, prose, Refuse, stepName } from './fields.ts'

const reason = prose('理由')
const empty = (title: string) => z.strictObject({}).meta({ title, examples: [{}] })
const withReason = (title: string, example: string) => z.strictObject({ reason }).meta({ title, examples: [{ reason: example }] })
const toPerson = (title: string, example: string) => z.strictObject({ to: personId('接收人'), reason }).meta({ title, examples: [{ to: 'economic-crime-2', reason: example }] })
const span = { n: z.int().min(1).max(60).meta({ title: '延长数量' }), unit: choice('单位', { hour: '小时', day: '自然日', workday: '工作日', second: '秒（演示）' }) }

/** Action → form; the same action has the same form in every procedure. */
export const actionForms: Record<string, z.ZodType> = {
  'claim': empty('签收'),
  'acknowledge': Acknowledge,
  'refuse': Refuse,
  'release': empty('退回待办池'),
  'acknowledge-card': z.strictObject({ note: prose('处置意见').optional() }).meta({ title: '签收牌', examples: [{ note: '已约谈承办人，今日内办结。' }, {}] }),
  'transfer': toPerson('转办', '原办理人外出办案。'),
  'delegate': toPerson('委托', '出差三日，委托代办。'),
  'return': z.strictObject({ to: stepName('退回到哪一环节'), reason }).meta({ title: '退回', examples: [{ to: 'verify', reason: '核查材料不全，请补充。' }] }),
  'extend': z.strictObject({ ...span, reason }).meta({ title: '请求延期', examples: [{ n: 5, unit: 'workday', reason: '需向外地单位调取材料。' }] }),
  'approve-extension': ApproveExtension,
  'declare-conflict': withReason('申报回避', '与当事企业存在亲属关系。'),
  'withdraw': z.strictObject({ reason: reason.optional() }).meta({ title: '撤回', examples: [{ reason: '问题已自行解决。' }] }),
  'cancel': withReason('撤销案件', '重复立案。'),
  'urge': z.strictObject({ text: prose('催办内容').optional() }).meta({ title: '催办', examples: [{ text: '请尽快答复。' }] }),
  'resume': empty('恢复流程'),
  'comment': z.strictObject({ text: prose('内容'), to: choice('由谁阅读', { officers: '内部批注：只有办案人员能看到', applicant: '答复企业：企业能看到，并收到通知' }, '缺省为内部批注').optional() })
    .meta({ title: '批注', examples: [{ text: '已电话联系企业核实。' }, { text: '材料已收到，预计本周内答复。', to: 'applicant' }] }),
  'amend': z.strictObject({ changes: z.record(z.string().max(64), z.json()).meta({ title: '变更内容' }), reason })
    .meta({ title: '变更事实', examples: [{ changes: { continuityPlan: '由副总经理主持生产，公章由财务负责人保管。' }, reason: '企业补充了经营安排。' }] }),
  'link': z.strictObject({ caseNo: caseNumber('关联案件编号'), kind: choice('关联方式', { 'duplicate-of': '与该案重复' }) })
    .meta({ title: '关联案件', examples: [{ caseNo: 'EA-000001', kind: 'duplicate-of' }] }),
}

/** Forms of actions on a case that say more there than on a task. */
export const caseActionForms: Record<string, z.ZodType> = {
  'extend': z.strictObject({ task: line('任务', 128, '任务编号或者环节名称'), ...span, reason })
    .meta({ title: '请求延期', examples: [{ task: 'handle', n: 5, unit: 'workday', reason: '需向外地单位调取材料。' }] }),
}
