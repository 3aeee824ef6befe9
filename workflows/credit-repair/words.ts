/** What administrators read of the figures. */
export const words = {
  'figures.publicationMonths.minor.atLeast': '轻微失信：最短公示期（月）', 'figures.publicationMonths.minor.atMost': '轻微失信：最长公示期（月）',
  'figures.publicationMonths.general.atLeast': '一般失信：最短公示期（月）', 'figures.publicationMonths.general.atMost': '一般失信：最长公示期（月）',
  'figures.publicationMonths.serious.atLeast': '严重失信：最短公示期（月）', 'figures.publicationMonths.serious.atMost': '严重失信：最长公示期（月）',
  'figures.creditGrade.base': '信用评级：基础分',
  'figures.creditGrade.minor.standing': '轻微失信：未修复扣分', 'figures.creditGrade.minor.repaired': '轻微失信：已修复扣分',
  'figures.creditGrade.general.standing': '一般失信：未修复扣分', 'figures.creditGrade.general.repaired': '一般失信：已修复扣分',
  'figures.creditGrade.serious.standing': '严重失信：未修复扣分', 'figures.creditGrade.serious.repaired': '严重失信：已修复扣分',
  'figures.creditGrade.grades.A': 'A 级：最低得分', 'figures.creditGrade.grades.B': 'B 级：最低得分', 'figures.creditGrade.grades.C': 'C 级：最低得分', 'figures.creditGrade.grades.D': 'D 级：最低得分',
}
