/**
 * Who takes part in a case, as its file keeps it: whoever holds one of its tasks by id, for as long as he holds it; whoever has done
 * something in it by id and unit, for as long as he is of that unit. What ends the reason ends the sight; that something was read
 * stays in the access log.
 */
import type { Post } from './person.ts'

/** Somebody who has filed the case or completed a task of it, as a member of this unit (null: of none). */
export const doneIn = (id: string, unit: string | null): string => `${id}@${unit ?? ''}`

const isDone = (participant: string) => participant.includes('@')

/** The participants from now on: what was done stays, who holds is said anew. */
export const withHolders = (participants: string[], holders: string[]): string[] => [...new Set([...participants.filter(isDone), ...holders])]

/** By what a person is found among participants; by nothing once he keeps the system or reads its trail (三员分立). */
export const partsOf = ({ id, unit, roles }: Post): string[] => roles.includes('admin') || roles.includes('auditor') ? [] : [id, doneIn(id, unit)]
