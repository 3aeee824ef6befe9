import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Queryable } from '../db/connect.ts'
import { caseOpened } from '../test/sample-case.ts'
import { fold, type CaseRow } from '../model/state.ts'
import type { CaseEvent } from '../model/events.ts'
import type { Facts } from '../model/types.ts'
import { PROCEDURES } from '../workflows/catalogue.ts'
import { checkForm, findUnreadable } from '../workflows/kit/check-forms.ts'
import { createPress } from './press.ts'
import { placesIn, placesOf, textsOf } from './template.ts'
import { linesOf, testSigner, textOf } from './testing.ts'

const NAMES = [{ kind: 'enterprise', id: 'ent-01', name: '示例制造有限公司', until: null }, { kind: 'person', id: 'ent-01-contact', name: '示例联系人', until: null }]
const press = createPress({ query: async () => ({ rows: NAMES }) } as unknown as Queryable, { office: '诸暨市公安局', publicUrl: 'https://anxin.example.cn', signer: await testSigner() })
const fileOf = (procedure: string, application: Facts): CaseRow => {
  const opened = caseOpened({ procedure, application })
  return fold([{ ...opened, caseNo: 'EA-000012', seq: 1, at: new Date(), key: '1', hash: '', requestHash: null } as CaseEvent])!.file
}
const issued = { number: '示公〔2026〕12号', code: 'ABCD-EFGH-JKLM-NPQR', issuedAt: new Date('2026-03-05T09:00:00+08:00') }

const kinds = [...PROCEDURES.values()].flatMap(procedure => Object.entries(procedure.documents ?? {}).map(([kind, one]) => ({ procedure, kind, of: `${procedure.policy.key} ${kind}`, ...one })))

describe('every kind of document', () => {
  it('that a procedure numbers has a form, and none has one that is not numbered or has no fields', () => {
    for (const { policy, documents = {}, shown } of PROCEDURES.values()) {
      const numbered = Object.keys(policy.documents ?? {}).sort()
      expect(Object.keys(documents).sort(), policy.key).toEqual(numbered)
      expect(Object.keys(shown.documents ?? {}).sort(), policy.key).toEqual(numbered)
    }
  })

  it('has a name and a prefix of its own: two kinds of one prefix would give a number twice, and of one name would be counted together', () => {
    const names = [...PROCEDURES.values()].flatMap(({ policy }) => Object.keys(policy.documents ?? {}))
    expect(new Set(names).size).toBe(names.length)
    const prefixes = [...PROCEDURES.values()].flatMap(({ policy }) => Object.values(policy.documents ?? {}))
    expect(new Set(prefixes).size).toBe(prefixes.length)
  })

  it.each(kinds)('uses placeholders that it has, and ends in words short enough to stay with what is signed: $of', ({ template, procedure, kind }) => {
    const places = placesOf(procedure.shown.documents![kind]!)
    expect(new Set(places).size, 'two fields of one title').toBe(places.length)
    for (const text of Object.values(textsOf(template))) {
      for (const place of placesIn(text)) expect(places).toContain(place)
      expect(text.replace(/\{[^{}]*\}/g, '')).not.toMatch(/[{}]/)
    }
    const last = template.body.at(-1)
    expect(typeof last === 'string' && last.length <= 112 && placesIn(last).length === 0).toBe(true)
  })

  it.each(kinds)('is drawn up from each of its examples, every word in its place: $of', async ({ procedure, kind, examples }) => {
    const fields = procedure.shown.documents![kind]!
    expect(examples.length).toBeGreaterThan(0)
    for (const [i, example] of examples.entries()) {
      expect(checkForm(fields, example)).toEqual({ form: example })
      expect(findUnreadable(fields, example)).toEqual([])
      const file = fileOf(procedure.policy.key, (procedure.forms.application.meta()!.examples as Facts[])[0]!)
      const { title, pdf } = await (await press.prepare(file, kind, example))(issued)
      const pages = await linesOf(pdf)
      const text = textOf(pages).replaceAll(' ', '')
      for (const said of [title, issued.number, issued.code, '2026年3月5日', '诸暨市公安局']) expect(text).toContain(said.replaceAll(' ', ''))
      expect(text).not.toMatch(/[{}]|undefined|null|\[object|\d{4}-\d\d-\d\d/)
      const to = process.env.ANXIN_SCREENSHOTS
      if (to) {
        mkdirSync(to, { recursive: true })
        writeFileSync(join(to, `${procedure.policy.key}-${kind}-${i + 1}.pdf`), pdf)
      }
    }
  })

  it.each(kinds)('is refused where a value is missing, instead of leaving a gap: $of', async ({ procedure, kind, examples, template }) => {
    const file = fileOf(procedure.policy.key, {})
    const used = Object.entries(examples[0]!).filter(([field, value]) => typeof value === 'string' && Object.values(textsOf(template)).some(text => text.includes('{')) && field !== undefined)
    const failures = await Promise.all(used.map(async ([field]) => {
      const { [field]: _, ...less } = examples[0]!
      return (await press.prepare(file, kind, less))(issued).then(() => null, (error: Error) => error.name)
    }))
    expect(failures).toContain('Unfilled')
    expect(failures.filter(failure => failure !== null && failure !== 'Unfilled')).toEqual([])
  })

  it.each(kinds)('tells who decides by name which characters cannot be printed, and lets those pass that can: $of', async ({ procedure, kind, examples: [example = {}], template }) => {
    const file = fileOf(procedure.policy.key, {})
    const [field] = Object.entries(example).find(([, value]) => typeof value === 'string' && /\p{Script=Han}/u.test(value))!
    await expect(press.check(file, kind, { ...example, [field]: '𠮷祥' })).rejects.toMatchObject({ code: 'bad-form', message: expect.stringContaining(`《${template.name}》印不出“𠮷”`) })
    await press.check(file, kind, { ...example, [field]: '㑇𬭁' })
  })
})
