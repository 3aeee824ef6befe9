/** A shared worker: one connection for all tabs of a browser in which the same person works. It ends with the last of them. */
import { listen } from './news.ts'

const tabs = new Set<MessagePort>()
let stream: ReturnType<typeof listen> | undefined

const leave = (tab: MessagePort): void => {
  tabs.delete(tab)
  if (tabs.size > 0) return
  stream?.close()
  stream = undefined
}

Object.assign(globalThis, {
  onconnect({ ports: [tab] }: MessageEvent) {
    tabs.add(tab!)
    tab!.onmessage = () => leave(tab!)
    // Whoever comes later is told that news have been coming since.
    if (stream?.isConnected()) tab!.postMessage({ kind: 'connected' })
    stream ??= listen(news => tabs.forEach(one => one.postMessage(news)))
  },
})
