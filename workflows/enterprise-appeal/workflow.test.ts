import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcedureTest, type ProcedureTest, type TestCase } from '../../test/procedure.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

const appeal = { kind: 'help', subject: '货款被拖欠', description: '客户拖欠货款。', contact: { name: '示例袜业 联系人', phone: '0575-00000001' }, originUnit: 'station-01' }
const file = (more: object = {}) => t.file('enterprise-appeal', { ...appeal, ...more }, 'ent-01-contact')
const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }

async function toRating(c: TestCase, handler = 'economic-crime-1') {
  await c.complete('handle', handler, { result: '已调解' })
  await c.complete('reply', handler, { reply: '已办结' })
}

describe('closed loop', () => {
  it('collects, routes, handles, answers and is rated', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    await c.complete('rate', 'ent-01-contact', { rating: 'satisfied' })
    expect(await c.result()).toEqual({ outcome: 'resolved', result: { reply: '已办结', rating: 'satisfied' } })
    expect((await c.state()).file).toMatchObject({ status: 'closed', stage: 'closed', rating: 'satisfied', card: 'none' })
    await c.keepHistory('closed-loop')
  })

  it('sends the answer at the same time to the sub-centre it came from', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    expect(c.find('told').map(e => e.data)).toContainEqual({ to: { unit: 'station-01' }, title: '诉求办理结果反馈', body: '已办结' })
    await c.complete('rate', 'ent-01-contact', { rating: 'satisfied' })
  })

  it('leaves a case unrated when the enterprise says nothing for five workdays', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    await t.skipTo((await c.task('rate')).dueAt)
    expect(await c.result()).toEqual({ outcome: 'resolved', result: { reply: '已办结', rating: null } })
    expect((await c.state()).file).toMatchObject({ rating: null, card: 'none' })
    expect(c.types()).toContain('task-lapsed')
  })

  it('does not close an overdue case in silence: unrated, 护航办 visits the enterprise first', async () => {
    const c = await file()
    await t.skip('4 days')
    expect(c.types()).toContain('yellow-card')
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    await t.skipTo((await c.task('rate')).dueAt)
    await c.complete('return-visit', 'office-1', { findings: '企业表示问题已解决。', rework: false })
    expect(await c.result()).toEqual({ outcome: 'resolved', result: { reply: '已办结', rating: null, findings: '企业表示问题已解决。' } })
  })

  it('lets no officer rate what he has filed in his own name: 护航办 looks at it instead', async () => {
    const c = await t.file('enterprise-appeal', appeal, 'station-01-1')
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    expect(c.types()).not.toContain('task-lapsed')
    await c.complete('return-visit', 'office-1', { findings: '已落实。', rework: false })
    expect(await c.result()).toMatchObject({ outcome: 'resolved', result: { rating: null } })
    expect((await c.state()).tasks.map(task => task.name)).not.toContain('rate')
  })

  it.each([{ emergency: true }, { kind: 'report', urgency: 'urgent' }])('tells an enterprise in an emergency to call 110: %o', async (emergency) => {
    const c = await file(emergency)
    expect(c.find('told')[0]!.data.body).toContain('110')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

describe('routing', () => {
  it('refuses with a reason, and links a duplicate instead of handling it twice', async () => {
    const rejected = await file()
    await rejected.complete('triage', 'desk-1', { decision: 'reject', reason: '请向人民法院起诉。' })
    expect(await rejected.result()).toEqual({ outcome: 'rejected', result: { reason: '请向人民法院起诉。' } })
    const twice = await file()
    await twice.complete('triage', 'desk-1', { decision: 'reject', reason: '与前案相同。', duplicateOf: rejected.caseNo })
    expect(await twice.result()).toMatchObject({ outcome: 'merged' })
    expect((await twice.state()).file.links).toEqual([{ caseNo: rejected.caseNo, kind: 'duplicate-of' }])
  })

  it('hands over inside the centre: a refusal goes back to the desk, a receipt makes the receiver responsible', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', { decision: 'hand-over', unit: 'market-regulation' })
    expect((await c.state()).file.unitId).toBe('service-centre')
    await c.act('refuse', 'acknowledge', 'market-regulation-1', { reason: '不属于本部门职责。' })
    expect((await c.task('triage')).context).toEqual({ returnedBy: 'market-regulation', reason: '不属于本部门职责。' })
    await c.complete('triage', 'desk-2', { decision: 'hand-over', unit: 'tax' })
    await c.act('acknowledge', 'acknowledge', 'tax-1')
    expect((await c.task('handle')).unitId).toBe('tax')
    expect((await c.state()).file.unitId).toBe('tax')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('hands over to the outside platform, which acknowledges and answers by callback', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', { decision: 'external', reason: '用工争议。' })
    expect(c.find('handed-over').map(e => e.data.system)).toEqual(['four-platforms'])
    await c.act('acknowledge', 'external-acknowledge', 'system:four-platforms')
    await c.complete('external', 'system:four-platforms', { result: '主管部门已答复。' })
    await c.complete('rate', 'ent-01-contact', { rating: 'very-satisfied' })
    expect(await c.result()).toMatchObject({ outcome: 'resolved', result: { reply: '主管部门已答复。' } })
  })

  it.each([['consultation', 3], ['complaint', 5]])('counts the workdays of a %s where the desk does not say how heavy it is: %d', async (kind, n) => {
    const c = await file({ kind })
    await c.complete('triage', 'desk-1', { decision: 'accept', unit: 'economic-crime' })
    expect((await c.task('handle')).deadline.clock).toMatchObject({ n, unit: 'workday' })
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it.each([
    ['office', { unitId: 'office', role: 'unit-leader', holderId: null }, 'office-leader'],
    ['it', { unitId: 'bureau', role: 'bureau-leader', holderId: null }, 'bureau-leader-1'],
  ])('leaves no step to a unit without staff for it (%s): the next one up has it', async (unit, queue, by) => {
    const c = await file()
    await c.complete('triage', 'desk-1', { ...accept, unit })
    expect(await c.task('handle')).toMatchObject(queue)
    await c.complete('handle', by, { result: '已督办' })
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('asks another contact of the enterprise when the one who filed has left', async () => {
    const c = await t.file('enterprise-appeal', appeal, 'ent-01-former', { enterpriseId: 'ent-01' })
    await c.complete('triage', 'desk-1', { decision: 'external', reason: '用工争议。' })
    await c.act('acknowledge', 'external-acknowledge', 'system:four-platforms')
    await c.complete('external', 'system:four-platforms', { result: '主管部门已答复。' })
    expect((await c.task('rate')).holderId).toBe('ent-01-contact')
    await c.complete('rate', 'ent-01-contact', { rating: 'satisfied' })
    expect(await c.result()).toMatchObject({ outcome: 'resolved' })
  })

  it('lets co-handling units work side by side and goes on when all are done', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', { ...accept, coUnits: ['station-01', 'public-order'] })
    expect((await c.state()).file.unitId).toBe('economic-crime')
    await c.complete('co-handle', 'station-01-1', { result: '已巡逻' }, 'station-01')
    await c.complete('handle', 'economic-crime-1', { result: '已调解' })
    expect((await c.state()).file.stage).toBe('co-handle')
    await c.complete('co-handle', 'public-order-1', { result: '已走访' }, 'public-order')
    expect((await c.state()).file.stage).toBe('reply')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('goes back to the desk when the unit sends it up', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', { ...accept, unit: 'station-01', coUnits: ['public-order'] })
    await c.act('return', 'handle', 'station-01-1', { to: 'triage', reason: '分中心无法解决。' })
    expect(await c.task('triage')).toMatchObject({ round: 2, context: { returnedBy: 'station-01', reason: '分中心无法解决。' } })
    expect((await c.state()).tasks.find(x => x.name === 'co-handle')!.status).toBe('cancelled')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

describe('rework', () => {
  it('opens a rework round with another handler and a fresh clock when the enterprise is dissatisfied', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    await toRating(c, 'economic-crime-1')
    await c.complete('rate', 'ent-01-contact', { rating: 'dissatisfied' })
    await c.complete('return-visit', 'office-1', { findings: '措施未落实。', rework: true })
    const again = await c.task('handle')
    expect(again).toMatchObject({ round: 2, notBy: ['economic-crime-1'] })
    await expect(c.complete('handle', 'economic-crime-1', { result: 'x' })).rejects.toThrow('four-eyes')
    await toRating(c, 'economic-crime-2')
    await c.complete('rate', 'ent-01-contact', { rating: 'satisfied' })
    expect(await c.result()).toMatchObject({ outcome: 'resolved' })
  })

  it('counts who delegated the handling as its handler, too', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    const { id } = await c.task('handle')
    await c.claim(await c.task('handle'), 'economic-crime-1')
    await t.store.append(c.caseNo, 'delegated', () => [{ type: 'task-delegated', actor: { id: 'economic-crime-1', unit: 'economic-crime' }, data: { task: id, to: 'economic-crime-2', reason: '出差' } }])
    await toRating(c, 'economic-crime-2')
    await c.complete('rate', 'ent-01-contact', { rating: 'dissatisfied' })
    await c.complete('return-visit', 'office-1', { findings: '措施未落实。', rework: true })
    expect(await c.task('handle')).toMatchObject({ notBy: ['economic-crime-2', 'economic-crime-1'], unitId: 'economic-crime', role: 'unit-leader' })
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('calls a consultation after two rounds that did not satisfy', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    for (const handler of ['economic-crime-1', 'economic-crime-2']) {
      await toRating(c, handler)
      await c.complete('rate', 'ent-01-contact', { rating: 'very-dissatisfied' })
      await c.complete('return-visit', 'office-1', { findings: '仍不满意。', rework: true })
    }
    await c.complete('consultation', 'office-2', { conclusion: '由局领导包案。' })
    expect(await c.result()).toMatchObject({ outcome: 'resolved', result: { reply: '由局领导包案。', rating: 'very-dissatisfied' } })
    await c.keepHistory('two-rounds-and-consultation')
  })

  it('closes without rework when the return visit finds none is due', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    await toRating(c)
    await c.complete('rate', 'ent-01-contact', { rating: 'dissatisfied' })
    await c.complete('return-visit', 'office-1', { findings: '已说明法律依据，企业理解。', rework: false })
    expect(await c.result()).toMatchObject({ outcome: 'resolved', result: { findings: '已说明法律依据，企业理解。' } })
  })
})

describe('clocks', () => {
  it('climbs the ladder of an untouched task: reminder, yellow, red, leader; each once', async () => {
    const c = await file()
    await t.skip('20 days')
    expect(c.types().filter(x => ['reminded', 'yellow-card', 'red-card', 'leader-alerted'].includes(x))).toEqual(['reminded', 'yellow-card', 'red-card', 'leader-alerted'])
    expect((await c.state()).file.card).toBe('red')
    await c.complete('triage', 'desk-1', { decision: 'reject', reason: '逾期后不予受理。' })
    expect((await c.state()).file.card).toBe('red')
  })

  it('does not trouble the bureau leader when the red card was acknowledged in time', async () => {
    const c = await file()
    const { dueAt } = await c.task('triage')
    await t.skipTo(dueAt)
    while (!c.types().includes('red-card')) await t.skip('6 hours')
    await c.act('acknowledge-card', 'triage', 'office-1', { note: '已督促值班员。' })
    expect(c.find('card-acknowledged').map(e => e.data)).toEqual([{ clock: expect.any(String), note: '已督促值班员。' }])
    await t.skip('10 days')
    expect(c.types()).not.toContain('leader-alerted')
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
    expect(await c.result()).toEqual({ outcome: 'cancelled' })
    await c.keepHistory('red-card-acknowledged-then-cancelled')
  })

  it('extends once, with a reason, approved by somebody else', async () => {
    const c = await file()
    await c.complete('triage', 'desk-1', accept)
    const before = (await c.task('handle')).dueAt
    await c.act('extend', 'handle', 'economic-crime-1', { n: 5, unit: 'workday', reason: '需外地取证。' })
    await c.complete('approve-extension', 'economic-crime-leader', { approve: true, reason: '同意。' })
    await t.skip('1 minute')
    const after = (await c.task('handle')).dueAt
    expect(after.getTime()).toBeGreaterThan(before.getTime() + 4 * 86_400_000)
    await expect(c.act('extend', 'handle', 'economic-crime-1', { n: 5, unit: 'workday', reason: '再延。' })).rejects.toThrow('action-not-allowed')
    await t.skipTo(before)
    expect(c.types()).not.toContain('yellow-card')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

describe('refusals', () => {
  it('is ended once by two who cancel it at the same moment, and decided on no more after that', async () => {
    const c = await file()
    const triage = await c.task('triage')
    await c.claim(triage, 'desk-1')
    // While one decision is being recorded, those that come in wait, and reach the workflow together.
    const { append } = t.store
    t.store.append = async (...args) => (await setTimeout(500), append(...args))
    const first = c.onCase('acknowledge-case-card', 'office-1', {})
    await setTimeout(100)
    const [, , ...cancelled] = await Promise.allSettled([
      first, c.send('complete', triage, 'desk-1', accept), ...['office-1', 'bureau-leader-1'].map(by => c.onCase('cancel', by, { reason: '重复立案。' })),
    ])
    t.store.append = append
    expect(cancelled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const types = c.types()
    expect(types.slice(types.indexOf('cancellation-ordered') + 1).filter(type => type === 'cancellation-ordered' || type === 'task-completed')).toEqual([])
  })

  it('refuses a task twice, in a stale round, by the wrong person and after the end; nothing changes', async () => {
    const c = await file()
    const first = await c.task('triage')
    await expect(c.complete('triage', 'economic-crime-1', accept)).rejects.toThrow('not-permitted')
    await c.complete('triage', 'desk-1', { ...accept, unit: 'station-01' })
    await expect(c.send('complete', first, 'desk-1', accept)).rejects.toThrow('task-closed')
    await c.act('return', 'handle', 'station-01-1', { to: 'triage', reason: '无法解决。' })
    await expect(c.send('complete', first, 'desk-1', accept)).rejects.toThrow('stale-round')
    const before = c.events().length
    await expect(c.send('complete', await c.task('triage'), 'desk-1', { decision: 'accept' })).rejects.toThrow()
    expect(c.events().length).toBe(before)
    await c.onCase('withdraw', 'ent-01-contact', { reason: '已自行解决。' })
    expect(await c.result()).toEqual({ outcome: 'withdrawn' })
  })
})
