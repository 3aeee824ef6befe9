/** Rendered pages as tests read them: what stands where, in millimetres from the upper left corner of the paper. */
import { getDocumentProxy } from 'unpdf'
import type { Paper } from './paper.ts'
import { createSigner, makeTestCredentials, type Signer } from './sign.ts'

/** A line of text on a page: its left and right edge, its baseline, the size of its type in points. */
export interface Line { text: string, left: number, right: number, base: number, size: number }

const MM = 25.4 / 72

/** The lines of each page, from top to bottom; what is far apart on one line is several. */
export async function linesOf(pdf: Buffer): Promise<Line[][]> {
  const proxy = await getDocumentProxy(new Uint8Array(pdf))
  return Promise.all(Array.from({ length: proxy.numPages }, async (_, i) => {
    const page = await proxy.getPage(i + 1)
    const [, , width, height] = page.view as [number, number, number, number]
    if (Math.abs(width * MM - 210) > 0.1 || Math.abs(height * MM - 297) > 0.1) throw new Error(`not A4: ${width} × ${height}`)
    const { items } = await page.getTextContent()
    const lines: Line[] = []
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue
      const [size, , , , x, y] = item.transform as [number, number, number, number, number, number]
      const [left, base] = [x * MM, (height - y) * MM]
      const right = left + item.width * MM
      const last = lines.find(line => Math.abs(line.base - base) < 0.3 && left - line.right < 8 && left >= line.left)
      if (last) Object.assign(last, { text: last.text + item.str, right: Math.max(last.right, right) })
      else lines.push({ text: item.str, left, right, base, size })
    }
    return lines.sort((a, b) => a.base - b.base || a.left - b.left)
  }))
}

/** The text of a document without its breaks. */
export const textOf = (pages: Line[][]): string => pages.flat().map(({ text }) => text).join('')

let signer: Promise<Signer> | undefined
/** A test certificate, made once. */
export const testSigner = (): Promise<Signer> => signer ??= makeTestCredentials('示例市公安局').then(createSigner)

/** A paper; `fields` replaces what matters to the test. */
export const samplePaper = (fields: Partial<Paper> = {}): Paper => ({
  form: 'ordinary', office: '示例市公安局', mark: '示例市公安局文件', number: '示公〔2026〕12号', title: '关于示例事项的决定', to: '示例制造有限公司', parts: [{ p: '特此决定。' }], annexes: [],
  signer: '示例市公安局', date: '2026年3月5日', remark: null, copies: null, marked: null, proof: null, ...fields,
})
