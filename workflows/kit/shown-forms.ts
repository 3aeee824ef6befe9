/** What the kit's own steps show beside their forms, in every procedure. */
import { z } from 'zod'
import { prose, span, taskId } from './fields.ts'

export const kitContexts: Record<string, z.ZodType> = {
  'approve-extension': z.object({ task: taskId('请求延期的环节'), extension: span('延长'), reason: prose('理由') }),
}
