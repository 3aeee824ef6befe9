import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * The 32 random bytes of a key file, which only its owner may read; made when it is not there, whole or not at all, and once
 * where several processes ask at the same moment.
 */
export const loadKey = async (path: string): Promise<Uint8Array> => new Uint8Array(await keepOnce(path, async () => randomBytes(32)))

/** The same for whatever else only its owner may read. */
export async function keepOnce(path: string, make: () => Promise<string | Buffer>): Promise<Buffer> {
  const found = await readFile(path).catch(() => undefined)
  if (found) return found
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  await writeFile(draft, await make(), { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  } finally {
    await rm(draft)
  }
  return readFile(path)
}
