/** A picture and, where there is one, a case's journey through it, put together step by step. */
import { useProcedure } from '../../api/reference.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { isBack, type Picture } from './layout.ts'

type Journey = Schemas['Journey']
export type StepStatus = Journey['steps'][number]['status'] | 'reached'
export type Round = Journey['steps'][number]['rounds'][number]

export interface Step { name: string, title: string, isOutcome: boolean, status: StepStatus, rounds: Round[] }
/** A way from one step to another; `times`: how often this case has gone it. */
export interface Way { from: string, to: string, label: string, back: boolean, times: number }
export interface Drawn { picture: Picture, steps: Step[], ways: Way[], isCase: boolean }

/** Reads the picture of a procedure; with a case, how far that has come in it. */
export function useDrawn(procedure: string, caseNo: string | undefined): Drawn {
  const detail = useProcedure(procedure)
  const { data: journey } = $api.useQuery('get', '/api/cases/{caseNo}/journey', { params: { path: { caseNo: caseNo ?? '' } } }, { enabled: caseNo !== undefined })
  return draw(detail, journey)
}

function draw({ picture, tasks, outcomeTitles }: Schemas['ProcedureDetail'], journey: Journey | undefined): Drawn {
  const walked = journey ? walkedOf(picture, journey) : new Map<string, number>()
  const steps = picture.columns.flat().map((name): Step => {
    const task = tasks.find(one => one.name === name)
    if (!task) return { name, title: outcomeTitles[name] ?? name, isOutcome: true, status: journey?.outcome === name ? 'reached' : 'not-reached', rounds: [] }
    const own = journey?.steps.find(step => step.name === name)
    return { name, title: task.title, isOutcome: false, status: own?.status ?? 'not-reached', rounds: own?.rounds ?? [] }
  })
  const ways = picture.paths.filter(({ from }) => from !== 'start').map(path => ({ ...path, back: isBack(picture, path.from, path.to), times: walked.get(`${path.from}→${path.to}`) ?? 0 }))
  return { picture, steps, ways, isCase: journey !== undefined }
}

/** Of steps decided side by side the last one leads on; the others were gone through with it. */
function walkedOf({ together, paths }: Picture, { moves, steps }: Journey): Map<string, number> {
  const walked = new Map<string, number>()
  const count = (from: string, to: string): void => void walked.set(`${from}→${to}`, (walked.get(`${from}→${to}`) ?? 0) + 1)
  for (const { from, to, at } of moves) {
    count(from, to)
    for (const other of together.find(group => group.includes(from)) ?? []) {
      const decided = steps.find(step => step.name === other)?.rounds.some(round => round.status === 'done' && round.until !== null && round.until <= at)
      if (other !== from && decided && paths.some(path => path.from === other && path.to === to)) count(other, to)
    }
  }
  return walked
}

export const STATUS: Record<StepStatus, string> = { 'not-reached': '未到', 'waiting': '办理中', 'done': '已完成', 'returned': '已退回', 'lapsed': '逾期未办', 'cancelled': '未办结束', 'reached': '结果' }
