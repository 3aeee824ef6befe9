/** What administrators read of the figures. */
export const words = {
  'figures.validMonths.single': '一次使用的备案证明有效期（月）', 'figures.validMonths.multiple': '多次使用的备案证明有效期（月）',
  'figures.licenceDays.single': '一次使用：证照剩余有效期不足多少天时提示', 'figures.licenceDays.multiple': '多次使用：证照剩余有效期不足多少天时提示',
  'figures.largeKg.2': '大量购买：第二类达到（千克）', 'figures.largeKg.3': '大量购买：第三类达到（千克）',
  'figures.rolling.0.days': '短期累计：天数', 'figures.rolling.0.kg.2': '短期累计：第二类超过（千克）', 'figures.rolling.0.kg.3': '短期累计：第三类超过（千克）',
  'figures.rolling.1.days': '长期累计：天数', 'figures.rolling.1.kg.2': '长期累计：第二类超过（千克）', 'figures.rolling.1.kg.3': '长期累计：第三类超过（千克）',
  'figures.splittingDays': '拆分申购：看多少天内', 'figures.stockMonths': '库存加本次购买超过几个月用量时提示',
  'figures.smallPermanganateKg': '个人自用少量高锰酸钾（千克）', 'figures.cleanYearDays': '多次使用须无违规的天数',
}
