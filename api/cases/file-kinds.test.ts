import { describe, expect, it } from 'vitest'
import { REFUSED, TAKEN } from '../../test/sample-files.ts'
import { FILE_KINDS, judgeFile } from './file-kinds.ts'
import { fileName } from './file-name.ts'

describe('a file is what its content says', () => {
  it.each(Object.entries(TAKEN))('%s is taken', (_, [content, type]) => expect(judgeFile(content)).toMatchObject({ kind: { type } }))
  it.each(Object.entries(REFUSED))('%s is not, with the reason', (_, [content, why]) => expect((judgeFile(content) as { why: string }).why).toMatch(why))
})

const [pdf, jpg] = ['pdf', 'jpg'].map(ending => FILE_KINDS.find(kind => kind.endings.includes(ending))!) as [typeof FILE_KINDS[number], typeof FILE_KINDS[number]]

it.each([
  ['营业执照.pdf', '营业执照.pdf'], ['营业执照.PDF', '营业执照.pdf'], ['报告 v1.2', '报告 v1.2.pdf'], ['报告 v1.2.pdf', '报告 v1.2.pdf'], ['(2026) 第3号.pdf', '(2026) 第3号.pdf'],
  ['setup.exe', 'setup.pdf'], ['x.svg', 'x.pdf'], ['a.pdf.js', 'a.pdf'], ['a.pdf.exe.scr', 'a.pdf'], ['setup.exe      .pdf', 'setup.pdf'], ['www.example.com', 'www.example.pdf'], ['合同.docx', '合同.pdf'],
  ['照片\u202egpj.exe', '照片gpj.pdf'], ['照\u200b片\ufeff.pdf', '照片.pdf'], ['甲\u0000乙\u001b.pdf', '甲乙.pdf'], ['甲\n乙.pdf', '甲 乙.pdf'], ['葛\u{e0100}.pdf', '葛\u{e0100}.pdf'],
  ['../../etc/passwd', 'passwd.pdf'], ['C:\\fakepath\\合同.pdf', '合同.pdf'], ['/', '材料.pdf'], ['..', '材料.pdf'], ['...pdf', '材料.pdf'], ['.htaccess', '材料.pdf'], ['\u200b.pdf', '材料.pdf'], ['   ', '材料.pdf'],
  ['CON.pdf', '文件 CON.pdf'], ['nul', '文件 nul.pdf'], ['LPT1.txt.pdf', '文件 LPT1.txt.pdf'], ['COM10.pdf', 'COM10.pdf'], ['contract.pdf', 'contract.pdf'],
  ['a<b>c:d"e|f?g*.pdf', 'a_b_c_d_e_f_g_.pdf'], ['甲乙. .pdf', '甲乙.pdf'], ['甲'.repeat(300), `${'甲'.repeat(66)}.pdf`],
])('a PDF that was called %j is kept as %j', (filed, kept) => expect(fileName(filed, pdf)).toBe(kept))

it('an ending of the kind is left, another one follows the content', () => {
  expect(['a.JPEG', 'a.jpg', 'a.png'].map(filed => fileName(filed, jpg))).toEqual(['a.jpeg', 'a.jpg', 'a.jpg'])
})

it('what is kept is kept the same when it is sent again', () => {
  for (const filed of ['setup.exe', 'a.pdf.js', '照片\u202egpj.exe', 'CON.pdf', '甲'.repeat(300), '..']) expect(fileName(fileName(filed, pdf), pdf)).toBe(fileName(filed, pdf))
})
