import { expect, it } from 'vitest'
import { emptyWhy, FILE_KINDS, FILE_RULES, judgeFile, maxFileBytes, unknownWhy } from '../../../api/cases/file-kinds.ts'
import { pdf, REFUSED, TAKEN } from '../../../test/sample-files.ts'
import { faultOf } from './file-rules.ts'

/** As a page gets them. */
const rules = JSON.parse(JSON.stringify({ maxBytes: maxFileBytes, maxPerCase: 50, emptyWhy, unknownWhy, kinds: FILE_KINDS, rules: FILE_RULES }))
const faultIn = (content: Buffer) => faultOf(new File([new Uint8Array(content)], 'x'), rules)
const files = Object.entries({ ...TAKEN, ...REFUSED }).map(([what, [content]]) => ({ what, content }))

it.each(files)('$what is judged on the page as by the API, also when it is cut off anywhere', async ({ content }) => {
  for (let length = content.length; length >= 0; length -= 7) {
    const judged = judgeFile(content.subarray(0, length))
    expect(await faultIn(content.subarray(0, length)), `${length} bytes`).toBe('why' in judged ? judged.why : undefined)
  }
})

it('a file that is too large is told how large it is and may be', async () => {
  expect(await faultIn(Buffer.alloc(maxFileBytes + 1_000_000))).toBe('21.0 MB，超过每份 20 MB 的上限。')
  expect(await faultIn(Buffer.concat([pdf, Buffer.alloc(maxFileBytes - pdf.length)]))).toBeUndefined()
})
