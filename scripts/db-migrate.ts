// npm run db:migrate: brings the database up to date. Needs the owner's address in ANXIN_MIGRATE_DATABASE_URL, or a
// running `npm start`.
import { readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { fail, say } from './say.ts'

try {
  await migrate(readConfig(process.env).migrateDatabaseUrl)
  say('数据库结构已是最新', 'the database is up to date')
} catch (error) {
  fail(error)
}
