import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { maxCallbackBytes, verifyCallback } from './signed-callbacks.ts'

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(24, '.')).toString('base64')}`
const secret = secretOf('current')

/** What a partner system sends: headers and body, signed `ageS` seconds ago. */
function signed(body: string, { by = secret, id = 'msg_1', ageS = 0 } = {}) {
  const at = new Date(Date.now() - ageS * 1000)
  return {
    rawBody: Buffer.from(body),
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(by).sign(id, at, body),
    },
  }
}

const body = '{"caseNo":"QS-2026-0001","result":"已办结"}'
const verify = (callback: Pick<Parameters<typeof verifyCallback>[0], 'headers' | 'rawBody'>, toleranceS?: number, secrets = [secret]) =>
  verifyCallback({ ...callback, secrets, toleranceS })

test('a signed callback gives its id and content', () => {
  expect(verify(signed(body))).toEqual({ id: 'msg_1', body: { caseNo: 'QS-2026-0001', result: '已办结' } })
})

test('a repeat inside the tolerance gives the same id, by which it is known', () => {
  const callback = signed(body, { ageS: 200 })
  expect(verify(callback)).toEqual(verify(callback))
  expect(verify(callback)).toHaveProperty('id', 'msg_1')
})

test('a changed body, id or timestamp is refused', () => {
  const { headers, rawBody } = signed(body)
  const refusal = { code: 'bad-signature', message: '签名无效' }
  expect(verify({ headers, rawBody: Buffer.from(body.replace('0001', '0002')) })).toEqual(refusal)
  expect(verify({ headers: { ...headers, 'webhook-id': 'msg_2' }, rawBody })).toEqual(refusal)
  expect(verify({ headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) }, rawBody })).toEqual(refusal)
})

test('a callback signed with another secret, or with none configured, is refused', () => {
  expect(verify(signed(body, { by: secretOf('other') }))).toMatchObject({ code: 'bad-signature' })
  expect(verify(signed(body), undefined, [])).toMatchObject({ code: 'bad-signature' })
})

test('while a secret is changed, callbacks signed with the old or the new one are accepted', () => {
  const rotating = [secretOf('new'), secretOf('old')]
  expect(verify(signed(body, { by: secretOf('old') }), undefined, rotating)).toHaveProperty('body')
  expect(verify(signed(body, { by: secretOf('new') }), undefined, rotating)).toHaveProperty('body')
  expect(verify(signed(body, { by: secretOf('older') }), undefined, rotating)).toMatchObject({ code: 'bad-signature' })
})

test('a malformed secret of our own is an error, not a refusal', () => {
  expect(() => verify(signed(body), undefined, ['whsec_***'])).toThrow()
})

test.each([301, -310])('a timestamp %i s off is stale', (ageS) => {
  expect(verify(signed(body, { ageS }))).toEqual({ code: 'stale-timestamp', message: '时间戳超出允许范围，请校准时钟后重新签名发送' })
})

test('the tolerance can be narrowed', () => {
  expect(verify(signed(body, { ageS: 20 }), 10)).toMatchObject({ code: 'stale-timestamp' })
  expect(verify(signed(body, { ageS: 20 }), 60)).toHaveProperty('body')
})

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s a callback is refused', (name) => {
  const { headers, rawBody } = signed(body)
  expect(verify({ headers: { ...headers, [name]: undefined }, rawBody })).toMatchObject({ code: 'bad-signature' })
})

test.each(['v1', 'v1,', 'v2,abc', 'garbage', ' '])('the signature %j is refused', (signature) => {
  const { headers, rawBody } = signed(body)
  expect(verify({ headers: { ...headers, 'webhook-signature': signature }, rawBody })).toMatchObject({ code: 'bad-signature' })
})

test('the borders between id, timestamp and body cannot be moved', () => {
  const now = String(Math.floor(Date.now() / 1000))
  const { headers } = signed(`${now}.{}`) // signed: msg_1.<timestamp>.<now>.{}
  const shifted = { ...headers, 'webhook-id': `msg_1.${headers['webhook-timestamp']}`, 'webhook-timestamp': now }
  expect(verify({ headers: shifted, rawBody: Buffer.from('{}') })).toMatchObject({ code: 'bad-signature' })
})

test.each(['', '{"a":', 'null,', '\u0000', '['.repeat(100_000)])('a signed body that is not JSON is refused (%#)', (text) => {
  expect(verify(signed(text))).toEqual({ code: 'bad-body', message: '内容不是有效的 JSON，或者超过大小上限' })
})

test('a body over the limit is refused, one at the limit is not', () => {
  const atLimit = `"${'x'.repeat(maxCallbackBytes - 2)}"`
  expect(verify(signed(atLimit))).toHaveProperty('body')
  expect(verify(signed(`${atLimit} `))).toMatchObject({ code: 'bad-body' })
})
