import data from '../../data/precursor-catalogue.json' with { type: 'json' }
import { shanghaiDate } from '../../model/instants.ts'
import type { Facts } from '../../model/types.ts'
import type { DocumentKind, FormContext } from '../kit/procedure.ts'
import type { Application } from './forms.ts'
import { certify, type Chemical, type PurchaseCheck, type PurchaseLimits } from './rules.ts'

const certified = ({ state, at, policy }: FormContext): Facts => certify({
  application: state.file.application as unknown as Application, catalogue: data.chemicals as Chemical[], today: shanghaiDate(at), limits: policy.figures as unknown as PurchaseLimits,
})

/** Whether somebody else examines it too: category 2, or a risk. */
const needsAnother = ({ state }: FormContext): boolean => {
  const { category, hits } = state.file.facts.purchase as unknown as PurchaseCheck
  return category === 2 || hits.some(({ severity }) => severity === 'risk')
}

const example = {
  buyerType: 'enterprise', mode: 'single', validFrom: '2026-03-05', validUntil: '2026-04-05', use: '油墨稀释剂', supplier: '示例化工经营部', deliverTo: '示例市示例路 1 号 2 号仓库',
  items: [{ name: '甲苯', cas: '108-88-3', quantityKg: 500 }, { name: '丙酮', cas: '67-64-1', quantityKg: 12.5 }],
}

/** Papers of 易制毒化学品购买备案. */
export const documents: Record<string, DocumentKind> = {
  certificate: {
    template: {
      name: '购买备案证明',
      title: '易制毒化学品购买备案证明',
      form: 'letter',
      to: '{申请人}',
      body: [
        { when: { buyerType: 'enterprise' }, p: '你单位申报购买下列易制毒化学品，经审查，符合《易制毒化学品管理条例》的规定，准予备案：' },
        { when: { buyerType: 'individual' }, p: '你申报购买下列易制毒化学品，经审查，符合《易制毒化学品管理条例》的规定，准予备案：' },
        { table: 'items', widths: [4, 3, 3] },
        '用途：{用途}',
        '供货单位：{供货单位}',
        '收货地址：{收货地址}',
        { when: { mode: 'single' }, p: '本证明一次使用有效，有效期自{有效期自}至{有效期至}。' },
        { when: { mode: 'multiple' }, p: '本证明在有效期内可以多次使用，有效期自{有效期自}至{有效期至}。' },
        '购买后，请按规定期限报告实际购入数量和库存。',
        '特此证明。',
      ],
      remark: '案件编号：{案件编号}',
    },
    examples: [example, { ...example, buyerType: 'individual', mode: 'multiple', validUntil: '2026-09-05' }],
    addressee: (application) => {
      const { buyerType, buyer } = application as unknown as Application
      return buyerType === 'individual' ? buyer?.name : undefined
    },
    foreseen: {
      'examine': (form, context) => form.decision === 'approve' && !needsAnother(context) ? certified(context) : null,
      'second-examine': (form, context) => form.agree === true ? certified(context) : null,
    },
  },
}
