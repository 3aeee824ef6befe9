/** Asia/Shanghai has had no daylight saving since 1991: the offset is constant. */
const OFFSET_MS = 8 * 3600_000

/** An instant as the API sends it: ISO 8601 with the offset of Asia/Shanghai. */
export const toIso = (at: Date): string => `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, -1)}+08:00`

/** An instant as a person reads it: `2026年3月5日 17:30`, in Asia/Shanghai. */
export function shanghai(at: Date): string {
  const [year, month, day, hour, minute] = toIso(at).split(/[-T:]/)
  return `${year}年${Number(month)}月${Number(day)}日 ${hour}:${minute}`
}

/** Today's date in Asia/Shanghai, `YYYY-MM-DD`. */
export const shanghaiDate = (at: Date): string => toIso(at).slice(0, 10)
