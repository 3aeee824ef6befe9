/** Why deadlines fall when they do. */
import { explainDeadline } from '../../clock/explain.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'
import { isOutsiders, type Who } from '../../model/actions.ts'
import type { DeadlineExplained } from '../http/schemas.ts'
import { promiseOfTask, publicTitle } from './promise.ts'

/**
 * The case's promise and each task's deadline. Enterprises read in full those that are theirs; of a step of the office that is under way what is
 * promised of it, for its reasons are internal; and nowhere what is still to be settled within the office.
 */
export function explainDeadlines(who: Who, { file, tasks }: CaseState): DeadlineExplained[] {
  const outside = who.roles.includes('enterprise')
  const ofCase = file.deadline ? [{ of: 'case', title: '全案', live: file.status !== 'closed', ...explainDeadline(file.deadline) }] : []
  const ofTask = (t: TaskRow) => ({ of: t.id, title: t.title, live: isLive(t), ...explainDeadline(t.deadline) })
  if (!outside) return [...ofCase, ...tasks.map(ofTask)]
  const own = tasks.filter(t => isOutsiders(t)).map(ofTask)
  const promised = tasks.filter(t => !isOutsiders(t) && isLive(t) && !isInternal(t))
    .map(t => ({ ...ofTask(t), title: publicTitle(t.procedure, t.name, t.title), lines: [`${promiseOfTask(t)}。`] }))
  return [...ofCase, ...own, ...promised].map(one => ({ ...one, source: outwards(one.source), lines: one.lines.map(outwards) }))
}

/** What an enterprise need not know to be unsettled: that a local rule has still to be confirmed. */
const outwards = (text: string) => text.replace('，待法制部门确认', '')

/** The kit's own step, which is beside the procedure's. */
const isInternal = ({ name }: TaskRow) => name === 'approve-extension'
