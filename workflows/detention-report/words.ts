/** What administrators read of the kinds of time, and of the figures. */
export const words = {
  'prior': '事前', 'at-once': '立即', 'execution': '执行情况填报', 'first-day': '拘留后24小时内', 'arrest-request': '提请批准逮捕', 'arrest-request-7-days': '提请批准逮捕，延长至7日', 'arrest-request-30-days': '提请批准逮捕，延长至30日',
  'arrest-decision': '审查批准逮捕',
  'figures.reporting.n': '紧急情形：采取措施后多久内报备', 'figures.reporting.unit': '紧急情形：报备时限的单位', 'figures.reporting.source': '紧急情形：报备时限的依据',
}
