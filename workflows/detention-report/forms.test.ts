import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkForm } from '../kit/check-forms.ts'
import { hoursFromNow } from '../kit/fields.ts'
import { Application, CustodyMilestones, Decide } from './forms.ts'

const pointers = (schema: z.ZodType, form: unknown) => {
  const checked = checkForm(schema, form)
  return 'errors' in checked ? checked.errors.map(error => error.pointer) : []
}

const application = {
  agencyCaseNo: '示例〔2026〕1号', legalBasis: '刑事诉讼法第八十一条',
  suspect: { name: '示例嫌疑人', idNumber: '000000000000000000', enterpriseRole: '实际控制人' }, enterpriseId: 'ent-01',
  grounds: [{ ground: '可能串供', evidenceRef: '卷一' }], alternatives: [{ measure: '取保候审', whyInsufficient: '可能串供' }],
  continuityPlan: '印章由副总经理保管', plannedAt: hoursFromNow(24), urgent: false,
}

describe('report', () => {
  it('needs no more than the facts of the contract', () => expect(checkForm(Application, application)).toEqual({ form: application }))

  it('may be of a deputy without permission yet: whether that can be decided is for the procedure', () => {
    expect(pointers(Application, { ...application, suspect: { ...application.suspect, deputyOf: 'npc-county-or-above' } })).toEqual([])
  })

  it.each([
    ['urgent without saying when', { urgent: true }, ['/detainedAt']],
    ['urgent with a detention that is still to come', { urgent: true, detainedAt: hoursFromNow(1) }, ['/detainedAt']],
    ['detained already, but not urgent', { detainedAt: hoursFromNow(-1) }, ['/detainedAt']],
    ['caught in the act, but not urgent', { caughtInTheAct: true }, ['/caughtInTheAct']],
    ['planned at a time without offset', { plannedAt: '2026-12-01T09:00:00' }, ['/plannedAt']],
    ['no grounds', { grounds: [] }, ['/grounds']],
    ['a ground without evidence', { grounds: [{ ground: '可能串供' }] }, ['/grounds/0/evidenceRef']],
    ['no alternatives considered', { alternatives: [] }, ['/alternatives']],
    ['a conflict without a person', { conflictDeclaration: { none: false } }, ['/conflictDeclaration/conflicts']],
    ['no conflict, and yet a person', { conflictDeclaration: { none: true, conflicts: [{ person: 'legal-1', relation: '近亲属' }] } }, ['/conflictDeclaration/conflicts']],
  ])('is refused: %s', (_, change, expected) => expect(pointers(Application, { ...application, ...change })).toEqual(expected))

  it('repeats nothing of what was sent when it is refused', () => {
    expect(JSON.stringify(checkForm(Application, { ...application, suspect: { ...application.suspect, idNumber: '证件 330000' } }))).not.toContain('330000')
  })
})

describe('decision', () => {
  it('takes any hash: a wrong one is a conflict of facts, not a bad form', () => {
    expect(pointers(Decide, { decision: 'agree', text: '同意', contentHash: 'another' })).toEqual([])
    expect(pointers(Decide, { decision: 'agree', text: '同意' })).toEqual(['/contentHash'])
  })
})

describe('custody milestones', () => {
  const milestones = (...list: unknown[]) => pointers(CustodyMilestones, { milestones: list })

  it('may be confirmed one by one or together', () => {
    expect(milestones({ milestone: 'family-notified', doneAt: hoursFromNow(-1) })).toEqual([])
    expect(milestones({ milestone: 'detained', doneAt: hoursFromNow(-2) }, { milestone: 'questioned', doneAt: hoursFromNow(-1) })).toEqual([])
  })

  it.each([
    ['one that is still to come', [{ milestone: 'detained', doneAt: hoursFromNow(1) }], ['/milestones/0/doneAt']],
    ['the same one twice', [{ milestone: 'questioned', doneAt: hoursFromNow(-2) }, { milestone: 'questioned', doneAt: hoursFromNow(-1) }], ['/milestones/1/milestone']],
    ['one before the detention', [{ milestone: 'detained', doneAt: hoursFromNow(-1) }, { milestone: 'questioned', doneAt: hoursFromNow(-2) }], ['/milestones/1/doneAt']],
    ['a longer term that is not named', [{ milestone: 'request-extended', doneAt: hoursFromNow(-1) }], ['/milestones/0/term']],
    ['a term of something else', [{ milestone: 'released', doneAt: hoursFromNow(-1), term: '7-days' }], ['/milestones/0/term']],
    ['not carried out, and yet questioned', [{ milestone: 'not-carried-out', doneAt: hoursFromNow(-1) }, { milestone: 'questioned', doneAt: hoursFromNow(-1) }], ['/milestones/0/milestone']],
  ])('are refused: %s', (_, list, expected) => expect(milestones(...list)).toEqual(expected))
})
