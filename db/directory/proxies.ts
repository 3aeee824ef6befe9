/**
 * Who stands in for whom now (代理), in SQL: the one place from which lists, queues and notices have it. A proxy may act while the absence
 * lasts and both are active in one unit, and the proxy does case work: all of it is asked when something is done, none is kept.
 * Chains are followed: whoever stands in for somebody who is away himself stands in for both.
 */

/** Absences that last. */
const lasts = (absence: string) => `now() >= ${absence}.from_at AND now() < ${absence}.until_at`

/** `person_id`, `proxy_id`: who stands in for whom by an absence of his own. */
const LINKS = `(SELECT a.person_id, a.proxy_id FROM absence a JOIN person o ON o.id = a.person_id AND o.active
  JOIN person q ON q.id = a.proxy_id AND q.active AND q.unit_id = o.unit_id AND NOT q.roles && ARRAY['admin', 'auditor'] WHERE ${lasts('a')})`

/** Whether the person of this `SQL id` is away. */
export const isAway = (id: string): string => `EXISTS (SELECT FROM absence w WHERE w.person_id = ${id} AND ${lasts('w')})`

/** An array of the posts that the person of this `SQL id` stands in for; never that of whoever keeps the system or reads its trail (三员分立). */
export const postsStoodInFor = (id: string): string => `ARRAY(WITH RECURSIVE absent(id) AS (
    SELECT l.person_id FROM ${LINKS} l WHERE l.proxy_id = ${id} UNION SELECT l.person_id FROM absent b JOIN ${LINKS} l ON l.proxy_id = b.id)
  SELECT jsonb_build_object('id', x.id, 'name', x.name, 'unit', x.unit_id, 'enterprise', NULL, 'roles', x.roles) FROM absent b JOIN person x ON x.id = b.id
  WHERE x.id <> ${id} AND NOT x.roles && ARRAY['admin', 'auditor'] ORDER BY x.id)`

/** An array of the ids of those who stand in for the person of this `SQL id` and are not away themselves; null when the person is not away. */
export const standIns = (id: string): string => `CASE WHEN ${isAway(id)} THEN ARRAY(WITH RECURSIVE proxy(id) AS (
    SELECT l.proxy_id FROM ${LINKS} l WHERE l.person_id = ${id} UNION SELECT l.proxy_id FROM proxy b JOIN ${LINKS} l ON l.person_id = b.id)
  SELECT b.id FROM proxy b WHERE b.id <> ${id} AND NOT ${isAway('b.id')} ORDER BY 1) END`

/** Somebody of a queue, as far as absences count. `standIns`: who stands in, of those who are there; undefined or null: is there himself. */
export interface Standing { id: string, standIns?: string[] | null }

/** Whether somebody is there whom neither four eyes nor a conflict bars: the person, or somebody who stands in and is not barred either. */
export const isThere = ({ id, standIns }: Standing, barred: string[]): boolean => !barred.includes(id) && (!standIns || standIns.some(proxy => !barred.includes(proxy)))
