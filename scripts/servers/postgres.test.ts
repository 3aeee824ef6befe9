import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { freePort } from './ports.ts'
import { startPostgres } from './postgres.ts'

// As private as a temporary directory is: closed to the user that PostgreSQL runs as when we are root.
const scratch = mkdtempSync(join(tmpdir(), 'anxin-postgres-'))
const options = { dataDir: join(scratch, 'postgres'), port: await freePort(), logFile: join(scratch, 'postgres.log'), durable: false }
afterAll(() => rmSync(scratch, { recursive: true }))

async function ask(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client.query(sql).then(({ rows }) => rows).finally(() => client.end())
}

test('keeps what was committed over kill -9 and sorts Chinese text as UTF-8', async () => {
  const first = await startPostgres(options)
  await ask(first.url, `create table unit (name text); insert into unit values ('法制大队')`)
  process.kill(first.pid, 'SIGKILL')
  expect(await first.exited).toBe('signal SIGKILL')

  const second = await startPostgres(options)
  expect(await ask(second.url, 'select name, length(name) from unit')).toEqual([{ name: '法制大队', length: 4 }])
  await second.stop()
})

test('names the setting when the port is taken', async () => {
  const server = await startPostgres(options)
  await expect(startPostgres(options)).rejects.toThrow('ANXIN_PG_PORT')
  await server.stop()
})

test('starts when the lock file of a killed server names what is now another program', async () => {
  writeFileSync(join(options.dataDir, 'postmaster.pid'), `${process.pid}\n${options.dataDir}\n1\n${options.port}\n`)
  const server = await startPostgres(options)
  expect(server.isRunning()).toBe(true)
  await server.stop()
  expect(server.isRunning()).toBe(false)
})
