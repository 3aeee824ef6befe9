import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readHolidayNotice } from './holiday-notice.ts'

const { years } = JSON.parse(readFileSync(new URL('../../../../data/holidays-cn.json', import.meta.url), 'utf8')) as { years: Record<string, { off: string[], work: string[] }> }

const NOTICES = {
  2024: `一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。`,
  2025: `一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。`,
}

it.each([2024, 2025] as const)('reads the notice of %i as the days that are kept of it', (year) => {
  expect(readHolidayNotice(NOTICES[year], year)).toEqual({ years: new Map([[year, { off: years[year]!.off, work: years[year]!.work }]]), source: null })
})

it('tells the last days of the year before from those of its own, and finds the number', () => {
  const text = '国办发明电 〔2022〕16 号\n一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。'
  expect(readHolidayNotice(text, 2023)).toEqual({
    years: new Map([[2022, { off: ['2022-12-31'], work: [] }], [2023, { off: ['2023-01-01', '2023-01-02'], work: [] }]]),
    source: '国务院办公厅关于2023年部分节假日安排的通知（国办发明电〔2022〕16号）',
  })
  expect(readHolidayNotice('一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。', 2019).years.get(2018)).toEqual({ off: ['2018-12-30', '2018-12-31'], work: ['2018-12-29'] })
})

it('finds nothing in another text', () => {
  expect(readHolidayNotice('请各单位做好值班工作，重大突发事件及时报告。', 2026)).toEqual({ years: new Map(), source: null })
})
