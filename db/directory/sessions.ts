/** Sessions of browsers that were signed out before their time, until they would have ended by themselves. */
import type { Queryable } from '../connect.ts'

/** What is kept of them. */
export const endedSessions = (via: Queryable) => ({
  async has(id: string): Promise<boolean> {
    return (await via.query({ name: 'session-ended', text: 'SELECT FROM ended_session WHERE id = $1', values: [id] })).rows.length > 0
  },
  /** Twice is as good as once; those whose time is over are forgotten on the way. */
  async add(id: string, until: Date): Promise<void> {
    await via.query('WITH over AS (DELETE FROM ended_session WHERE until_at < now()) INSERT INTO ended_session (id, until_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, until])
  },
})
