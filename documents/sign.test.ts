import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContentInfo, SignedData } from 'pkijs'
import { expect, it } from 'vitest'
import { createSigner, loadSigner, makeTestCredentials } from './sign.ts'
import { linesOf, samplePaper, textOf } from './testing.ts'
import { createTypeset } from './typeset.ts'

const at = new Date()
const pdf = createTypeset()(samplePaper({ parts: [{ p: '公'.repeat(900) }, { p: '特此决定。' }] }), at)
const credentials = await makeTestCredentials('示例市公安局')

/** As a reader of PDF files checks it: the bytes that the range names, against the signature in between. */
async function isValid(file: Buffer): Promise<boolean> {
  const [a, b, c, d] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+) *\]/.exec(file.toString('latin1'))!.slice(1).map(Number) as [number, number, number, number]
  if (a !== 0 || c + d !== file.length) return false
  const signed = new Uint8Array(Buffer.concat([file.subarray(0, b), file.subarray(c)]))
  const cms = Buffer.from(file.subarray(b + 1, c - 1).toString('latin1'), 'hex')
  const data = new SignedData({ schema: ContentInfo.fromBER(new Uint8Array(cms)).content })
  const { signatureVerified } = await data.verify({ signer: 0, data: signed.buffer, extendedMode: true }).catch(() => ({ signatureVerified: false }))
  return signatureVerified === true
}

it('a document is signed by PAdES over all its bytes; what was set stays as it was, and one byte changed is found', async () => {
  const signer = await createSigner(credentials)
  const file = await signer.sign(pdf, at)
  expect(file.subarray(0, pdf.length).equals(pdf)).toBe(true)
  expect(file.toString('latin1')).toContain('/SubFilter /ETSI.CAdES.detached')
  expect(await isValid(file)).toBe(true)
  expect(textOf(await linesOf(file))).toBe(textOf(await linesOf(pdf)))
  for (const place of [100, pdf.length - 10, file.length - 30]) {
    const changed = Buffer.from(file)
    changed[place]! ^= 1
    expect(await isValid(changed), String(place)).toBe(false)
  }
  expect((await signer.sign(pdf, at)).equals(file), 'the same bytes again').toBe(true)
})

it('a certificate that is not valid yet or any more signs nothing, and says until when it was', async () => {
  const signer = await createSigner(await makeTestCredentials('示例市公安局', 30))
  expect(signer.why(at)).toBeUndefined()
  expect(signer.why(new Date(at.getTime() + 31 * 86_400_000))).toMatch(/签名证书已于 \d{4}年\d+月\d+日 \d\d:\d\d 过期.*更换证书/)
  expect(signer.why(new Date(0))).toContain('起才有效')
})

it('a key of another certificate, or of a kind that cannot sign, is refused at the start', async () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await expect(createSigner({ ...credentials, key })).rejects.toThrow('not that of its key')
  await expect(createSigner({ ...credentials, key: (await makeTestCredentials('另一个')).key })).rejects.toThrow('not that of its key')
  await expect(createSigner({ ...credentials, certificate: 'none' })).rejects.toThrow('not that of its key')
})

it('without a certificate one is made for trying out, once, and says so', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'signing-'))
  try {
    const path = join(dir, 'test-signing.json')
    const [first, again] = [await loadSigner(undefined, '示例市公安局', path), await loadSigner(undefined, '示例市公安局', path)]
    expect([first.isTest, (await createSigner({ certificate: credentials.certificate, key: credentials.key })).isTest]).toEqual([true, false])
    expect((await first.sign(pdf, at)).equals(await again.sign(pdf, at))).toBe(true)
  } finally {
    rmSync(dir, { recursive: true })
  }
})
