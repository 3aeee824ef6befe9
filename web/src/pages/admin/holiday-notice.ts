/** Reads the State Council's yearly notice on holidays (国务院办公厅关于部分节假日安排的通知), as it stands on gov.cn. */

/** Days as `YYYY-MM-DD`, in order. */
export interface Days { off: string[], work: string[] }

/** What a notice says, by year: one for next year also gives off the last days of this one. `source` only where its number is in the text. */
export interface Holidays { years: Map<number, Days>, source: string | null }

const SPAN = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:至(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?/g

/** Which days the notice for `year` gives off, and which weekend days it has worked. */
export function readHolidayNotice(text: string, year: number): Holidays {
  const number = /国办发明电〔\d{4}〕\d+号/.exec(text.replaceAll(/\s/g, ''))?.[0]
  // Weekdays and lunar dates stand in brackets.
  const sentences = text.replaceAll(/[（(][^（）()]*[）)]/g, '').replaceAll(/[ \t\u3000]/g, '').split(/[。；;\n]/)
  const daysOf = (what: string): string[] => [...new Set(sentences.filter(sentence => sentence.includes(what)).flatMap(sentence => daysIn(sentence, year)))].sort()
  const [off, work] = [daysOf('放假'), daysOf('上班')]
  const of = (days: string[], one: number): string[] => days.filter(day => day.startsWith(`${one}-`))
  const years = [...new Set([...off, ...work].map(day => Number(day.slice(0, 4))))].sort()
  return { years: new Map(years.map(one => [one, { off: of(off, one), work: of(work, one) }])), source: number ? `国务院办公厅关于${year}年部分节假日安排的通知（${number}）` : null }
}

function daysIn(sentence: string, year: number): string[] {
  return [...sentence.matchAll(SPAN)].flatMap(([, fromYear = String(year), fromMonth, fromDay, toYear = fromYear, toMonth = fromMonth, toDay = fromDay]) => {
    const last = Date.UTC(Number(toYear), Number(toMonth) - 1, Number(toDay))
    const days: string[] = []
    for (let at = Date.UTC(Number(fromYear), Number(fromMonth) - 1, Number(fromDay)); at <= last; at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10))
    return days
  })
}
