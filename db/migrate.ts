import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

/** Brings a database up to date with the schema, chains the logs, grants the application's role what it needs and has appends announced. Safe to repeat. */
export async function migrate(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // Two processes may start at once: the second waits for the first.
    await client.query('SELECT pg_advisory_lock(7233)')
    await runMigrations(drizzle(client), { migrationsFolder: join(import.meta.dirname, 'migrations') })
    for (const file of ['logs.sql', 'grants.sql', 'announce.sql']) await client.query(readFileSync(new URL(file, import.meta.url), 'utf8'))
  } finally {
    await client.end()
  }
}
