import { Button } from 'antd'
import { useState } from 'react'

/** Takes a text into the clipboard; `of` says which. */
export function CopyButton({ text, of }: { text: string, of: string }) {
  const [done, setDone] = useState(false)
  const copy = async (): Promise<void> => {
    // The clipboard is there only where the connection is secure.
    await (navigator.clipboard?.writeText(text) ?? copyBySelection(text))
    setDone(true)
  }
  return <Button type="text" size="small" aria-label={done ? `已复制${of}` : `复制${of}`} onClick={() => void copy()}>{done ? '已复制' : '复制'}</Button>
}

function copyBySelection(text: string): void {
  const box = Object.assign(document.createElement('textarea'), { value: text, className: 'visually-hidden' })
  document.body.append(box)
  box.select()
  document.execCommand('copy')
  box.remove()
}
