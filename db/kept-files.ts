/** Files on disk, where they are not kept in the database. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps a file below `dir`, whole or not at all. */
export async function keep(dir: string, name: string, content: Buffer): Promise<void> {
  await mkdir(dir, { recursive: true })
  const draft = join(dir, `${name}.new`)
  await writeFile(draft, content, { mode: 0o600 })
  await rename(draft, join(dir, name))
}
