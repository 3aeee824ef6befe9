/** What the reader may do on the roster: a button each; its form, where there is one, in a window. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Flex, Modal } from 'antd'
import { useRef, useState } from 'react'
import { client, type Schemas } from '../../api/client.ts'
import { newKey } from '../../api/key.ts'
import { toProblem } from '../../api/problem.ts'
import { JsonForm } from '../../components/json-form/lazy.tsx'

type Action = Schemas['Action']
interface Props { id: string, about: string, action: Action, unit: string, primary?: boolean, onDone?: () => void }

/** Sends an action under a key that a repeat keeps until it was answered; the roster is read again. */
function useRosterAct({ id, action, about, onDone }: Props, close: () => void) {
  const { message, notification } = App.useApp()
  const queries = useQueryClient()
  const key = useRef(newKey())
  return useMutation({
    meta: { showsFailure: true },
    mutationFn: async (form: object) => (await client.POST('/api/roster/{id}/actions/{action}', { params: { path: { id, action: action.name }, header: { 'idempotency-key': key.current } }, body: form })).data!,
    onSuccess({ remarks }) {
      key.current = newKey()
      message.success(`已${action.title}：${about}`)
      if (remarks.length > 0) notification.warning({ title: '请注意', description: remarks.join('；'), duration: 12 })
      close()
      onDone?.()
    },
    onError(error) {
      const { status, title, detail } = toProblem(error)
      // Another form, another request; without an answer it is the same one.
      if (status > 0 && status < 500) key.current = newKey()
      if (!action.form) notification.error({ title, description: detail })
    },
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/roster') }),
  })
}

const defaultsOf = (form: Action['form']): object =>
  Object.fromEntries(Object.entries((form?.properties ?? {}) as Record<string, { default?: unknown }>).flatMap(([name, field]) => field.default === undefined ? [] : [[name, field.default]]))

export function RosterAct(props: Props) {
  const { action, about, unit, primary = false } = props
  const [open, setOpen] = useState(false)
  const [value, setValue] = useState<object>(() => defaultsOf(action.form))
  const { modal } = App.useApp()
  const sending = useRosterAct(props, () => setOpen(false))
  const send = (form: object): void => {
    if (!action.irreversible) return sending.mutate(form)
    modal.confirm({ title: `${action.title}：${about}`, content: '提交后不能撤回，请确认内容无误。', okText: `确认${action.title}`, cancelText: '再看看', onOk: () => sending.mutate(form) })
  }
  const problem = sending.error && action.form ? toProblem(sending.error) : undefined
  return (
    <>
      <Button size="small" type={primary ? 'primary' : 'default'} loading={sending.isPending} onClick={() => action.form ? setOpen(true) : send({})} aria-label={`${action.title}：${about}`}>{action.title}</Button>
      {action.form && (
        <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={`${action.title}：${about}`} destroyOnHidden width={600} mask={{ closable: false }}>
          <JsonForm id={`roster-${action.name}`} schema={action.form} value={value} onChange={setValue} onSubmit={send} errors={problem?.errors} disabled={sending.isPending} unit={unit === 'rotation' ? undefined : unit}>
            <Flex vertical gap={12}>
              {problem && <Alert showIcon type="error" role="alert" title={problem.title} description={problem.detail} />}
              <Button type="primary" htmlType="submit" block size="large" loading={sending.isPending}>{action.title}</Button>
            </Flex>
          </JsonForm>
        </Modal>
      )}
    </>
  )
}

/** All that may be done to one thing. */
export function RosterActs({ id, about, actions, unit, primary = false, onDone }: { id: string, about: string, actions: Action[], unit: string, primary?: boolean, onDone?: () => void }) {
  return <Flex gap={8} wrap className="no-print">{actions.map((action, i) => <RosterAct key={action.name} id={id} about={about} action={action} unit={unit} primary={primary && i === 0} {...(onDone && { onDone })} />)}</Flex>
}
