import type { Policy } from '../../model/policy.ts'

const clock = { n: 1, unit: 'workday', source: '[C]' } as const

/** A procedure for tests of the kit: every kind of step, no matter of its own. */
export const policy = {
  key: 'probe',
  code: 'XX',
  title: '试验',
  owner: 'economic-crime',
  summary: '试验。',
  legalBasis: [],
  confidentiality: 'internal',
  whoMayApply: ['enterprise'],
  shownFrom: 'show',
  withdrawable: true,
  clock: { ordinary: { n: 5, unit: 'workday', source: '[C]' }, quick: { n: 2, unit: 'workday', source: '[C]' } },
  tasks: {
    'one': { title: '甲', unit: 'economic-crime', role: 'handler', clock, extendable: true },
    'two': { title: '乙', unit: 'traffic', role: 'handler', clock, returnsTo: ['one'] },
    'theirs': { title: '当事方办理', unit: 'party', role: 'handler', clock },
    'reply': { title: '当事企业答复', unit: 'party', role: 'enterprise', clock },
    'mine': { title: '补正', unit: 'applicant', role: 'enterprise', clock },
    'own': { title: '落实', unit: 'filer', role: 'handler', clock },
    'answer': { title: '回复', unit: 'applicant', role: 'enterprise', silence: { card: 'filer' }, clock },
    'hurried': {
      title: '急办', unit: 'economic-crime', role: 'handler', clock: { n: 1, unit: 'second', source: '[C]' },
      ladder: { reminders: [0.5], red: { n: 1, unit: 'second' }, leader: { n: 1, unit: 'second' } },
    },
    'fleeting': { title: '可不办', unit: 'applicant', role: 'enterprise', lapses: true, clock: { n: 1, unit: 'second', source: '[C]' } },
  },
  outcomes: { done: '已办', withdrawn: '已撤回', cancelled: '已撤销' },
  documents: { paper: '试' },
} as const satisfies Policy
