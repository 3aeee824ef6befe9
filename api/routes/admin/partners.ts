/** Webhook destinations, and outside systems that cases are handed to. Their secrets can be set, never read. */
import { randomBytes } from 'node:crypto'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import type { Row } from '../../../db/directory/admin.ts'
import type { Role } from '../../../model/person.ts'
import { PROCEDURES } from '../../../workflows/catalogue.ts'
import { line, newId, yesNo } from '../../../workflows/kit/fields.ts'
import type { App } from '../../http/app-types.ts'
import { problem } from '../../http/errors.ts'
import type { ApiDeps } from '../../cases/requests.ts'
import { keep } from './records.ts'

/** The scheme asks for 24 to 64 random bytes. */
const secretBytes = 32

const newSecret = () => `whsec_${randomBytes(secretBytes).toString('base64')}`

function isSecret(secret: string): boolean {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const bytes = Buffer.from(text ?? '', 'base64')
  return bytes.toString('base64') === text && bytes.length >= 24 && bytes.length <= 64
}

const secret = z.string().refine(isSecret, '应为 whsec_ 加 24 至 64 字节的 Base64').meta({ title: '签名密钥', description: 'Standard Webhooks 密钥；只能写入，不能读出' }).optional()

function isPlain(url: string): boolean {
  const { username, password, hash } = new URL(url)
  return username === '' && password === '' && hash === ''
}

const address = z.url({ protocol: /^https?$/, abort: true }).max(2000).refine(isPlain, '不能含有用户名、密码或者 #').meta({ title: '地址' })

const procedures = z.array(z.enum([...PROCEDURES.keys()])).min(1).max(PROCEDURES.size).meta({ title: '通知哪些流程' })
const ChangedWebhook = z.strictObject({ url: address.meta({ title: '地址', description: '不填则不变；更正后，尚未送达的通知也发往新地址' }).optional(), procedures, active: yesNo('启用'), secret: secret.meta({ title: '签名密钥', description: '不填则不变' }) })
const AddedWebhook = z.strictObject({ url: address, procedures, active: yesNo('启用').default(true), secret })

const ChangedSystem = z.strictObject({
  name: line('名称', 100), url: address,
  secret: secret.meta({ title: '签名密钥', description: '不填则不变。填写后，发出的消息用新密钥签名；收到的回调在下一次更换之前，新旧两把密钥均可。' }),
})
const AddedSystem = z.strictObject({ id: newId('编号'), name: line('名称', 100), url: address, secret })

async function checkSystem(client: PoolClient, before: Row | null, after: Row | null): Promise<void> {
  if (!before || after) return
  const user = [...PROCEDURES.values()].find(({ policy }) => Object.values(policy.tasks).some(task => task.outside === before.id))
  if (user) throw problem('in-use', `流程“${user.policy.title}”由该系统办理，不能删除。`)
  const { rows } = await client.query(`SELECT FROM task WHERE status = 'claimed' AND holder_id = 'system:' || $1
    UNION ALL SELECT FROM notice WHERE channel = 'system' AND address = $1 AND state IN ('pending', 'sending') LIMIT 1`, [before.id])
  if (rows.length > 0) throw problem('in-use', '该系统还有未办结的任务或者未送达的消息，不能删除。')
}

/** A secret that was made here is told to whoever asked for it, this once. */
const revealed = (form: { secret?: string | undefined }, made: unknown) => form.secret === undefined ? { secret: String(made) } : {}

/** `/api/admin/{webhooks,systems}`. */
export function addPartners(app: App, deps: ApiDeps): void {
  const access: Role[] = ['admin']
  keep(app, deps, {
    kind: 'webhooks', title: '外部通知地址', access, added: AddedWebhook, changed: ChangedWebhook,
    view: z.object({ id: z.string(), url: z.string(), procedures: z.array(z.string()), active: z.boolean(), secretFingerprint: z.string(), secret: z.string().optional() })
      .meta({ id: 'WebhookDestination', title: '外部通知地址', description: 'secret 只在系统生成密钥时返回一次。' }),
    toNewRow: form => ({ ...form, secret: form.secret ?? newSecret() }),
    toRow: ({ secret, url, ...rest }) => ({ ...rest, ...(url !== undefined && { url }), ...(secret !== undefined && { secret }) }),
    reveal: (form, row) => revealed(form, row.secret),
  })
  keep(app, deps, {
    kind: 'systems', title: '外部系统', access, added: AddedSystem, changed: ChangedSystem,
    view: z.object({ id: z.string(), name: z.string(), url: z.string(), secretFingerprints: z.array(z.string()), secret: z.string().optional() })
      .meta({ id: 'OutsideSystem', title: '外部系统', description: 'secretFingerprints 新的在前。secret 只在系统生成密钥时返回一次。' }),
    toNewRow: ({ secret, ...rest }) => ({ ...rest, secrets: [secret ?? newSecret()] }),
    toRow: ({ secret, ...rest }, before) => ({ ...rest, ...(secret !== undefined && { secrets: [secret, ...(before.secrets as string[])].slice(0, 2) }) }),
    check: checkSystem,
    reveal: (form, row) => revealed(form, (row.secrets as string[])[0]),
  })
}
