import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * The 32 random bytes of a key file, which only its owner may read; made when it is not there, whole or not at all, and once
 * where several processes ask at the same moment.
 */
export async function loadKey(path: string): Promise<Uint8Array> {
  const found = await readFile(path).catch(() => undefined)
  if (found) return new Uint8Array(found)
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  await writeFile(draft, randomBytes(32), { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  } finally {
    await rm(draft)
  }
  return new Uint8Array(await readFile(path))
}
