/** 人大代表、政协委员: what the law asks before or after one is detained (公安机关办理刑事案件程序规定164–168). Pure; runs in the sandbox. */
import type { Application } from './forms.ts'

/** What the case unit owes the congress or the CPPCC. */
export interface DeputyDuty {
  /** `prior`: nothing can be decided before it is done. `at-once`: owed as soon as the detention is carried out; it holds nothing up. */
  when: 'prior' | 'at-once'
  title: string
  /** Why, for the one who has to do it and for those who read the case. */
  reason: string
}

/** What is still owed; null where nothing is, or the reference of what was done is on file. */
export function deputyDuty({ suspect, caughtInTheAct, urgent, permissionRef }: Application): DeputyDuty | null {
  const duty = dutyOf(suspect.deputyOf, caughtInTheAct === true)
  // A reference given before the detention cannot be that of a report that follows it.
  const done = permissionRef !== undefined && (duty?.when === 'prior' || urgent)
  return done ? null : duty
}

function dutyOf(of: Application['suspect']['deputyOf'], caughtInTheAct: boolean): DeputyDuty | null {
  switch (of) {
    case undefined: return null
    case 'npc-county-or-above': return caughtInTheAct
      ? { when: 'at-once', title: '立即报告人大', reason: '现行犯系县级以上人大代表：已拘留的，应当立即向其所属人大主席团或者常委会报告（程序规定165）。' }
      : { when: 'prior', title: '取得人大许可', reason: '嫌疑人系县级以上人大代表：须书面报请其所属人大主席团或者常委会许可，取得许可前不能决定（程序规定164）；执行后才发现的，应当立即解除并报告（程序规定165）。' }
    case 'npc-township': return { when: 'at-once', title: '执行后报告乡镇人大', reason: '嫌疑人系乡镇人大代表：执行后应当立即报告其所属的人大（程序规定166）。' }
    case 'cppcc': return caughtInTheAct
      ? { when: 'at-once', title: '及时通报政协', reason: '现行犯系政协委员：情况紧急，执行后应当及时向其所属政协组织通报（程序规定168）。' }
      : { when: 'prior', title: '向政协通报', reason: '嫌疑人系政协委员：执行前须向其所属政协组织通报情况，完成通报前不能决定（程序规定167、168）。' }
  }
}
