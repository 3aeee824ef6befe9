/**
 * Keeps what Temporal stores unreadable to whoever runs it: payloads (applications, forms, results, summaries, details of
 * failures) are encrypted before they leave the process. Search attributes never are: they hold no content.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { METADATA_ENCODING_KEY, ValueError, type DataConverter, type Payload, type PayloadCodec, type SerializationContext } from '@temporalio/common'
import proto from '@temporalio/proto'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1
const ENCODING = 'binary/encrypted'
const CIPHER = 'aes-256-gcm'
/** NIST SP 800-38D 8.2: 96 bits, here at random. */
const IV_BYTES = 12
const TAG_BYTES = 16

/** With what payloads are encrypted, and which. */
export interface Secrecy {
  /** 32 bytes each. The first encrypts, all decrypt: so one is replaced by another. */
  keys: Buffer[]
  /** Whether what belongs to this workflow is encrypted; what belongs to none that is known always is. */
  covers(workflowId: string): boolean
}

/** The converter for the Temporal client and the worker. */
export function dataConverterFor(secrecy: Secrecy): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(secrecy)],
    failureConverterPath: fileURLToPath(new URL('failure-converter.cjs', import.meta.url)),
  }
}

/**
 * AES-256-GCM with a fresh initialisation vector per payload; what is stored is vector, ciphertext and tag. Beside it stand,
 * readable and authenticated, the workflow that it belongs to and a name for the key. Payloads that are in clear are read as
 * they are, so that a key can be introduced while cases are open.
 *
 * Decoding throws `ValueError` for a key that is not there, for a payload that was tampered with, and for one of another workflow.
 */
export function createPayloadCodec({ keys, covers }: Secrecy): PayloadCodec {
  const named = new Map(keys.map(key => [nameOf(key), key]))
  const [current] = named.keys()
  return {
    encode: async (payloads, context) => {
      const workflow = workflowOf(context)
      if (workflow !== undefined && !covers(workflow)) return payloads
      return payloads.map(payload => encrypt(payload, { workflow: workflow ?? '', key: current! }, named.get(current!)!))
    },
    decode: async (payloads, context) => payloads.map((payload) => {
      const label = readLabel(payload)
      if (!label) return payload
      const asked = workflowOf(context)
      if (asked !== undefined && label.workflow !== '' && label.workflow !== asked) throw new ValueError('a payload belongs to another workflow')
      return decrypt(payload, label, named)
    }),
  }
}

/** What stands readable beside an encrypted payload: whose it is (empty: nobody's that is known), and which key it needs. */
export interface Label { workflow: string, key: string }

/** The label of an encrypted payload, not yet proven; undefined for one in clear. */
export function readLabel({ metadata }: Payload): Label | undefined {
  const text = (name: string) => Buffer.from(metadata?.[name] ?? []).toString()
  return text(METADATA_ENCODING_KEY) === ENCODING ? { workflow: text('workflow'), key: text('key') } : undefined
}

const workflowOf = (context?: SerializationContext): string | undefined => context?.workflowId
/** Says which key it is, and nothing about it. */
const nameOf = (key: Buffer): string => createHash('sha256').update('payload key').update(key).digest('hex').slice(0, 12)
/** What is authenticated beside the ciphertext. */
const bound = ({ workflow, key }: Label): Buffer => Buffer.from(JSON.stringify([workflow, key]))

function encrypt(payload: Payload, label: Label, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(bound(label))
  const data = Buffer.concat([iv, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final(), cipher.getAuthTag()])
  return { metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), workflow: Buffer.from(label.workflow), key: Buffer.from(label.key) }, data }
}

function decrypt({ data }: Payload, label: Label, keys: Map<string, Buffer>): Payload {
  const stored = Buffer.from(data ?? [])
  const key = keys.get(label.key)
  if (!key) throw new ValueError(`a payload was encrypted with another key (${label.key})`)
  try {
    const decipher = createDecipheriv(CIPHER, key, stored.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES }).setAAD(bound(label))
    decipher.setAuthTag(stored.subarray(-TAG_BYTES))
    return PayloadMessage.decode(Buffer.concat([decipher.update(stored.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]))
  } catch (cause) {
    throw new ValueError('a payload was tampered with', cause)
  }
}
