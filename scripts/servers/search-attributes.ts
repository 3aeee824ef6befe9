import type { Connection } from '@temporalio/client'

/**
 * What supervisors can filter cases by in the Temporal Web UI. They are never encrypted, so none holds a name. Who
 * holds a task is not among them: claims and transfers never reach the workflow.
 */
export const searchAttributes = {
  Stage: 'KeywordList',
  Unit: 'KeywordList',
  Card: 'Keyword',
  Procedure: 'Keyword',
  DueAt: 'Datetime',
  Round: 'Int',
} as const

/** temporal.api.enums.v1.IndexedValueType */
const TYPE_NUMBERS = { Keyword: 2, Int: 3, Datetime: 6, KeywordList: 7 } as const

const ALREADY_EXISTS = 6

/** Registers the search attributes that a namespace does not have yet. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  // One by one, as they are: the time-skipping server cannot list what it has.
  for (const [name, type] of Object.entries(searchAttributes)) {
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: TYPE_NUMBERS[type] } })
    } catch (error) {
      if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error
    }
  }
}
