/** A paper as a Word file: an editable draft in the layout's main measures, without number, code and signature. */
import { AlignmentType, convertMillimetersToTwip as mm, Document, Packer, Paragraph, Table, TableCell, TableRow, TextRun, WidthType } from 'docx'
import type { Paper } from './paper.ts'

/** Half points: 3号, 2号, 小四. */
const [BODY, TITLE, CELL] = [32, 44, 24]
/** 22 lines in 225 mm, in twentieths of a point. */
const LINE = Math.round(mm(225) / 22)

const text = (text: string, size = BODY, bold = false) => new TextRun({ text, size, bold, font: { eastAsia: '仿宋', ascii: 'Times New Roman', hAnsi: 'Times New Roman' } })
const paragraph = (words: string, { size = BODY, bold = false, alignment = AlignmentType.JUSTIFIED as (typeof AlignmentType)[keyof typeof AlignmentType], indented = false } = {}) =>
  new Paragraph({ children: [text(words, size, bold)], alignment, spacing: { line: LINE, lineRule: 'exact' }, ...(indented && { indent: { firstLine: BODY * 20 } }) })

/** The draft of a paper. */
export function draftOf({ title, to, parts, annexes, signer, date, remark, copies }: Paper): Promise<Buffer> {
  const right = { alignment: AlignmentType.RIGHT }
  return Packer.toBuffer(new Document({
    sections: [{
      properties: { page: { size: { width: mm(210), height: mm(297) }, margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26) } } },
      children: [
        paragraph(title, { size: TITLE, bold: true, alignment: AlignmentType.CENTER }), paragraph(''),
        ...to === null ? [] : [paragraph(`${to}：`)],
        ...parts.map(part => 'p' in part ? paragraph(part.p, { indented: true }) : 'heading' in part ? paragraph(part.heading, { indented: true, bold: true }) : new Table({
          width: { size: 100, type: WidthType.PERCENTAGE },
          rows: [part.table.titles, ...part.table.rows].map((row, i) => new TableRow({ tableHeader: i === 0, children: row.map(cell => new TableCell({ children: [paragraph(cell, { size: CELL, bold: i === 0, alignment: AlignmentType.CENTER })] })) })),
        })),
        ...annexes.map((annex, i) => paragraph(`${i === 0 ? '附件：' : ''}${annexes.length > 1 ? `${i + 1}. ` : ''}${annex}`, { indented: true })),
        paragraph(''), paragraph(''), paragraph(signer, right), paragraph(date, right),
        ...remark === null ? [] : [paragraph(`（${remark}）`, { indented: true })],
        ...copies === null ? [] : [paragraph(`抄送：${copies}。`)],
      ],
    }],
  }))
}
