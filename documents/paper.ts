/** A document filled in and ready to be set: plain data, every word as it will be read. */
export interface Paper {
  /** Layout by GB/T 9704—2012: 通用格式, 信函格式 (10.1) or 命令格式 (10.2). */
  form: 'ordinary' | 'letter' | 'order'
  /** Who issues it. */
  office: string
  /** The red head: who issues it, as this form says it. */
  mark: string
  /** 发文字号. */
  number: string
  title: string
  /** 主送机关, without its colon. */
  to: string | null
  parts: Part[]
  annexes: string[]
  /** 署名, and the date of issue in Arabic figures: 2026年3月5日. */
  signer: string
  date: string
  /** 附注, without its brackets. */
  remark: string | null
  /** 抄送. */
  copies: string | null
  /** Said in red on every page: that it is a preview, or signed with a test certificate. */
  marked: string | null
  /** How anybody finds out whether it is genuine: an address in a code to scan, and the same in words. */
  proof: { href: string, lines: string[] } | null
}

/** A paragraph, a heading of its own line, or a table. `widths`: of its columns, in shares. */
export type Part = { p: string } | { heading: string } | { table: Table }
export interface Table { titles: string[], widths: number[], rows: string[][] }
