import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

it('openapi.json says what the routes say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'gen:openapi', '--check'], { cwd: root, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

it('openapi.json has a summary for every operation, and says who must be signed in', () => {
  const { paths } = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as { paths: Record<string, Record<string, { summary?: string, security?: unknown[] }>> }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { summary, security }] of Object.entries(operations)) {
      expect({ path, method, summary }).toEqual({ path, method, summary: expect.stringMatching(/\p{Script=Han}/u) })
      const isPublic = /^\/metrics$|^\/(health|callbacks|auth|verify|api\/dev)\/|^\/(api\/session|verify)$/.test(path)
      expect({ path, method, security }).toEqual({ path, method, security: isPublic ? undefined : [{ bearer: [] }] })
    }
  }
})
