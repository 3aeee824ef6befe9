import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { isStale } from './workbench.ts'

const web = mkdtempSync(join(tmpdir(), 'anxin-web-'))
afterAll(() => rmSync(web, { recursive: true }))

/** Writes a file as of a number of seconds, and its folders. */
function write(path: string, at: number): void {
  mkdirSync(dirname(join(web, path)), { recursive: true })
  writeFileSync(join(web, path), '')
  for (let changed = path; changed !== '.'; changed = dirname(changed)) utimesSync(join(web, changed), at, at)
}
beforeEach(() => {
  rmSync(web, { recursive: true })
  for (const path of ['src/pages/inbox/inbox.tsx', 'public/favicon.svg', 'index.html', 'vite.config.ts', 'package.json']) write(path, 1000)
})

test('a workbench that was never built is to be built', () => {
  expect(isStale(web)).toBe(true)
})

test.each(['src/pages/inbox/inbox.tsx', 'src/pages/new.tsx', 'public/favicon.svg', 'index.html', 'package.json'])('it is to be built anew when %s is newer', (path) => {
  write('dist/index.html', 2000)
  expect(isStale(web)).toBe(false)
  write(path, 3000)
  expect(isStale(web)).toBe(true)
})
