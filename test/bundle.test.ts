import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { WORKFLOWS } from '../workflows/bundle-options.ts'
import { PROCEDURES, workflowName } from '../workflows/catalogue.ts'
import * as workflows from '../workflows/index.ts'
import './quiet-temporal.ts'

const root = join(import.meta.dirname, '..')

/** Packages that the sandbox needs; every other one makes each start of a worker, and each case's memory, larger. */
const PACKAGES = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc']
/** Files of ours that belong outside: they bring zod, data files or the record. */
const OUTSIDE = /\/(forms|fields|check-forms|action-forms|procedure|catalogue|activities)\.ts$/

describe('the workflow bundle', () => {
  let packages: string[]
  let files: string[]
  beforeAll(async () => {
    const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS.workflowsPath, ...WORKFLOWS.bundlerOptions, logger: new DefaultLogger('WARN') })
    // webpack names every module in a comment before it, relative to the working directory.
    const modules = [...code.matchAll(/^ {2}!\*\*\* (\S+) \*\*\*!$/gm)].map(([, path]) => relative(root, join(process.cwd(), path!)))
    const packageOf = (path: string) => /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
    packages = [...new Set(modules.flatMap(path => packageOf(path) ?? []))].sort()
    files = modules.filter(path => packageOf(path) === undefined)
  })

  it('holds no package but what the sandbox needs', () => expect(packages).toEqual(PACKAGES))
  it('holds of ours only workflows, policies, the kit and the model', () => {
    expect(files).toContain('workflows/kit/case.ts')
    expect(files.filter(path => !/^(workflows|model)\//.test(path) || OUTSIDE.test(path))).toEqual([])
  })
  it('keeps no state in its modules, which all cases share', () => {
    const stateful = /^(export )?(let|var) |^(export )?const .*= new (Map|Set|Weak|Array)|^(export )?const \w+(: [^=]+)? = (\[\]|\{\})$/m
    expect(files.filter(path => path.endsWith('.ts') && stateful.test(readFileSync(join(root, path), 'utf8')))).toEqual([])
  })
})

describe('the procedures', () => {
  const folders = readdirSync(join(root, 'workflows'), { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name !== 'kit').map(entry => entry.name)

  it('have one folder, one line in the index and one in the catalogue each, under one name', () => {
    expect([...PROCEDURES.keys()].sort()).toEqual(folders.sort())
    expect(Object.keys(workflows).filter(name => !['deliverNotice', 'openRecurring', 'tellLater'].includes(name)).sort()).toEqual(folders.map(workflowName).sort())
  })
  it('number their cases apart', () => {
    const codes = [...PROCEDURES.values()].map(({ policy }) => policy.code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^[A-Z]{2,4}$/)
  })
})
