/** People, units and enterprises. None is ever deleted: what happened refers to them. */
import type { PoolClient } from 'pg'
import { z } from 'zod'
import type { Row } from '../../../db/directory/admin.ts'
import type { Db } from '../../../db/connect.ts'
import { ROLES, UNIT_KINDS, type Role } from '../../../model/person.ts'
import { findLetGo, releaseTasks, type Standing } from '../../../db/directory/succession.ts'
import { PROCEDURES } from '../../../workflows/catalogue.ts'
import { choice, email, id, line, newId, uscc, yesNo } from '../../../workflows/kit/fields.ts'
import type { App } from '../../http/app-types.ts'
import { problem } from '../../http/errors.ts'
import type { ApiDeps } from '../../cases/requests.ts'
import { Person } from '../../http/schemas.ts'
import { keep, wrong } from './records.ts'

/** Whoever keeps the system or reads its trail does nothing else in it (三员分立). */
const ALONE = ['admin', 'auditor', 'enterprise'] as const satisfies Role[]

const active = yesNo('在用')

const personFields = {
  sub: line('登录标识', 255, '统一身份认证中的 sub'),
  name: line('姓名或者岗位名称', 100),
  unit: id('所属单位').nullable().default(null),
  enterprise: id('所属企业').nullable().default(null),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).refine(roles => new Set(roles).size === roles.length, '不能重复').meta({ title: '角色' }),
  email: email('电子邮箱').nullable().default(null).meta({ title: '电子邮箱' }),
  active,
}
const ChangedPerson = z.strictObject(personFields).superRefine(checkRoles)
const AddedPerson = z.strictObject({ id: newId('编号'), ...personFields, active: active.default(true) }).superRefine(checkRoles)
type ChangedPerson = z.infer<typeof ChangedPerson>

function checkRoles({ roles, unit, enterprise }: Pick<ChangedPerson, 'roles' | 'unit' | 'enterprise'>, ctx: z.RefinementCtx): void {
  const blame = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
  if (roles.length > 1 && ALONE.some(role => roles.includes(role))) blame('roles', '系统管理员、审计员、企业联系人不能兼任其他角色')
  const ofEnterprise = roles.includes('enterprise')
  if (ofEnterprise && enterprise === null) blame('enterprise', '企业联系人必须填写')
  if (ofEnterprise && unit !== null) blame('unit', '企业联系人不属于任何单位')
  if (!ofEnterprise && unit === null) blame('unit', '必须填写')
  if (!ofEnterprise && enterprise !== null) blame('enterprise', '只有企业联系人属于企业')
}

const toPersonRow = ({ sub, name, unit, enterprise, roles, email, active }: ChangedPerson): Row =>
  ({ sub, name, unit_id: unit, enterprise_id: enterprise, roles, email, active })

const standing = (row: Row): Standing => ({ id: String(row.id), unit: row.unit_id as string | null, roles: row.roles as Role[], active: row.active === true })

const has = async (client: PoolClient, query: string, values: unknown[]): Promise<boolean> =>
  (await client.query(`SELECT EXISTS (${query}) AS found`, values)).rows[0].found

async function checkPerson(db: Db, client: PoolClient, before: Row | null, after: Row, by: { id: string, unit: string | null }): Promise<void> {
  if (before && before.enterprise_id !== after.enterprise_id) throw wrong('/enterprise', '所属企业：不能变更，请停用该账号后另行登记')
  const joins = after.active === true && !(before?.active === true && before.unit_id === after.unit_id)
  if (joins && after.unit_id !== null && !await has(client, 'SELECT FROM unit WHERE id = $1 AND active', [after.unit_id])) throw wrong('/unit', '所属单位：没有这个单位，或者已停用')
  if (joins && after.enterprise_id !== null && !await has(client, 'SELECT FROM enterprise WHERE id = $1 AND active', [after.enterprise_id])) throw wrong('/enterprise', '所属企业：没有这家企业，或者已停用')
  if (!before) return
  if (!await has(client, `SELECT FROM person WHERE active AND 'admin' = ANY(roles) AND id <> $1`, [after.id]) && !(after.active === true && standing(after).roles.includes('admin'))) {
    throw problem('in-use', '系统至少须有一名在用的系统管理员。')
  }
  const tasks = await findLetGo(client, standing(before), standing(after))
  const ownerless = tasks.filter(task => !task.others)
  if (ownerless.length > 0) throw problem('in-use', `有 ${ownerless.length} 项任务没有其他人可以接办，请先转办、办结，或者为该单位补充人员。`)
  await releaseTasks(db, client, by, String(before.id), tasks.filter(task => task.isHeld))
}

