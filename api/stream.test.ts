import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { connect, type Db } from '../db/connect.ts'
import { findPerson, listPeople } from '../db/directory/directory.ts'
import { migrate } from '../db/migrate.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { startPostgres, type Postgres } from '../scripts/servers/postgres.ts'
import { append, event, officer, openCase, taskOpened } from '../test/sample-case.ts'
import type { App } from './http/app-types.ts'
import { createAuthenticator } from './sign-in/auth.ts'
import { streamRoutes } from './routes/stream.ts'
import { createStream } from './stream.ts'
import { buildTestApp, signedIn } from './testing/test-app.ts'

// A server of its own, for it is restarted.
const dir = mkdtempSync(join(tmpdir(), 'anxin-stream-'))
const start = async (port: number) => startPostgres({ dataDir: join(dir, 'postgres'), port, logFile: join(dir, 'log'), durable: false })
let postgres: Postgres
let port: number
let db: Db
beforeAll(async () => {
  port = await freePort()
  postgres = await start(port)
  await migrate(postgres.url)
  await seedOrganisation(postgres.url)
  db = connect(postgres.appUrl)
})
afterAll(async () => {
  await db.close()
  await postgres.stop()
  rmSync(dir, { recursive: true })
})

let apps: App[]
let url: string
beforeEach(async () => {
  apps = []
  url = await startApp()
})
afterEach(async () => { for (const app of apps) await app.close() })

/** An API process as far as streams go; answers its address once it listens to the database. */
async function startApp(): Promise<string> {
  const byId = (id: string) => findPerson(db.pool, id)
  const { app } = await buildTestApp({
    authenticator: createAuthenticator({ devKey: new Uint8Array(32), findPersonById: byId, findPersonBySub: byId }),
    listDevPeople: () => listPeople(db.pool),
    routes: [streamRoutes(createStream(db))],
  })
  apps.push(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  await listening(apps.length)
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

const listening = (processes: number) =>
  expect.poll(async () => (await db.pool.query(`SELECT FROM pg_stat_activity WHERE application_name = 'anxin-stream' AND query LIKE 'LISTEN%'`)).rowCount).toBe(processes)

/** A page of a person: what it has heard, and whether it was told that there is no more. */
async function open(person: string, at = url) {
  const headers = await signedIn(apps[0]!, person)
  const closing = new AbortController()
  const answer = await fetch(`${at}/api/stream`, { headers, signal: closing.signal })
  const page = { status: answer.status, type: answer.headers.get('content-type'), heard: [] as string[], ended: false, raw: '', close: () => closing.abort() }
  void (async () => {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      page.raw += chunk
      page.heard = [...page.raw.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, name, data]) => `${name} ${Object.values(JSON.parse(data!)).join(' ')}`)
    }
    page.ended = true
  })().catch(() => { page.ended = true })
  return page
}

/** Longer than it takes to tell; for what must not come. */
const aWhile = () => sleep(400)
const claim = (caseNo: string, by = 'economic-crime-1') => append(db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer(by)))

