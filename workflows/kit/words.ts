/** Chinese for the kinds of time that several procedures have. */
export const words: Record<string, string> = { ordinary: '一般', complex: '复杂', urgent: '紧急', consultation: '咨询' }
