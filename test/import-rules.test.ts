import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** file, import statement, and whether the rules of .oxlintrc.json let it pass */
const cases: [file: string, statement: string, allowed: boolean][] = [
  ['workflows/x/policy.ts', `import type { A } from '../../model/policy.ts'`, true],
  ['workflows/x/policy.ts', `import { A } from '../../model/policy.ts'`, false],
  ['workflows/x/policy.ts', `import type { A } from '../kit/types.ts'`, false],
  ['workflows/x/policy.ts', `import { A } from './forms.ts'`, false],
  ['workflows/x/policy.ts', `import { A } from 'zod'`, false],
  ['workflows/x/policy.ts', `import type { A } from '../../model/events.ts'`, false],

  ['workflows/x/forms.ts', `import { A } from 'zod'`, true],
  ['workflows/x/forms.ts', `import { A } from '../kit/fields.ts'`, true],
  ['workflows/x/forms.ts', `import A from '../../data/a.json' with { type: 'json' }`, true],
  ['workflows/x/forms.ts', `import { A } from '../../model/text.ts'`, true],
  ['workflows/x/forms.ts', `import { A } from '../../model/state.ts'`, false],
  ['workflows/x/forms.ts', `import { A } from './workflow.ts'`, false],
  ['workflows/x/forms.ts', `import { A } from '@temporalio/workflow'`, false],
  ['workflows/x/forms.ts', `import { A } from '../../db/record/cases.ts'`, false],
  ['workflows/x/forms.ts', `import { A } from 'node:fs'`, false],
  ['workflows/kit/fields.ts', `import { A } from 'pg'`, false],

  ['documents/x.ts', `import { A } from '../db/directory/directory.ts'`, true],
  ['documents/x.ts', `import { A } from '../api/app.ts'`, false],
  ['documents/x.ts', `import { A } from '../workflows/kit/case.ts'`, false],

  ['workflows/x/workflow.ts', `import { A } from '@temporalio/workflow'`, true],
  ['workflows/x/workflow.ts', `import { A } from './policy.ts'`, true],
  ['workflows/x/workflow.ts', `import { A } from '../kit/case.ts'`, true],
  ['workflows/x/workflow.ts', `import type { A } from './forms.ts'`, true],
  ['workflows/x/workflow.ts', `import type { A } from '../../activities/index.ts'`, true],
  ['workflows/x/workflow.ts', `import { A } from './forms.ts'`, false],
  ['workflows/x/workflow.ts', `import { A } from '../../activities/index.ts'`, false],
  ['workflows/x/workflow.ts', `import { A } from '../y/workflow.ts'`, false],
  ['workflows/x/workflow.ts', `import { A } from '../kit/fields.ts'`, false],
  ['workflows/x/workflow.ts', `import { A } from 'zod'`, false],
  ['workflows/x/workflow.ts', `import type { A } from '../../db/schema.ts'`, false],
  ['workflows/x/procedure.ts', `import type { A } from '../../db/record/record.ts'`, false],
  ['workflows/x/procedure.ts', `import { A } from '../../model/state.ts'`, true],
  ['workflows/catalogue.ts', `import type { A } from '../db/record/record.ts'`, false],
  ['workflows/kit/case.ts', `import { A } from './ladder.ts'`, true],
  ['workflows/kit/case.ts', `import { A } from '../../model/actions.ts'`, true],
  ['workflows/kit/fields.ts', `import type { A } from '../../db/schema.ts'`, false],
  ['workflows/kit/case.ts', `import { A } from './fields.ts'`, false],
  ['workflows/kit/case.ts', `import { A } from 'drizzle-orm/pg-core'`, false],
  ['workflows/index.ts', `export * from './x/workflow.ts'`, true],
  ['workflows/index.ts', `export * from './x/forms.ts'`, false],
  ['workflows/index.ts', `import { A } from './catalogue.ts'`, false],

  ['activities/a.ts', `import { A } from '../db/record/record.ts'`, true],
  ['activities/a.ts', `import { A } from '../workflows/catalogue.ts'`, true],
  ['activities/a.ts', `import { A } from '../model/actions.ts'`, true],
  ['activities/a.ts', `import { A } from '@temporalio/client'`, false],
  ['activities/a.ts', `import { A } from '../workflows/x/workflow.ts'`, false],
  ['activities/notifiers/a.ts', `import { A } from '../../api/app.ts'`, false],

  ['api/a.ts', `import { A } from '@temporalio/client'`, true],
  ['api/a.ts', `import { A } from '../db/record/allocation.ts'`, true],
  ['api/a.ts', `import type { A } from '../workflows/x/workflow.ts'`, true],
  ['api/routes/a.ts', `import { A } from '../../activities/index.ts'`, false],
  ['api/a.ts', `import { A } from '../workflows/x/workflow.ts'`, false],
  ['api/a.ts', `import { A } from '@temporalio/worker'`, false],

  ['engine/a.ts', `import { A } from '@temporalio/client'`, true],
  ['engine/a.ts', `import { A } from '../db/record/record.ts'`, true],
  ['engine/a.ts', `import { A } from '../workflows/kit/updates.ts'`, true],
  ['engine/a.ts', `import { A } from '../workflows/kit/case.ts'`, false],
  ['engine/a.ts', `import { A } from '@temporalio/worker'`, false],
  ['engine/a.ts', `import { A } from '../api/temporal.ts'`, false],
  ['api/a.ts', `import { A } from '../engine/start.ts'`, true],
  ['activities/a.ts', `import { A } from '../engine/start.ts'`, false],
  ['db/a.ts', `import { A } from '../engine/start.ts'`, false],

  ['db/a.ts', `import { A } from 'drizzle-orm'`, true],
  ['db/a.ts', `import { A } from '../model/actions.ts'`, true],
  ['db/a.ts', `import type { A } from '../workflows/kit/types.ts'`, false],
  ['db/record/a.ts', `import { A } from '../../workflows/catalogue.ts'`, false],
  ['db/a.ts', `import { A } from '@temporalio/client'`, false],
  ['db/a.ts', `import { A } from '../api/app.ts'`, false],
  ['db/seed/a.ts', `import { A } from '../../activities/index.ts'`, false],

  ['clock/a.ts', `import { A } from 'temporal-polyfill'`, true],
  ['clock/a.ts', `import { A } from '../db/connect.ts'`, false],

  ['model/a.ts', `import { A } from '../clock/types.ts'`, true],
  ['model/a.ts', `import type { A } from '../db/schema.ts'`, false],
  ['model/a.ts', `import type { A } from '../workflows/kit/types.ts'`, false],
  ['model/a.ts', `import { A } from 'zod'`, false],

  ['web/src/a.ts', `import { A } from './api/client.ts'`, true],
  ['web/src/pages/a.tsx', `import { A } from '../../../model/actions.ts'`, false],
  ['web/src/pages/a.tsx', `import type { A } from '../../../model/person.ts'`, false],
  ['web/src/pages/a.tsx', `import { A } from 'zod'`, false],
]

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'anxin-import-rules-'))
let refused: Set<string>

// One file per case, its number in a folder of its own: `0/workflows/x/policy.ts` would not meet the rules' patterns,
// so the rules are copied beside each.
beforeAll(() => {
  cases.forEach(([file, statement], index) => {
    const path = join(scratch, String(index), file)
    mkdirSync(dirname(path), { recursive: true })
    copyFileSync(join(root, '.oxlintrc.json'), join(scratch, String(index), '.oxlintrc.json'))
    writeFileSync(path, statement.startsWith('export') ? statement : `${statement}\nexport type B = typeof A\n`)
  })
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=json', '.'], { cwd: scratch, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
  refused = new Set(diagnostics.filter(({ code }) => code.includes('no-restricted-imports')).map(({ filename }) => filename))
})
afterAll(() => rmSync(scratch, { recursive: true }))

describe('the import rules', () => {
  test.each(cases.map((item, index) => [...item, index] as const))('in %s: %s → %s', (file, _statement, allowed, index) => {
    expect(refused.has(`${index}/${file}`)).toBe(!allowed)
  })
})
