import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, samplePaper, textOf, type Line } from './testing.ts'
import type { Paper } from './paper.ts'
import { createTypeset } from './typeset.ts'

const typeset = createTypeset()
const at = new Date('2026-03-05T09:00:00+08:00')
const set = (fields: Partial<Paper> = {}) => linesOf(typeset(samplePaper(fields), at))
const han = (n: number) => '公'.repeat(n)
const body = (lines: Line[]) => lines.filter(({ text, size }) => size > 15.9 && size < 16.1 && /^公+$/.test(text))
/** Where the type area lies on the paper, in millimetres (GB/T 9704—2012 5.2.1). */
const AREA = { left: 28, right: 210 - 26, top: 37, bottom: 297 - 35 }
const FORMS: Paper['form'][] = ['ordinary', 'letter', 'order']
/** From the baseline to the upper edge of a character, as a share of its size. */
const RISE = 0.88 * 25.4 / 72

describe('a page of GB/T 9704—2012', () => {
  it.each(FORMS)('has 22 lines of 28 characters of 3号 in a type area of 156 × 225 mm: %s', async (form) => {
    const pages = await set({ form, parts: [{ p: han(28 * 60) }] })
    const full = body(pages[1]!)
    expect(full).toHaveLength(22)
    expect(new Set(full.map(({ text }) => text.length))).toEqual(new Set([28]))
    for (const { left, right } of full) {
      expect(left).toBeCloseTo(AREA.left, 0)
      expect(right - AREA.right).toBeLessThan(0.3)
      expect(right).toBeCloseTo(AREA.right, 0)
    }
    const [first, last] = [full[0]!, full.at(-1)!]
    expect(first.base - 16 * RISE).toBeCloseTo(AREA.top, 0)
    expect(last.base).toBeLessThan(AREA.bottom)
    for (const [i, { base }] of full.slice(1).entries()) expect(base - full[i]!.base).toBeCloseTo(225 / 22, 1)
  })

  it.each(FORMS)('begins a paragraph two characters in, and the addressee with none: %s', async (form) => {
    const [page] = await set({ form, parts: [{ p: han(60) }] })
    const [first, second] = body(page!)
    expect(first!.left).toBeCloseTo(AREA.left + 2 * 156 / 28, 0)
    expect(second!.left).toBeCloseTo(AREA.left, 0)
    expect(page!.find(({ text }) => text.startsWith('示例制造有限公司'))!.left).toBeCloseTo(AREA.left, 0)
  })

  it('has its number below the type area on the outer side, in 4号 between dashes, one character in; a letter none on its first', async () => {
    const numbers = async (form: Paper['form']) => (await set({ form, parts: [{ p: han(28 * 60) }] })).map(lines => lines.find(({ text }) => /^— *\d+ *—$/.test(text)))
    const [odd, even] = await numbers('ordinary')
    expect([odd!.text, even!.text].map(text => text.replaceAll(' ', ''))).toEqual(['—1—', '—2—'])
    expect(odd!.size).toBeCloseTo(14, 1)
    expect(Math.abs(odd!.right - (AREA.right - 14 * 25.4 / 72))).toBeLessThan(1)
    expect(Math.abs(even!.left - (AREA.left + 14 * 25.4 / 72))).toBeLessThan(1)
    expect(odd!.base - 14 * RISE - AREA.bottom).toBeCloseTo(7, 0)
    const [first, ...others] = await numbers('letter')
    expect([first === undefined, others.every(found => found !== undefined)]).toEqual([true, true])
  })

  it('has the red head, number, line and title where its form has them', async () => {
    const found = async (form: Paper['form'], mark: string) => {
      const [page] = await set({ form, mark, parts: [{ p: han(10) }] })
      const by = (text: string) => page!.find(line => line.text === text)!
      return { mark: by(mark), number: by('示公〔2026〕12号'), title: by('关于示例事项的决定') }
    }
    const ordinary = await found('ordinary', '示例市公安局文件')
    // 7.2.4: 35 mm from the upper edge of the type area.
    expect(ordinary.mark.base - ordinary.mark.size * RISE - AREA.top).toBeCloseTo(35, 0)
    expect((ordinary.mark.left + ordinary.mark.right) / 2).toBeCloseTo((AREA.left + AREA.right) / 2, 0)
    // 7.2.5: two lines empty below it.
    expect(ordinary.number.base - 16 * RISE - (ordinary.mark.base + ordinary.mark.size * 0.12 * 25.4 / 72)).toBeCloseTo(3 * 225 / 22 - 16 * 25.4 / 72, 0)
    expect(ordinary.title.size).toBeCloseTo(22, 1)
    const letter = await found('letter', '示例市公安局')
    expect(letter.mark.base - letter.mark.size * RISE).toBeCloseTo(30, 0)
    expect(letter.number.right).toBeCloseTo(AREA.right, 0)
    const order = await found('order', '示例市公安局令')
    expect(order.mark.base - order.mark.size * RISE - AREA.top).toBeCloseTo(20, 0)
    expect(order.title).toBeUndefined()
  })

  it('is signed at the right: the date four characters in, the office centred above it, never on a page without text', async () => {
    for (const lines of [5, 8, 9, 10, 11, 12, 33]) {
      const pages = await set({ parts: [{ p: han(28 * lines) }, { p: '特此决定。' }], copies: '示例中心' })
      const page = pages.at(-1)!
      const date = page.find(({ text, size }) => text === '2026年3月5日' && size > 15)!
      const signer = page.find(({ text, base, size }) => text === '示例市公安局' && base < date.base && size > 15)!
      expect(date.right).toBeCloseTo(AREA.right - 4 * 156 / 28, 0)
      expect((signer.left + signer.right) / 2).toBeCloseTo((date.left + date.right) / 2, 0)
      expect(page.some(({ text }) => text === '特此决定。')).toBe(true)
      expect(page.find(({ text }) => text.startsWith('抄送：'))!.base).toBeLessThan(AREA.bottom)
    }
  })
})

