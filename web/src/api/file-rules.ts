/** Whether a file will be taken, by the API's own rules (`GET /api/materials/rules`), as soon as it is chosen. */
import type { Schemas } from './client.ts'

type FileRules = Schemas['FileRules']

/** Why the file is not taken, as a sentence; undefined where it is. */
export async function faultOf(file: File, { maxBytes, kinds, rules, emptyWhy, unknownWhy }: FileRules): Promise<string | undefined> {
  if (file.size === 0) return emptyWhy
  if (file.size > maxBytes) return `${mb(file.size, 1)} MB，超过每份 ${mb(maxBytes)} MB 的上限。`
  const content = new Uint8Array(await file.arrayBuffer())
  const isZip = startsAt(content, [0x50, 0x4b, 0x03, 0x04], 0)
  const names = isZip ? namesInZip(content) : undefined
  const found = rules.find(({ bytes, at, within, holds, broken }) => {
    const mark = bytes.match(/../g)!.map(byte => Number.parseInt(byte, 16))
    if (within === null ? !startsAt(content, mark, at) : !someAt(content, mark, within)) return false
    if (broken) return isZip && names === undefined
    return holds === null || (names ?? new TextDecoder('utf-16le').decode(content)).includes(holds)
  })
  return kinds.some(({ type }) => type === found?.type) ? undefined : found?.why ?? unknownWhy
}

const mb = (bytes: number, digits = 0): string => (bytes / 1024 / 1024).toFixed(digits)

const startsAt = (content: Uint8Array, mark: number[], at: number): boolean => mark.every((byte, i) => content[at + i] === byte)

function someAt(content: Uint8Array, mark: number[], within: number): boolean {
  for (let at = 0; at <= within; at++) if (startsAt(content, mark, at)) return true
  return false
}

/** The names in a ZIP file's directory, a line break before and after each; undefined where it cannot be read. */
function namesInZip(content: Uint8Array): string | undefined {
  const view = new DataView(content.buffer)
  let end = content.length - 22
  while (end >= 0 && !startsAt(content, [0x50, 0x4b, 0x05, 0x06], end)) end--
  if (end < 0) return undefined
  let at = view.getUint32(end + 16, true)
  let names = '\n'
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) return undefined
    const length = view.getUint16(at + 28, true)
    names += `${String.fromCharCode(...content.subarray(at + 46, at + 46 + length))}\n`
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return names
}
