import { BUYERS, MODES } from './forms.ts'

/** What names and codes in a purchase are called, where no form says it. */
export const words = {
  check: '核验', purchase: '购买核验', category: '易制毒类别', hits: '核验提示', rule: '规则', reasons: '理由', prohibit: '禁止', refuse: '不予备案', notCompetent: '不属本机关管辖', where: '办理机关', why: '原因',
  'certificate': '备案证明', 'certificate-content': '证明内容', buyerType: '购买主体', mode: '使用方式', items: '品种', cas: 'CAS 号', quantityKg: '数量（千克）', use: '用途', supplier: '供货单位',
  deliverTo: '收货地址', validFrom: '有效期自', validUntil: '有效期至', receivedKg: '实际购入（千克）', stockKg: '当前库存（千克）', ...BUYERS, ...MODES,
}
