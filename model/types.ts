/** The small types that everything about a case is made of. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Facts = Record<string, Json>

export type CaseStatus = 'open' | 'paused' | 'closed'
export type TaskStatus = 'open' | 'claimed' | 'completed' | 'cancelled'
/** What the enterprise that a case is about sees of it: all that is for enterprises; to whoever filed it, that there is such a case and what he is told; nothing. */
export type EnterpriseSees = 'all' | 'window' | 'nothing'
export type Card = 'none' | 'yellow' | 'red'

/** `duplicate-of`: the same enterprise and matter, kept with the later case; `child`: a case that this one opened; `parent`: the one that opened this. */
export interface CaseLink { caseNo: string, kind: 'duplicate-of' | 'child' | 'parent' }

/** What a case waits for that is no task, in the words of an officer: an instant, the end of another case. */
export interface Wait { id: string, text: string }

/** Who acts: an opaque person id, or an outside system (`system:<id>`). */
export interface Actor { id: string, unit?: string | null }
/** Who answers for a step that somebody outside has to do: a unit, and in it the officer who has filed the case. */
export interface Answers { unit: string, person: string | null }
/** Whose clock brought a case its card: a task's or, as `case`, its own; the unit and the step as they were then. */
export interface CardOf { clock: string, unit: string | null, title: string }

/**
 * Who or what a case is about besides its applicant, where there are several: each has a lane of its own (`c.each`), with rounds, stage and
 * sight apart from the others. `id`: without dots, it is part of its tasks' ids. An enterprise or a unit does its tasks itself.
 */
export interface Party { id: string, name: string, kind: 'enterprise' | 'unit' | 'item', enterprise?: string, unit?: string }

/** A party as the case stands: the steps that wait in its lane, and whether the lane has ended. */
export interface PartyState extends Party { stage: string, closed: boolean }
