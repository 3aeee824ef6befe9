/** One notice on its way to one recipient outside the system. */
export interface OutboundMessage {
  /** The notice id: the same on every retry, so that a receiver can see duplicates. Holds no ".". */
  id: string
  channel: 'email' | 'webhook'
  /** An e-mail address, or the id of a destination on the administrator's list. */
  to: string
  title: string
  body: string
  data?: Record<string, unknown>
}

/** A way out of the system. */
export interface Notifier {
  /**
   * Resolves once the receiver has taken the message over; at least once, never exactly once.
   * @throws PermanentDeliveryError when the same message would be refused again
   * @throws TransientDeliveryError when another attempt may succeed
   * @throws the signal's reason when `signal` aborts
   */
  deliver(message: OutboundMessage, signal?: AbortSignal): Promise<void>
}

const reasons = {
  'unknown-destination': '接收地址不在管理员允许名单内',
  'no-address': '收件人已停用，或者没有登记邮箱',
  'invalid-message': '接收地址、签名密钥或消息编号格式有误',
  rejected: '接收方拒收',
  unavailable: '接收方暂时不可用',
  timeout: '接收方超时未响应',
} as const

/** Why a delivery failed; supervisors see it where a notice was given up. */
export type DeliveryErrorCode = keyof typeof reasons

/** The text of a failed delivery: a fixed sentence and a status code, so never an address or content. */
class DeliveryError extends Error {
  readonly code: DeliveryErrorCode

  constructor(code: DeliveryErrorCode, status?: string | number) {
    super(status === undefined ? reasons[code] : `${reasons[code]}（${status}）`)
    this.code = code
  }
}

/** Not worth another attempt: somebody has to change the address, the list or the message first. */
export class PermanentDeliveryError extends DeliveryError {
  override readonly name = 'PermanentDeliveryError'
}

/** Worth another attempt, not before `retryAfterMs` when the receiver said so. */
export class TransientDeliveryError extends DeliveryError {
  override readonly name = 'TransientDeliveryError'
  readonly retryAfterMs: number | undefined

  constructor(code: DeliveryErrorCode, status?: string | number, retryAfterMs?: number) {
    super(code, status)
    this.retryAfterMs = retryAfterMs
  }
}
