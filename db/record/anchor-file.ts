/** Anchors as files. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Anchor } from './anchor.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const lines = z.record(z.string(), z.string())
const AnchorFile = z.strictObject({ until: z.iso.datetime(), cases: z.int(), events: z.int(), root: digest, seal: digest, heads: lines, logs: lines, kept: lines })

/** The anchor in a file; null where it is none. */
export function readAnchor(file: string): Anchor | null {
  try {
    return AnchorFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Whole or not at all. */
export function writeAnchor(file: string, anchor: Anchor): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(anchor, null, 1)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
