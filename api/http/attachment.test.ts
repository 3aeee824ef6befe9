import { expect, it } from 'vitest'
import { attachment } from './attachment.ts'

it.each(['报告.pdf', '案件列表 2026-03-01.xlsx', 'a.b (1).docx', `x"; filename=evil.exe\r\nX: y'*.pdf`, '材料'])('a download called %j says so in full, and in plain letters for what reads no others', (name) => {
  const [, plain = '', full = ''] = /^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''(.*)$/.exec(attachment(name)) ?? []
  expect(plain).toMatch(/^[^"\\;%]+$/)
  expect(full).toMatch(/^[A-Za-z0-9!#$&+.^_`|~%-]+$/)
  expect(decodeURIComponent(full)).toBe(name)
  if (/\.\w+$/.test(name)) expect(plain.endsWith(name.slice(name.lastIndexOf('.')))).toBe(true)
})
