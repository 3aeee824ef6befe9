// npm run db:seed: loads the sample organisation and the holiday calendar; what is there already stays as it is.
import { readConfig } from '../config.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { fail, say } from './say.ts'

try {
  await seedOrganisation(readConfig(process.env).migrateDatabaseUrl)
  say('示例单位与人员已载入', 'the sample organisation is loaded')
} catch (error) {
  fail(error)
}
