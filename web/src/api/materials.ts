/** Files of a case: what may be sent, and the sending. */
import { send } from './client.ts'
import { newKey } from './key.ts'

/** The same file chosen once is sent under one key, however often it is tried. */
const keys = new WeakMap<File, string>()

/** Adds a file to a case; tried again, it is added once. `to`: an officer gives it to the enterprise; else it is for officers. */
export async function uploadMaterial(caseNo: string, file: File, to?: 'applicant'): Promise<void> {
  const key = keys.get(file) ?? newKey()
  keys.set(file, key)
  await send(new Request(`/api/cases/${caseNo}/materials${to ? `?to=${to}` : ''}`, {
    method: 'POST', body: file,
    headers: { 'content-type': 'application/octet-stream', 'idempotency-key': key, 'x-file-name': encodeURIComponent(file.name) },
  }))
}

export const addressOf = (caseNo: string, id: string): string => `/api/cases/${caseNo}/materials/${id}`

/** 1.2 MB, 340 KB. */
export const sizeText = (bytes: number): string => bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`