const unitFields = {
  name: line('名称', 100),
  kind: choice('类别', UNIT_KINDS),
  active,
}

async function checkUnit({ rules }: ApiDeps, client: PoolClient, before: Row | null, after: Row): Promise<void> {
  if (!before || after.active === true) return
  if (await has(client, 'SELECT FROM person WHERE active AND unit_id = $1', [after.id])) throw problem('in-use', '该单位还有在用人员，请先停用或者调整。')
  if (await has(client, `SELECT FROM task WHERE status IN ('open', 'claimed') AND unit_id = $1`, [after.id])) throw problem('in-use', '该单位还有未办结的任务。')
  for (const key of PROCEDURES.keys()) {
    const { policy } = await rules(key)
    if (Object.values(policy.tasks).some(task => task.unit === after.id)) throw problem('in-use', `流程“${policy.title}”由该单位办理，请先在流程配置中调整。`)
  }
}

const enterpriseFields = {
  name: line('名称', 100),
  uscc: uscc('统一社会信用代码'),
  address: line('地址', 200).nullable().default(null),
  active,
}

async function checkEnterprise(client: PoolClient, before: Row | null, after: Row): Promise<void> {
  if (await has(client, 'SELECT FROM enterprise WHERE uscc = $1 AND id <> $2', [after.uscc, after.id])) throw wrong('/uscc', '统一社会信用代码：已有同一代码的企业')
  if (before && after.active !== true && await has(client, 'SELECT FROM person WHERE active AND enterprise_id = $1', [after.id])) throw problem('in-use', '该企业还有在用的联系人，请先停用。')
}

/** `/api/admin/{people,units,enterprises}`. */
export function addDirectory(app: App, deps: ApiDeps): void {
  const access: Role[] = ['admin']
  keep(app, deps, {
    kind: 'people', title: '人员', access, added: AddedPerson, changed: ChangedPerson,
    view: Person.extend({ sub: z.string(), email: z.string().nullable(), active: z.boolean() }).meta({ id: 'DirectoryPerson', title: '人员（管理）' }),
    toNewRow: form => ({ id: form.id, ...toPersonRow(form) }), toRow: toPersonRow,
    check: (client, before, after, { id, unit }) => checkPerson(deps.db, client, before, after!, { id, unit: unit?.id ?? null }),
  })
  keep(app, deps, {
    kind: 'units', title: '单位', access, added: z.strictObject({ id: newId('编号'), ...unitFields, active: active.default(true) }), changed: z.strictObject(unitFields),
    view: z.object({ id: z.string(), ...unitFields }).meta({ id: 'DirectoryUnit', title: '单位（管理）' }),
    toNewRow: form => form, toRow: form => form, check: (client, before, after) => checkUnit(deps, client, before, after!),
  })
  keep(app, deps, {
    kind: 'enterprises', title: '企业', access, added: z.strictObject({ id: newId('编号'), ...enterpriseFields, active: active.default(true) }), changed: z.strictObject(enterpriseFields),
    view: z.object({ id: z.string(), ...enterpriseFields }).meta({ id: 'Enterprise', title: '企业' }),
    toNewRow: form => form, toRow: form => form, check: (client, before, after) => checkEnterprise(client, before, after!),
  })
}
