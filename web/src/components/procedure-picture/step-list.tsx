import { dateTime } from '../../time.ts'
import { CARD_TITLES } from '../card-tag.tsx'
import { STATUS, type Drawn, type Round } from './read.ts'

/** The same as the picture, in words: for screen readers, and for whoever prefers to read. */
export function StepList({ steps, ways, isCase, picture }: Drawn) {
  const titleOf = (name: string): string => steps.find(step => step.name === name)?.title ?? name
  return (
    <ol className="picture-list">
      {steps.filter(step => !isCase || !step.isOutcome || step.status === 'reached').map(({ name, title, isOutcome, status, rounds }) => (
        <li key={name}>
          <strong>{isOutcome ? `结果：${title}` : title}</strong>
          {isCase && !isOutcome && <span className={`picture-word is-${status}`}>{STATUS[status]}</span>}
          {picture.together.filter(group => group.includes(name)).map(group => <span key="together" className="muted"> 与{group.filter(one => one !== name).map(titleOf).join('、')}同步办理</span>)}
          {rounds.length > 0 && <ul>{rounds.map(round => <li key={round.task}>{inWords(round)}</li>)}</ul>}
          {!isOutcome && <div className="muted">去向：{ways.filter(way => way.from === name).map(way => `${titleOf(way.to)}${way.label && `（${way.label}）`}${way.times > 0 ? `，已走 ${way.times} 次` : ''}`).join('；')}</div>}
        </li>
      ))}
    </ol>
  )
}

function inWords({ round, status, unitName, person, from, until, dueAt, card }: Round): string {
  return [
    `第 ${round} 轮：${STATUS[status]}`, unitName, person && person.name.replace(`${unitName} `, ''), `${dateTime(from)} 开始`, until ? `${dateTime(until)} 结束` : `期限 ${dateTime(dueAt)}`, card !== 'none' && CARD_TITLES[card],
  ].filter(Boolean).join('，')
}
