import { existsSync } from 'node:fs'

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/** Where the browser of the journeys is: `CHROMIUM_PATH`, else where packages put it; undefined when there is none. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || USUAL.find(path => existsSync(path))
}
