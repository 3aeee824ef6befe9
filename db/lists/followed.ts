/** Tasks that somebody follows without having them to do: conditions on `task t` of `case_file c`, each only of cases that he may see. */
import type { Who } from '../../model/actions.ts'
import { partsOf } from '../../model/participants.ts'
import { ASKING } from '../notices/messages.ts'
import { visible } from './filters.ts'
import type { Where } from './where.ts'

/** Where a case stands: the steps that wait; where none does, the latest. */
const STANDS = `(t.status IN ('open', 'claimed') OR NOT EXISTS (SELECT FROM task l WHERE l.case_no = t.case_no AND (l.status IN ('open', 'claimed') OR (l.created_at, l.id) > (t.created_at, t.id))))`

/** 我发起的: where the cases stand that the person has filed, for himself or on an enterprise's behalf. */
export const filed = (where: Where, who: Who): string => `c.filed_by = ${where.value(who.id)} AND ${STANDS} AND ${visible(where, who)}`

/** 我转出、移送的: what the person has transferred or delegated, and what was handed over by his decision, to another unit or outside; whatever has become of it. */
export function handedOn(where: Where, who: Who): string {
  const me = where.value(who.id)
  return `t.id IN (SELECT e.data->>'task' FROM case_event e WHERE e.actor_id = ${me} AND e.type IN ('task-transferred', 'task-delegated')
    UNION SELECT e.data->>'task' FROM task d JOIN case_event e ON e.case_no = d.case_no AND (e.type = 'handed-over' OR e.type = 'task-opened' AND e.data ? 'from') AND e.at >= d.completed_at
      WHERE d.completed_by = ${me} AND d.status = 'completed' AND NOT EXISTS (SELECT FROM task n WHERE n.case_no = d.case_no AND n.completed_at > d.completed_at AND n.completed_at <= e.at))
    AND ${visible(where, who)}`
}

/** 抄送我的: where the cases stand of which the person was told without being asked for anything, and in which he has no part himself. */
export const copied = (where: Where, who: Who): string =>
  `t.case_no IN (SELECT n.case_no FROM notice n WHERE n.person_id = ${where.value(who.id)} AND n.channel = 'inbox' AND n.kind <> ALL(${where.value(ASKING)}::text[]))
    AND c.filed_by <> ${where.value(who.id)} AND NOT c.participants && ${where.value(partsOf(who))}::text[] AND ${STANDS} AND ${visible(where, who)}`
