import { join } from 'node:path'
import { loadKey } from '../keys.ts'
import { mayBeRestricted } from '../workflows/catalogue.ts'
import type { Secrecy } from './payload-codec.ts'

/**
 * What is encrypted by these settings: with keys of the operator's, everything; without, with a key that is made and kept in the
 * data directory, what belongs to restricted cases.
 */
export async function secrecyOf({ payloadKeys, dataDir }: { payloadKeys: Buffer[] | undefined, dataDir: string }): Promise<Secrecy> {
  if (payloadKeys) return { keys: payloadKeys, covers: () => true }
  return ofRestricted(Buffer.from(await loadKey(join(dataDir, 'payload.key'))))
}

/** With this key, what belongs to restricted cases, or to none that is known. */
export const ofRestricted = (key: Buffer): Secrecy => ({ keys: [key], covers: workflowId => !isOrdinary(workflowId) })

/**
 * A workflow is called after its case, after the notice that it delivers (of that it holds the id, and text of ours where it fails), or
 * after the procedure of which it opens what recurs (of that it holds the key; a Schedule puts a time behind the id). Whatever else there may be is not ordinary.
 */
function isOrdinary(workflowId: string): boolean {
  return /^(notice|recurs)-/.test(workflowId) || mayBeRestricted(workflowId) === false
}
