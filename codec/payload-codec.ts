/**
 * Keeps what Temporal stores unreadable to whoever runs it: every payload (applications, forms, results, summaries,
 * details of failures) is encrypted before it leaves the process. Search attributes never are: they hold no content.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { METADATA_ENCODING_KEY, ValueError, type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1
const ENCODING = Buffer.from('binary/encrypted')
const CIPHER = 'aes-256-gcm'
/** NIST SP 800-38D 8.2: 96 bits, here at random. */
const IV_BYTES = 12
const TAG_BYTES = 16

/** The converter for the Temporal client and the worker; without a key payloads stay in clear. */
export function dataConverterFor(key?: Buffer): DataConverter {
  if (!key) return {}
  return {
    payloadCodecs: [createPayloadCodec(key)],
    failureConverterPath: fileURLToPath(new URL('failure-converter.cjs', import.meta.url)),
  }
}

/**
 * AES-256-GCM with a fresh initialisation vector per payload; what is stored is vector, ciphertext and tag. Payloads
 * that are in clear are read as they are, so that a key can be introduced while cases are open.
 *
 * Decoding throws `ValueError` for another key and for a payload that was tampered with.
 * @param key 32 bytes
 */
export function createPayloadCodec(key: Buffer): PayloadCodec {
  return {
    encode: async payloads => payloads.map(payload => encrypt(payload, key)),
    decode: async payloads => payloads.map(payload => isEncrypted(payload) ? decrypt(payload, key) : payload),
  }
}

const isEncrypted = ({ metadata }: Payload): boolean => ENCODING.equals(metadata?.[METADATA_ENCODING_KEY] ?? new Uint8Array())

function encrypt(payload: Payload, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv)
  const data = Buffer.concat([iv, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final(), cipher.getAuthTag()])
  return { metadata: { [METADATA_ENCODING_KEY]: ENCODING }, data }
}

function decrypt({ data }: Payload, key: Buffer): Payload {
  const stored = Buffer.from(data ?? [])
  try {
    const decipher = createDecipheriv(CIPHER, key, stored.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAuthTag(stored.subarray(-TAG_BYTES))
    return PayloadMessage.decode(Buffer.concat([decipher.update(stored.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]))
  } catch (cause) {
    throw new ValueError('a payload was encrypted with another key, or tampered with', cause)
  }
}
