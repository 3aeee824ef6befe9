import type { PictureOf } from '../../model/policy.ts'
import type { policy } from './policy.ts'

/** 即时核验、审查、复核、发证、报告, as a picture. */
export const picture: PictureOf<typeof policy> = {
  columns: [
    ['examine'],
    ['second-examine', 'supplement'],
    ['usage-report', 'rejected', 'not-competent', 'lapsed'],
    ['approved'],
  ],
  paths: {
    'start': { 'examine': '即时核验', 'rejected': '依法不得购买', 'not-competent': '第一类' },
    'examine': { 'usage-report': '发证', 'second-examine': '第二类、有风险', 'supplement': '补正', 'rejected': '不予备案' },
    'supplement': { 'examine': '已补正', 'lapsed': '逾期未补正', 'rejected': '依法不得购买', 'not-competent': '第一类' },
    'second-examine': { 'usage-report': '同意，发证', 'examine': '退回、不同意', 'rejected': '依法不得购买' },
    'usage-report': { approved: '已报告' },
  },
}
