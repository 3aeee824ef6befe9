// npm run db:migrate: brings the tables of ANXIN_MIGRATE_DATABASE_URL up to date, and what the application's role may do.
// `npm start` does it by itself; scripts/prepare.ts does it and readies Temporal, too.
import { readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { fail, say } from './say.ts'
import { withDatabase } from './with-database.ts'

try {
  const config = readConfig(process.env)
  await withDatabase(config, () => migrate(config.migrateDatabaseUrl))
  say('数据库结构已是最新', 'the database is up to date')
} catch (error) {
  fail(error)
}
