// npm run db:seed: loads the sample organisation, the holiday calendar and the outside systems. What is there stays as it
// is. For trying out: its people are roles, not persons, and its secrets are known to everybody.
import { readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { fail, say } from './say.ts'
import { withDatabase } from './with-database.ts'

try {
  const config = readConfig(process.env)
  await withDatabase(config, async () => {
    await migrate(config.migrateDatabaseUrl)
    await seedOrganisation(config.migrateDatabaseUrl)
  })
  say('示例机构、放假安排与外部系统已载入', 'loaded the sample organisation, the calendar and the outside systems')
} catch (error) {
  fail(error)
}