it('tells whoever may see it, by ids only', async () => {
  const [handler, leader, contact] = [await open('economic-crime-1'), await open('economic-crime-leader'), await open('ent-01-contact')]
  expect(handler).toMatchObject({ status: 200, type: 'text/event-stream' })
  const caseNo = await openCase(db)
  const told = [`case ${caseNo}`, `task ${caseNo} ${caseNo}.handle.1`]
  for (const page of [handler, leader, contact]) {
    await expect.poll(() => page.heard).toEqual(expect.arrayContaining(told))
    expect(page.raw).not.toMatch(/货车|econ.*1"/)
  }
})

it('tells of a notice the person whose it is', async () => {
  const [holder, colleague] = [await open('economic-crime-1'), await open('economic-crime-2')]
  const caseNo = await openCase(db)
  await claim(caseNo)
  await append(db, caseNo, event('urged', { text: null }, { id: 'ent-01-contact', unit: null }))
  const { rows: [notice] } = await db.pool.query(`SELECT id FROM notice WHERE case_no = $1 AND person_id = 'economic-crime-1' ORDER BY created_at DESC`, [caseNo])
  await expect.poll(() => holder.heard).toContain(`notification ${caseNo} ${notice.id}`)
  await expect.poll(() => colleague.heard).toContain(`case ${caseNo}`)
  expect(colleague.raw).not.toContain(notice.id)
})

it('says nothing to others: another unit, another enterprise, who has declared a conflict, who has no part in a restricted case', async () => {
  const office = await open('office-1')
  const others = [await open('traffic-1'), await open('ent-02-contact'), await open('economic-crime-2'), await open('admin-1')]
  const caseNo = await openCase(db, no => [taskOpened(no), event('persons-excluded', { persons: ['economic-crime-2'] })])
  await expect.poll(() => office.heard).toContain(`case ${caseNo}`)
  const before = office.heard.length
  const restricted = await openCase(db, no => [taskOpened(no)], { restricted: true, applicantId: 'legal-1', enterpriseId: null })
  await aWhile()
  expect(office.heard.slice(before)).toEqual([])
  for (const page of others.filter(p => p !== others[2])) expect(page.heard).toEqual([])
  // A member of the unit may claim the task of a restricted case, and is told so, and knows no more of it.
  expect(others[2]!.heard).toEqual([`task ${restricted} ${restricted}.handle.1`, expect.stringMatching(`^notification ${restricted} [0-9a-f]+$`)])
})

it('goes by what the person may see now, and ends for who is disabled', async () => {
  const page = await open('traffic-2')
  await db.pool.query(`UPDATE person SET roles = '{office}' WHERE id = 'traffic-2'`)
  const caseNo = await openCase(db)
  await expect.poll(() => page.heard).toContain(`case ${caseNo}`)
  await db.pool.query(`UPDATE person SET active = false WHERE id = 'traffic-2'`)
  await openCase(db)
  await expect.poll(() => page.ended).toBe(true)
})

it('works over two API processes', async () => {
  const second = await startApp()
  const pages = [await open('economic-crime-1'), await open('economic-crime-1', second)]
  const caseNo = await openCase(db)
  for (const page of pages) await expect.poll(() => page.heard).toContain(`case ${caseNo}`)
})

it('ends when the database was away and is back, so that the page asks for what it missed; then goes on', async () => {
  const page = await open('economic-crime-1')
  await postgres.stop()
  await aWhile()
  expect(page.ended, 'while it is away, a page could not come back').toBe(false)
  postgres = await start(port)
  await expect.poll(() => page.ended, { timeout: 10_000 }).toBe(true)
  const again = await open('economic-crime-1')
  const caseNo = await openCase(db)
  await expect.poll(() => again.heard).toContain(`case ${caseNo}`)
})

it('ends when the API closes, which it does not hold up', async () => {
  const page = await open('economic-crime-1')
  const before = Date.now()
  await apps[0]!.close()
  expect(Date.now() - before).toBeLessThan(1000)
  await expect.poll(() => page.ended).toBe(true)
  apps = []
})

it('is for ten pages of a person at a time, and forgets those that are closed', async () => {
  const pages = []
  for (let i = 0; i < 10; i++) pages.push(await open('economic-crime-1'))
  expect((await open('economic-crime-1')).status).toBe(429)
  expect((await open('economic-crime-2')).status).toBe(200)
  pages[0]!.close()
  await expect.poll(async () => (await open('economic-crime-1')).status).toBe(200)
})

it('drops a page that does not read, and nobody else', async () => {
  const stream = createStream(db)
  await listening(2)
  const [slow, quick] = [stream.open('economic-crime-1'), stream.open('economic-crime-2')]
  let heard = ''
  quick.on('data', (chunk) => { heard += String(chunk) })
  for (let i = 0; !slow.destroyed && i < 60; i++) {
    const caseNos = await Promise.all(Array.from({ length: 20 }, () => openCase(db)))
    await expect.poll(() => heard).toContain(caseNos.at(-1))
  }
  expect([slow.destroyed, quick.destroyed]).toEqual([true, false])
  await stream.close()
})

it('is for those who are signed in', async () => {
  expect((await fetch(`${url}/api/stream`)).status).toBe(401)
})
