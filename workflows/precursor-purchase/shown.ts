/** What is read of a purchase beside its forms. */
import { z } from 'zod'
import { choice, date, line, prose, unread } from '../kit/fields.ts'
import type { Shown } from '../kit/procedure.ts'
import { Application, BUYERS, MODES, UsageReport } from './forms.ts'

const source = line('依据', 200)

const check = z.object({
  category: z.int().meta({ title: '易制毒类别', oneOf: [1, 2, 3].map(n => ({ const: n, title: `第${'一二三'[n - 1]}类` })) }),
  notCompetent: z.object({ where: line('办理机关', 200), why: prose('原因'), source }).meta({ title: '不属本机关管辖' }),
  hits: z.array(z.object({
    rule: unread('规则'), severity: choice('程度', { prohibit: '禁止', refuse: '不予备案', risk: '风险', info: '提示' }), items: unread('品种'), explanation: prose('说明'), source,
  })).meta({ title: '核验提示' }),
}).meta({ title: '购买核验' })

const content = {
  buyerType: choice('购买主体', BUYERS), mode: choice('使用方式', MODES), validFrom: date('有效期自'), validUntil: date('有效期至'),
  items: z.array(z.object({ name: line('品名', 100), cas: line('CAS 号', 20), quantityKg: z.number().meta({ title: '数量（千克）' }) })).meta({ title: '品种' }),
  use: Application.shape.use, supplier: line('供货单位', 100), deliverTo: Application.shape.deliverTo,
}
const certificate = { certificate: line('证明文号', 100), ...content }
const reasons = z.array(prose('理由')).meta({ title: '理由' })
const examined = z.object({ check, objection: prose('复核人的异议') })

export const shown = {
  contexts: {
    'examine': examined,
    'second-examine': examined,
    'supplement': z.object({ missing: prose('须补正的内容') }),
    'usage-report': z.object(certificate),
  },
  facts: {
    'purchase': check,
    'certificate-content': z.object(content).meta({ title: '证明内容' }),
    'certificate': z.object(certificate).meta({ title: '备案证明' }),
  },
  results: {
    'approved': z.object({ ...certificate, receivedKg: UsageReport.shape.receivedKg, stockKg: UsageReport.shape.stockKg }),
    'rejected': z.object({ reasons }),
    'not-competent': z.object({ reasons, where: line('办理机关', 200) }),
    'lapsed': z.object({ reasons }),
  },
  documents: { certificate: z.object(content) },
} satisfies Shown