describe('what is set', () => {
  it('comes to the same bytes, also by another compiler; at another instant to others', () => {
    const hash = (run: typeof typeset, when: Date) => createHash('sha256').update(run(samplePaper({ parts: [{ p: han(900) }] }), when)).digest('hex')
    const first = hash(typeset, at)
    expect([hash(typeset, at), hash(createTypeset(), at)]).toEqual([first, first])
    expect(hash(typeset, new Date(at.getTime() + 1000))).not.toBe(first)
  })

  it('says that it is PDF/A-2b, with every font in it', () => {
    const pdf = typeset(samplePaper(), at).toString('latin1')
    expect(pdf).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(pdf).toContain('<pdfaid:conformance>B</pdfaid:conformance>')
  })

  it('has rare characters that the font has, and refuses by name those that it lacks', async () => {
    expect(textOf(await set({ to: '㑇𬭁有限公司' }))).toContain('㑇𬭁有限公司')
    expect(() => typeset(samplePaper({ to: '𠮷祥𠮷', parts: [{ p: '甲𮯠乙' }] }), at)).toThrow(expect.objectContaining({ name: 'Unprintable', characters: ['𠮷', '𮯠'] }))
    expect(() => typeset(samplePaper({ to: '“\u{20bb7}”"' }), at)).toThrow(expect.objectContaining({ characters: ['𠮷'] }))
  })

  it('takes text as text: marks of the layout’s language stand as they are', async () => {
    const odd = '#let x = 1 *粗* _斜_ $a$ @b <c> `d` \\ {e} [f] // g'
    expect(textOf(await set({ to: odd })).replaceAll(' ', '')).toContain(odd.replaceAll(' ', ''))
  })

  it('holds a name of 200 characters, and a table of 500 rows with its head on every page', async () => {
    const name = '名'.repeat(200)
    const pages = await set({ to: name, title: `关于${name}的决定`, parts: [{ table: { titles: ['品名', '数量'], widths: [2, 1], rows: Array.from({ length: 500 }, (_, i) => [`品种${i + 1}`, String(i)]) } }, { p: '特此决定。' }] })
    expect(textOf(pages).match(/名/g)!.length).toBeGreaterThan(400)
    const tables = pages.filter(lines => lines.some(({ text }) => /^品种\d+$/.test(text)))
    expect(tables.length).toBeGreaterThan(10)
    for (const lines of tables) expect(lines.some(({ text }) => text === '品名')).toBe(true)
    expect(pages.flat().filter(({ text }) => /^品种\d+$/.test(text))).toHaveLength(500)
  })

  it('is refused where an office names a font that is not there, or a file that is none', () => {
    const dir = mkdtempSync(join(tmpdir(), 'fonts-'))
    try {
      expect(() => createTypeset({ dir, body: ['仿宋_GB2312'], title: [] })).toThrow('unknown font family')
      writeFileSync(join(dir, 'broken.ttf'), 'no font')
      expect(() => createTypeset({ dir, body: ['仿宋_GB2312'], title: [] })).toThrow('unknown font family')
      expect(createTypeset({ dir, body: [], title: [] })(samplePaper(), at).length).toBeGreaterThan(1000)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
