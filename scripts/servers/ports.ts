import { createServer } from 'node:net'
import { SetupError } from '../say.ts'

/** Resolves when nobody listens on the port of this machine; otherwise throws an error naming the setting to change. */
export async function assertPortFree(port: number, setting: string): Promise<void> {
  try {
    await listenOnce(port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new SetupError(
      `端口 ${port} 不可用（${code}）：请停止占用它的程序，或把环境变量 ${setting} 设为别的端口。`,
      `Port ${port} cannot be used (${code}): stop the program that uses it, or set ${setting} to another port.`,
    )
  }
}

/** A port that nobody listens on now, picked by the system. */
export function freePort(): Promise<number> {
  return listenOnce(0)
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as { port: number }
      server.close(() => resolve(taken))
    })
  })
}
