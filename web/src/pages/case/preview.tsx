import { Alert, Button, Flex } from 'antd'
import { useState } from 'react'
import { send } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'

/** What will be issued if the form is sent as it stands: in a window of its own, to be read and not to be used. */
export function Preview({ task, form, papers }: { task: string, form: object, papers: string[] }) {
  const [told, setTold] = useState<{ text: string, isWrong: boolean }>()
  const [isAsking, setAsking] = useState(false)
  /** As a Word file to write in, for whoever has to show somebody a draft. */
  const draft = async (): Promise<void> => {
    try {
      const answer = await send(new Request(`/api/tasks/${task}/preview?as=docx`, { method: 'POST', body: JSON.stringify(form), headers: { 'content-type': 'application/json' } }))
      if (answer.status === 204) return setTold({ text: `按现在所填的内容，不出具${papers.join('、')}。`, isWrong: false })
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(await answer.blob()), download: '文书草稿.docx' })
      link.click()
    } catch (error) {
      setTold({ text: toProblem(error).detail, isWrong: true })
    }
  }
  const show = async (): Promise<void> => {
    setAsking(true)
    setTold(undefined)
    // Opened by the click itself: later it would be held back.
    const window_ = window.open('', '_blank')
    try {
      const answer = await send(new Request(`/api/tasks/${task}/preview`, { method: 'POST', body: JSON.stringify(form), headers: { 'content-type': 'application/json' } }))
      if (answer.status === 204) {
        window_?.close()
        setTold({ text: `按现在所填的内容，不出具${papers.join('、')}。`, isWrong: false })
      } else {
        const address = URL.createObjectURL(await answer.blob())
        if (window_) window_.location.replace(address)
        else window.location.assign(address)
      }
    } catch (error) {
      window_?.close()
      const { detail, errors } = toProblem(error)
      setTold({ text: errors.length > 0 ? errors.map(one => one.detail).join('；') : detail, isWrong: true })
    }
    setAsking(false)
  }
  return (
    <>
      {told && <Alert showIcon type={told.isWrong ? 'error' : 'info'} title={told.text} role={told.isWrong ? 'alert' : 'status'} />}
      <Flex gap={8} wrap>
        <Button loading={isAsking} onClick={() => void show()}>预览{papers.join('、')}</Button>
        <Button onClick={() => void draft()}>下载可编辑的草稿</Button>
      </Flex>
    </>
  )
}
