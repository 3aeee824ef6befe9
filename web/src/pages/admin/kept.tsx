/** A form of administration, kept as a draft while it is filled in: as it was left, over reloads and other windows. */
import { Button, Flex } from 'antd'
import { useState, type ReactNode } from 'react'
import { savingText, textOf, useDraft, useDrafts, type Draft } from '../../api/drafts.ts'
import { Waiting } from '../../components/waiting.tsx'

/** What is in a form, how to change it, and how to forget what was kept once it is saved. */
export interface Form<Value extends object> { value: Value, change: (value: Value) => void, drop: () => void }

interface Props<Value extends object> {
  /** Tells this form from all others: `people/auditor-1`; undefined: it is not kept. */
  place: string | undefined
  /** What it begins with when nothing was left. */
  initial: Value
  children: (form: Form<Value>) => ReactNode
}

export const Kept = <Value extends object>({ place, ...props }: Props<Value>) => place === undefined ? <NotKept {...props} /> : <InPlace {...props} place={place} />

function NotKept<Value extends object>({ initial, children }: Omit<Props<Value>, 'place'>) {
  const [value, change] = useState(initial)
  return children({ value, change, drop: () => undefined })
}

function InPlace<Value extends object>(props: Props<Value> & { place: string }) {
  const drafts = useDrafts({ place: props.place })
  const [discarded, setDiscarded] = useState(0)
  if (!drafts) return <Waiting />
  return <Open key={discarded} {...props} found={discarded === 0 ? drafts[0] : undefined} onDiscard={() => setDiscarded(discarded + 1)} />
}

function Open<Value extends object>({ place, initial, children, found, onDiscard }: Props<Value> & { place: string, found: Draft | undefined, onDiscard: () => void }) {
  const draft = useDraft({ place }, { found, initial })
  // What was found when it was opened; it goes on being kept under the same id.
  const [first] = useState(found && textOf(found.form) !== '' ? found : undefined)
  return (
    <>
      {first && (
        <Flex gap={12} align="center" wrap className="kept-told" role="status">
          已恢复您上次填写而未保存的内容
          <Button size="small" onClick={() => void draft.drop().then(onDiscard)}>放弃，重新填写</Button>
        </Flex>
      )}
      {children({ value: draft.value as Value, change: draft.change, drop: () => void draft.drop().catch(() => undefined) })}
      {draft.told && <p className="muted" role="status">{draft.told}</p>}
      {draft.saving.state !== 'none' && <p className="muted" role="status">{savingText(draft.saving)}</p>}
    </>
  )
}
