import { Alert, App, Button, Flex, Modal } from 'antd'
import { useRef, useState } from 'react'
import { caseNoOf, useAct, type Action, type Target } from '../../api/actions.ts'
import { savingText, useDraft, useDrafts, type Draft, type OpenDraft } from '../../api/drafts.ts'
import { toProblem, type ApiProblem } from '../../api/problem.ts'
import { JsonForm } from '../../components/json-form/lazy.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { Preview } from './preview.tsx'

/** A way to send: what its button says, what it means for the reader, and what is sent with the form. */
export interface Way { title: string, means?: string, given: object }

interface Props {
  target: Target
  action: Action
  /** What the form is about, for the confirmation. */
  about: string
  /** Sent as they are, not shown. */
  given?: object
  /** Beside the work, not the work itself: its button does not ask to be pressed. */
  isAside?: boolean
  /** Several ways to send the same words: each has a button, and beside it who reads them. */
  ways?: Way[]
  /** What may be issued by it: can be looked at before. */
  preview?: string[]
  onDone?: () => void
}

/** Asks once more before what cannot be taken back, sends, and says what came of it. Typed content stays until it was accepted. */
function useSubmit({ target, action, about, onDone }: Props, draft?: OpenDraft) {
  const { message, modal, notification } = App.useApp()
  const sending = useAct()
  const [problem, setProblem] = useState<ApiProblem>()
  const [isSending, setSending] = useState(false)
  const send = async (form: object, title: string): Promise<void> => {
    setSending(true)
    setProblem(undefined)
    try {
      const asked = { target, action: action.name, form }
      await (draft ? draft.send(key => sending.mutateAsync({ ...asked, key })) : sending.mutateAsync(asked))
      message.success(`已${title}：${about}`)
      onDone?.()
    } catch (error) {
      const problem = toProblem(error)
      setProblem(problem)
      // The window is loaded anew, and tells.
      if (problem.code === 'another-person') return
      // The page is read again; what has changed may take this very form away.
      if (problem.status === 409) notification.warning({ title: problem.title, description: `${problem.detail}页面已按最新情况刷新。`, duration: 8 })
      else if (!action.form) notification.error({ title: problem.title, description: problem.detail })
    } finally {
      setSending(false)
    }
  }
  const submit = (form: object, title = action.title): void => {
    if (!action.irreversible) return void send(form, title)
    // Sent once the dialog has gone and given the focus back, so that a refusal can put it on its field.
    let confirmed = false
    modal.confirm({
      title: `${action.title}：${about}`, content: '提交后不能撤回，请确认内容无误。', okText: `确认${action.title}`, cancelText: '再看看',
      onOk: () => { confirmed = true }, afterClose: () => { if (confirmed) void send(form, title) },
    })
  }
  return { submit, isSending, problem }
}

/** What a form begins with, by its own description. */
const defaultsOf = (form: Action['form']): object =>
  Object.fromEntries(Object.entries((form?.properties ?? {}) as Record<string, { default?: unknown }>).flatMap(([name, field]) => field.default === undefined ? [] : [[name, field.default]]))

/** An action's own form, with its button: as it was left, and kept as it is filled in. */
export function ActionForm(props: Props) {
  const { action, target } = props
  const drafts = useDrafts({ caseNo: caseNoOf(target) })
  if (!drafts) return <Waiting />
  return <OpenForm {...props} found={drafts.find(draft => draft.action === action.name && draft.task === ('task' in target ? target.task : null))} />
}

function OpenForm({ found, ...props }: Props & { found: Draft | undefined }) {
  const { action, target, given = {}, isAside = false, preview } = props
  const ways = props.ways ?? [{ title: action.title, given: {} }]
  // Pressing a button comes before the form is sent.
  const way = useRef(ways[0]!)
  const draft = useDraft({ ...target, action: action.name }, { found, initial: defaultsOf(action.form) })
  const { submit, isSending, problem } = useSubmit(props, draft)
  return (
    <JsonForm
      id={`form-${action.name}`} schema={action.form!} value={{ ...draft.value, ...given }} onChange={draft.change} onSubmit={form => submit({ ...form, ...way.current.given }, way.current.title)}
      errors={problem?.errors} hidden={[given, ...ways.map(one => one.given)].flatMap(Object.keys)} disabled={isSending} caseNo={caseNoOf(target)} handing={'task' in target && (action.name === 'transfer' || action.name === 'delegate') ? { task: target.task, action: action.name } : undefined}
    >
      <Flex vertical gap={12} key={JSON.stringify(target)}>
        {draft.told && <Alert showIcon type="info" title={draft.told} role="status" />}
        {problem && <Alert showIcon type={problem.isPassing ? 'warning' : 'error'} title={problem.title} description={problem.isPassing ? `${problem.detail}已填写的内容都在，可以直接再次提交，不会重复办理。` : problem.detail} role="alert" />}
        {preview && 'task' in target && <Preview task={target.task} form={{ ...draft.value, ...given }} papers={preview} />}
        {ways.map(one => (
          <Flex key={one.title} gap={8} align="center" wrap>
            <Button htmlType="submit" loading={isSending} onClick={() => { way.current = one }} {...(!isAside && { type: 'primary', block: true, size: 'large' })}>{problem?.isPassing ? `再次${ways.length > 1 ? one.title : '提交'}` : one.title}</Button>
            {one.means && <span className="muted">{one.means}</span>}
          </Flex>
        ))}
        {draft.saving.state !== 'none' && <span className="muted" role="status">{savingText(draft.saving)}</span>}
      </Flex>
    </JsonForm>
  )
}

/** An action as a button: at once where nothing is to be filled in, else its form in a window. */
export function ActionButton(props: Props & { primary?: boolean }) {
  const { action, about, primary = false } = props
  const [open, setOpen] = useState(false)
  const { submit, isSending } = useSubmit(props)
  const press = (): void => action.form ? setOpen(true) : submit({})
  return (
    <>
      <Button type={primary ? 'primary' : 'default'} loading={isSending} onClick={press}>{action.title}</Button>
      {action.form && (
        <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={`${action.title}：${about}`} destroyOnHidden width={560} mask={{ closable: false }}>
          <ActionForm {...props} onDone={() => setOpen(false)} />
        </Modal>
      )}
    </>
  )
}
