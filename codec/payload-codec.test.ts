import { fileURLToPath } from 'node:url'
import { randomBytes } from 'node:crypto'
import { Client } from '@temporalio/client'
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { describe, expect, it } from 'vitest'
import { createTestNamespace } from '../test/temporal.ts'
import { decide } from './encrypted-workflow.fixture.ts'
import { PROCEDURES } from '../workflows/catalogue.ts'
import { createPayloadCodec, dataConverterFor, readLabel } from './payload-codec.ts'
import { ofRestricted } from './secrecy.ts'

const key = randomBytes(32)
const all = (...keys: Buffer[]) => ({ keys, covers: () => true })
const codec = createPayloadCodec(all(key))
const ofWorkflow = (workflowId: string) => ({ type: 'workflow', namespace: 'default', workflowId }) as const
const clear = defaultPayloadConverter.toPayload({ suspect: '某企业负责人', grounds: ['证据一'] })!
const read = (payload?: Payload) => defaultPayloadConverter.fromPayload(payload!)

describe('the payload codec', () => {
  it('gives back what it encrypted, whatever it is and however many there are', async () => {
    const payloads = [{ text: '某企业' }, '', null, undefined, new Uint8Array([0, 255]), 'x'.repeat(100_000)].map(v => defaultPayloadConverter.toPayload(v)!)
    const decoded = await codec.decode(await codec.encode(payloads))
    expect(decoded.map(read)).toEqual(payloads.map(read))
    expect(await codec.encode([])).toEqual([])
  })

  it('leaves nothing to read, nor to compare', async () => {
    const [one, other] = await codec.encode([clear, clear])
    expect(Buffer.from(one!.data!).includes('某企业负责人')).toBe(false)
    expect(Object.keys(one!.metadata!)).toEqual(['encoding', 'workflow', 'key'])
    expect(Buffer.from(one!.data!).equals(other!.data!)).toBe(false)
  })

  it('refuses what was encrypted with another key', async () => {
    const encrypted = await createPayloadCodec(all(randomBytes(32))).encode([clear])
    await expect(codec.decode(encrypted)).rejects.toThrow('another key')
  })

  it('refuses what was tampered with: vector, text or tag, or cut short', async () => {
    const [{ metadata, data }] = await codec.encode([clear]) as [Payload]
    for (const at of [0, 20, data!.length - 1]) {
      const forged = Buffer.from(data!)
      forged[at]! ^= 1
      await expect(codec.decode([{ metadata, data: forged }])).rejects.toThrow('tampered')
    }
    for (const length of [0, 5, 12, 27, data!.length - 1]) await expect(codec.decode([{ metadata, data: data!.subarray(0, length) }])).rejects.toThrow('tampered')
  })

  it('binds what it encrypts to the workflow that it belongs to: shown under another, or relabelled as another’s, it is not read', async () => {
    const [mine] = await codec.encode([clear], ofWorkflow('DR-000001')) as [Payload]
    expect(readLabel(mine)).toMatchObject({ workflow: 'DR-000001' })
    expect((await codec.decode([mine], ofWorkflow('DR-000001'))).map(read)).toEqual([read(clear)])
    await expect(codec.decode([mine], ofWorkflow('DR-000002'))).rejects.toThrow('another workflow')
    const relabelled = { ...mine, metadata: { ...mine.metadata, workflow: Buffer.from('DR-000002') } }
    await expect(codec.decode([relabelled], ofWorkflow('DR-000002'))).rejects.toThrow('tampered')
  })

  it('encrypts with the first key and reads with all, so that a key can be replaced while cases are open', async () => {
    const [former, next] = [randomBytes(32), randomBytes(32)]
    const [old] = await createPayloadCodec(all(former)).encode([clear]) as [Payload]
    const both = createPayloadCodec(all(next, former))
    const [fresh] = await both.encode([clear]) as [Payload]
    expect((await both.decode([old, fresh])).map(read)).toEqual([read(clear), read(clear)])
    expect((await createPayloadCodec(all(next)).decode([fresh])).map(read)).toEqual([read(clear)])
    await expect(createPayloadCodec(all(next)).decode([old])).rejects.toThrow('another key')
  })

  it('covers by default what belongs to restricted cases or to nobody known, and leaves the others’ in clear', async () => {
    const byDefault = createPayloadCodec(ofRestricted(key))
    const encrypts = async (workflow?: string) => readLabel((await byDefault.encode([clear], workflow === undefined ? undefined : ofWorkflow(workflow)))[0]!) !== undefined
    for (const { policy } of PROCEDURES.values()) {
      for (const id of [`${policy.code}-000001`, `${policy.code}-000001.step-4`]) expect(await encrypts(id), id).toBe(policy.confidentiality !== 'internal')
    }
    expect([await encrypts('notice-0a'), await encrypts('XX-000001'), await encrypts('anything'), await encrypts()]).toEqual([false, true, true, true])
  })

  it('reads what was stored in clear before there was a key', async () => {
    expect((await codec.decode([clear])).map(read)).toEqual([read(clear)])
  })

  it('refuses a key that is no AES-256 key', async () => {
    await expect(createPayloadCodec(all(randomBytes(16))).encode([clear])).rejects.toThrow()
  })
})

describe('client and worker with a key', () => {
  it('keep arguments, decisions, results, summaries and failures from the Temporal Service, and understand each other', async () => {
    const temporal = await createTestNamespace()
    const dataConverter = dataConverterFor(all(key))
    const client = new Client({ connection: temporal.client.connection, namespace: temporal.namespace, dataConverter })
    const worker = await Worker.create({
      connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue: 'codec', dataConverter,
      workflowsPath: fileURLToPath(new URL('encrypted-workflow.fixture.ts', import.meta.url)),
      activities: { record: async (text: string) => `已记录${text}` },
    })
    const raw = await worker.runUntil(async () => {
      const start = { taskQueue: 'codec', args: ['某企业负责人'], staticSummary: '某企业的案件' }
      const echo = await client.workflow.start('echo', { ...start, workflowId: 'echo' })
      const empty = await echo.executeUpdate(decide, { args: [''] }).catch((e: Error) => e.cause as ApplicationFailure)
      expect(empty).toMatchObject({ message: '某企业负责人的决定不能为空', type: 'bad-form' })
      expect(await echo.executeUpdate(decide, { args: ['不准羁押'] })).toBe('已记录不准羁押')
      expect(await echo.result()).toBe('某企业负责人：已记录不准羁押')
      const refused = await client.workflow.execute('refuse', { ...start, workflowId: 'refuse' }).catch((e: Error) => e.cause as ApplicationFailure)
      expect(refused).toMatchObject({ message: '某企业负责人应当回避', type: 'conflict-of-interest', details: ['某企业负责人'] })
      return Promise.all(['echo', 'refuse'].map(id => temporal.client.workflow.getHandle(id).fetchHistory()))
    })
    const stored = JSON.stringify(raw, (name, value) => typeof value === 'string' && (name === 'data' || name === 'encoding') ? Buffer.from(value, 'base64').toString() : value)
    expect(stored).toContain('binary/encrypted')
    expect(stored).toContain('Encoded failure')
    expect(stored).toContain('MARKER')
    expect(stored).not.toMatch(/某企业|应当回避|羁押/)
    await expect(temporal.client.workflow.getHandle('echo').result()).rejects.toThrow()
    await temporal.close()
  })
})
