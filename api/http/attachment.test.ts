import { expect, it } from 'vitest'
import { attachment } from './attachment.ts'

it.each([
  ['报告.pdf', `attachment; filename="anxin.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`],
  ['案件列表 2026-03-01.xlsx', `attachment; filename="2026-03-01.xlsx"; filename*=UTF-8''%E6%A1%88%E4%BB%B6%E5%88%97%E8%A1%A8%202026-03-01.xlsx`],
  ['a.b (1).docx', `attachment; filename="a.b _1.docx"; filename*=UTF-8''a.b%20%281%29.docx`],
  [`x"; filename=evil.exe\r\nX: y'*.pdf`, `attachment; filename="x_ filename_evil.exe  X_ y.pdf"; filename*=UTF-8''x%22%3B%20filename%3Devil.exe%0D%0AX%3A%20y%27%2A.pdf`],
  ['材料', `attachment; filename="anxin"; filename*=UTF-8''%E6%9D%90%E6%96%99`],
])('a download called %j says so in full, and in plain letters for what reads no others', (name, header) => {
  expect(attachment(name)).toBe(header)
  expect(/filename\*=UTF-8''(.*)$/.exec(header)?.[1] ?? '').toMatch(/^[A-Za-z0-9!#$&+.^_`|~%-]+$/)
  expect(decodeURIComponent(/UTF-8''(.*)$/.exec(header)![1]!)).toBe(name)
})
