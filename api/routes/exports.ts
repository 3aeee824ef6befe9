/** Lists as workbooks: the same rows as the lists, to the same people. */
import { z } from 'zod'
import { asWho } from '../../db/directory/directory.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { listCases, listTasks, TASK_VIEWS } from '../../db/lists/search.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { RATINGS } from '../../workflows/enterprise-appeal/forms.ts'
import { logAccess } from '../../db/access-log.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { CaseFilterFields, TaskFilterFields } from '../views/filter-fields.ts'
import type { ApiDeps } from '../cases/requests.ts'
import type { CaseSummary } from '../http/schemas.ts'
import { viewCaseSummaries, viewTasks } from '../views/views.ts'
import { noteExport } from '../views/export-words.ts'
import { sendWorkbook, Workbook, type Sheet } from '../views/xlsx.ts'

/** More rows than this nobody reads; whoever asks for them is told to narrow the list. */
const MAX_ROWS = 10_000

const CASE_STATUS = { open: '办理中', paused: '已暂停', closed: '已办结' }
const TASK_STATUS = { open: '待签收', claimed: '办理中', completed: '已办结', cancelled: '已取消' }
const CARD = { none: '', yellow: '黄牌', red: '红牌' }

const CaseFilter = z.strictObject(CaseFilterFields)
const TaskFilter = z.strictObject({ view: z.enum(TASK_VIEWS).default('mine').meta({ title: '视图' }), ...TaskFilterFields })

/** `/api/cases.xlsx`, `/api/tasks.xlsx`. */
export const exportRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  const config = { access: 'signed-in' } as const
  const named = (title: string) => `${title} ${shanghaiDate(new Date())}`
  /** Restricted cases leave the system with the file: that is noted like a look at each of them. */
  const note = async (personId: string, restricted: Iterable<string>) => {
    for (const caseNo of new Set(restricted)) await logAccess(pool, { personId, caseNo, allowed: true, what: 'export' })
  }

  app.get('/api/cases.xlsx', { config, schema: { tags: ['案件'], summary: '案件列表（Excel）', querystring: CaseFilter, response: { 200: Workbook } } }, async ({ person, query }, reply) => {
    const who = asWho(person)
    const files = withinLimit(await listCases(pool, who, { ...query, limit: MAX_ROWS }))
    await noteExport(pool, who.id, '案件列表', CaseFilter, query)
    await note(who.id, files.filter(file => file.restricted).map(file => file.caseNo))
    return sendWorkbook(reply, named('案件列表'), [caseSheet(await viewCaseSummaries(pool, who, files))])
  })

  app.get('/api/tasks.xlsx', {
    config, schema: { tags: ['任务'], summary: '任务列表（Excel）', querystring: TaskFilter, response: { 200: Workbook } },
  }, async ({ person, query }, reply) => {
    const who = asWho(person)
    const found = withinLimit((await listTasks(pool, who, { ...query, limit: MAX_ROWS })).tasks)
    await noteExport(pool, who.id, '任务列表', TaskFilter, query)
    await note(who.id, found.filter(({ file }) => file.restricted).map(({ file }) => file.caseNo))
    const tasks = await viewTasks(pool, who, found)
    return sendWorkbook(reply, named('任务列表'), [{
      name: '任务', columns: [['案件编号', 14], ['事项', 40], ['流程', 20], ['环节', 16], ['轮次', 6], ['状态', 10], ['牌', 8], ['单位', 20], ['持有人', 20], ['开始时间', 18], ['期限', 18], ['办结时间', 18], ['办结人', 20]],
      rows: tasks.map(t => [
        t.caseNo, t.caseTitle, title(t.procedure), t.title, t.round, TASK_STATUS[t.status], CARD[t.card], t.unitName, t.holder?.name ?? '', minute(t.createdAt), minute(t.dueAt), minute(t.completedAt), t.completedBy?.name ?? '',
      ]),
    }])
  })
}

const caseSheet = (cases: CaseSummary[]): Sheet => ({
  name: '案件', columns: [['案件编号', 14], ['事项', 40], ['流程', 20], ['企业', 28], ['状态', 10], ['当前环节', 18], ['牌', 8], ['责任单位', 20], ['轮次', 6], ['满意度', 12], ['开始时间', 18], ['期限', 18], ['办结时间', 18], ['结果', 14]],
  rows: cases.map(c => [
    c.caseNo, c.title, title(c.procedure), c.enterprise?.name ?? '', CASE_STATUS[c.status], c.status === 'closed' ? '' : c.stageTitle, CARD[c.card], c.unitName ?? '', c.round, RATINGS[c.rating as keyof typeof RATINGS] ?? '',
    minute(c.openedAt), minute(c.dueAt), minute(c.closedAt), c.outcome === null ? '' : getProcedure(c.procedure).policy.outcomes[c.outcome] ?? c.outcome,
  ]),
})

function withinLimit<Row>(rows: Row[]): Row[] {
  if (rows.length > MAX_ROWS) throw problem('bad-form', `一次最多导出 ${MAX_ROWS} 行，请缩小范围后再导出。`)
  return rows
}

const title = (procedure: string) => getProcedure(procedure).policy.title
const minute = (at: string | null) => at === null ? null : new Date(at)
