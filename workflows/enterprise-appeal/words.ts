import { RATINGS } from './forms.ts'

/** What names and codes in an appeal are called, where no form says it. */
export const words = {
  reply: '答复内容', rating: '满意度', duplicateOf: '重复的案件', consultation: '咨询', ...RATINGS,
}
