import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const namesIn = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name]) => name!))

const settings = namesIn(read('../config.ts'), /^ {4}([A-Z][A-Z0-9_]+): /gm)

test('the table of settings names every setting, and nothing else', () => {
  const table = read('operations.md').split('\n## ').find(section => section.startsWith('Settings'))!
  expect(settings.size).toBeGreaterThan(20)
  expect(namesIn(table, /^\| `([A-Z0-9_]+)`/gm)).toEqual(settings)
})

test('Compose gives worker and API only settings that there are', () => {
  const compose = read('../docker-compose.yml')
  const given = namesIn(compose.slice(compose.indexOf('x-anxin:'), compose.indexOf('\nservices:')) + compose.slice(compose.indexOf('\n  prepare:')), /^ {4,6}([A-Z][A-Z0-9_]+): /gm)
  expect(given.size).toBeGreaterThan(10)
  expect([...given].filter(name => !settings.has(name))).toEqual([])
})
