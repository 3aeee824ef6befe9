/** Forms of 易制毒化学品申购: what is to be bought and why, the examinations, and the report afterwards. */
import { z } from 'zod'
import catalogue from '../../data/precursor-catalogue.json' with { type: 'json' }
import { blame, casNumber, choice, date, daysFromToday, documentNo, idNumber, line, need, prose, Supplement, yesNo } from '../kit/fields.ts'

const listed = new Set(catalogue.chemicals.map(chemical => chemical.cas))

/** The last digit of a CAS number is the sum of the others, each times its place from the right, modulo 10. */
function hasCheckDigit(cas: string): boolean {
  const digits = [...cas.replaceAll('-', '')].map(Number).reverse()
  return digits.slice(1).reduce((sum, digit, i) => sum + digit * (i + 1), 0) % 10 === digits[0]
}

const cas = () => casNumber('品名')
  .refine(hasCheckDigit, { error: 'CAS 号校验位不对，请核对', abort: true })
  .refine(value => listed.has(value), '不在易制毒化学品目录内，无须备案或请核对 CAS 号')
  .meta({
    description: '《易制毒化学品的分类和品种目录》所列品种，可输入品名或 CAS 号查找',
    oneOf: catalogue.chemicals.map(({ cas: value, name, category }) => ({ const: value, title: `${name}（第${'一二三'[category - 1]}类，${value}）` })),
  })

/** One delivery of more than a thousand tonnes is a slip of the pen. */
const maxKg = 1_000_000
const kilograms = (title: string) => z.number().min(0).max(maxKg).meta({ title })

const Item = z.strictObject({
  cas: cas(),
  quantityKg: z.number().positive().max(maxKg).meta({ title: '申购数量（千克）' }),
  stockKg: kilograms('现有库存（千克）').optional(),
  monthlyUseKg: kilograms('月均用量（千克）').optional(),
}).meta({ title: '品种' })

export const BUYERS = { enterprise: '单位', individual: '个人' }
/** 有效期 by how often the certificate may be used. */
export const MODES = { single: '一次使用（有效期 1 个月）', multiple: '多次使用（有效期 6 个月）' }

/** 申请. */
export const Application = z.strictObject({
  buyerType: choice('购买主体', BUYERS, '个人不得购买第一类、第二类'),
  buyer: z.strictObject({ name: line('姓名', 50), idNumber: idNumber('证件号码') })
    .meta({ title: '经办人', description: '单位的经办人，或购买的个人' }).optional(),
  items: z.array(Item).min(1).max(20).meta({ title: '申购品种' }),
  use: prose('用途'),
  supplier: z.strictObject({ name: line('供货单位', 100), licenceNo: documentNo('经营许可证或备案号', 64) }).meta({ title: '供货单位' }),
  deliverTo: line('收货地址', 200),
  licence: z.strictObject({ no: documentNo('营业执照或许可证号', 64), validUntil: date('有效期至') }).meta({ title: '证照' }),
  useProof: line('合法使用需要证明', 200, '证明材料名称或编号'),
  mode: choice('使用方式', MODES),
}).superRefine(({ items }, ctx) => items.forEach((item, i) => {
  if (items.findIndex(other => other.cas === item.cas) < i) blame(ctx, ['items', i, 'cas'], '同一品种请合并填写')
})).meta({
  title: '易制毒化学品申购',
  examples: [
    {
      buyerType: 'enterprise', buyer: { name: '示例化工 经办人', idNumber: '000000000000000000' },
      items: [{ cas: '108-88-3', quantityKg: 500, stockKg: 100, monthlyUseKg: 400 }], use: '油墨稀释剂',
      supplier: { name: '示例化工经营部', licenceNo: '示例备案 0001' }, deliverTo: '示例市示例路 1 号 2 号仓库',
      licence: { no: '示例许可 0001', validUntil: daysFromToday(365) }, useProof: '合法使用需要证明（示例 1 号）', mode: 'single',
    },
    {
      buyerType: 'enterprise', items: [{ cas: '60-29-7', quantityKg: 10, stockKg: 0, monthlyUseKg: 5 }], use: '实验室萃取',
      supplier: { name: '示例试剂经营部', licenceNo: '示例备案 0002' }, deliverTo: '示例市示例路 2 号实验楼',
      licence: { no: '示例许可 0002', validUntil: daysFromToday(365) }, useProof: '合法使用需要证明（示例 2 号）', mode: 'single',
    },
  ],
})
export type Application = z.infer<typeof Application>

/** 审查. */
export const Examine = z.strictObject({
  decision: choice('审查意见', { approve: '同意', supplement: '补正', reject: '不予备案' }),
  reason: prose('理由', '补正时写明全部应补材料').optional(),
  cleanYearConfirmed: yesNo('既往档案已核对', '备案满一年且无违规；多次使用而系统内记录不满一年的，同意前须核对').optional(),
}).superRefine((form, ctx) => {
  if (form.decision === 'supplement') need(form, 'reason', ctx, '补正须一次告知缺少的材料')
  if (form.decision === 'reject') need(form, 'reason', ctx, '不予备案须写明理由')
}).meta({ title: '审查', examples: [{ decision: 'approve' }, { decision: 'supplement', reason: '合法使用需要证明未盖章。' }, { decision: 'reject', reason: '申购量与用途明显不符。' }] })
export type Examine = z.infer<typeof Examine>

/** 复核, by another officer. */
export const SecondExamine = z.strictObject({ agree: yesNo('同意审查意见'), reason: prose('理由').optional() })
  .superRefine((form, ctx) => { if (!form.agree) need(form, 'reason', ctx, '不同意须写明理由') })
  .meta({ title: '复核', examples: [{ agree: true }, { agree: false, reason: '库存足够三个月使用，申购理由不充分。' }] })
export type SecondExamine = z.infer<typeof SecondExamine>

const perItem = (title: string) => z.array(kilograms('数量（千克）')).min(1).max(20)
  .meta({ title, description: '按申购品种的顺序，每个品种一个数' })

/** 购买情况报告: one figure per item of the application, in its order (the record compares the number of items). */
export const UsageReport = z.strictObject({
  receivedKg: perItem('实际购入（千克）'),
  stockKg: perItem('当前库存（千克）'),
  note: prose('说明').optional(),
}).superRefine((form, ctx) => {
  if (form.receivedKg.length !== form.stockKg.length) blame(ctx, ['stockKg'], '购入与库存的品种数须一致')
}).meta({ title: '购买情况报告', examples: [{ receivedKg: [500], stockKg: [450] }] })
export type UsageReport = z.infer<typeof UsageReport>

export const forms = {
  application: Application,
  tasks: { 'examine': Examine, 'supplement': Supplement, 'second-examine': SecondExamine, 'usage-report': UsageReport },
}
