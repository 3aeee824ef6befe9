import { describe, expect, it } from 'vitest'
import { organisation } from '../../db/seed/organisation.ts'
import { checkForm } from '../kit/check-forms.ts'
import type { FormContext } from '../kit/procedure.ts'
import { formRules } from './procedure.ts'
import { Application, residentDepartments, Triage } from './forms.ts'

const pointers = (form: unknown) => {
  const checked = checkForm(Triage, form)
  return 'errors' in checked ? checked.errors.map(error => error.pointer) : []
}

describe('triage', () => {
  it.each([
    ['acceptance by nobody', { decision: 'accept' }, ['/unit']],
    ['acceptance by a resident department', { decision: 'accept', unit: 'court', complexity: 'ordinary' }, ['/unit']],
    ['a hand-over to nobody', { decision: 'hand-over' }, ['/unit']],
    ['a hand-over to a police unit', { decision: 'hand-over', unit: 'traffic' }, ['/unit']],
    ['a rejection without reason', { decision: 'reject' }, ['/reason']],
    ['a blank reason', { decision: 'reject', reason: '  ' }, ['/reason']],
    ['the responsible unit among those that help', { decision: 'accept', unit: 'traffic', complexity: 'ordinary', coUnits: ['traffic'] }, ['/coUnits']],
    ['a duplicate that is handled all the same', { decision: 'accept', unit: 'traffic', complexity: 'ordinary', duplicateOf: 'EA-000001' }, ['/duplicateOf']],
    ['an unknown decision', { decision: 'ignore' }, ['/decision']],
    ['a decision of the wrong type', { decision: 1 }, ['/decision']],
  ])('refuses %s', (_, form, expected) => expect(pointers(form)).toEqual(expected))

  it('is no duplicate of itself', () => {
    const context = { state: { file: { caseNo: 'EA-000001' }, tasks: [] } } as unknown as FormContext
    const errors = (duplicateOf: string) => formRules.triage({ decision: 'reject', reason: '重复', duplicateOf }, context).map(e => e.pointer)
    expect([errors('EA-000001'), errors('EA-000002')]).toEqual([['/duplicateOf'], []])
  })

  it.each([
    { decision: 'accept', unit: 'economic-crime' }, { decision: 'hand-over', unit: 'court' }, { decision: 'external' }, { decision: 'reject', reason: '请向人民法院起诉。' },
  ])('needs no more than the contract’s: %o', form => expect(pointers(form)).toEqual([]))

  it('knows the resident departments of the organisation', () => {
    expect(organisation.units.filter(unit => unit.kind === 'resident').map(unit => unit.id)).toEqual(residentDepartments)
  })
})

describe('application', () => {
  const application = { kind: 'help', subject: '事项', description: '说明', contact: { name: '联系人', phone: '13800000000' } }

  it('needs no more than the six facts of the contract', () => expect(checkForm(Application, application)).toEqual({ form: application }))

  it('comes from a sub-centre or liaison room, not from another unit', () => {
    expect(checkForm(Application, { ...application, originUnit: 'liaison-35' })).toHaveProperty('form')
    expect(checkForm(Application, { ...application, originUnit: 'legal' })).toEqual({ errors: [{ pointer: '/originUnit', detail: '来源分中心或联络室：须为派出所分中心或警企联络室' }] })
  })
})
