/**
 * Sets papers as PDF/A-2b by Typst, in this process: the same paper at the same instant comes to the same bytes, on any machine. Only
 * the fonts named here are used, and nothing falls back on what a machine has: what they lack is refused, never left out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { encode } from 'uqr'
import { Unprintable } from './errors.ts'
import type { Paper } from './paper.ts'

/** An office's own fonts: where they are, and which families text (仿宋) and titles (小标宋) are set in, the first that has a character goes. */
export interface OwnFonts { dir: string, body: string[], title: string[] }

/** Sets papers. @throws Unprintable */
export type Typeset = (paper: Paper, at: Date) => Buffer

const STANDARD = 'Noto Serif SC'
const LAYOUT = readFileSync(new URL('layout.typ', import.meta.url), 'utf8')
const standardFont = (file: string) => readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-serif-sc/${file}`))

/** Compiled pages of earlier papers are forgotten after so many others. */
const REMEMBERED = 2

/** Loads the fonts (some 30 MB) once. @throws Error where the office's own are not as they are named */
export function createTypeset(own?: OwnFonts): Typeset {
  const ownBlobs = own ? readdirSync(own.dir).filter(name => /\.(ttf|otf|ttc)$/i.test(name)).sort().map(name => readFileSync(join(own.dir, name))) : []
  const compiler = NodeCompiler.create({
    // Nothing is read from there: all that a paper says comes with it.
    workspace: fileURLToPath(new URL('.', import.meta.url)),
    fontArgs: [{ fontBlobs: [standardFont('400Regular/NotoSerifSC_400Regular.ttf'), standardFont('700Bold/NotoSerifSC_700Bold.ttf'), ...ownBlobs] }],
  })
  const fonts = [[...own?.body ?? [], STANDARD], [...own?.title ?? [], STANDARD], [...own?.body ?? [], STANDARD]]

  const compile = (source: string, inputs: Record<string, string>, at: Date): Buffer => {
    const result = compiler.compile({ mainFileContent: source, inputs })
    const wrong = [...result.takeError()?.shortDiagnostics ?? [], ...result.takeWarnings()?.shortDiagnostics ?? []] as { message: string }[]
    // Also a warning: a family that is not there would be passed over in silence.
    if (!result.result || wrong.length > 0) throw new Error(`layout: ${wrong.map(({ message }) => message).join('; ')}`)
    try {
      return compiler.pdf(result.result, { pdfStandard: 'a-2b', creationTimestamp: Math.floor(at.getTime() / 1000) })
    } catch (error) {
      throw unprintable(error as Error) ?? error
    } finally {
      compiler.evictCache(REMEMBERED)
    }
  }
  compile('#set text(font: json(bytes(sys.inputs.fonts)).flatten(), fallback: false)\n安', { fonts: JSON.stringify(fonts) }, new Date(0))
  return ({ proof, ...paper }, at) => compile(LAYOUT, { paper: JSON.stringify({ ...paper, fonts, proof: proof && { lines: proof.lines, cells: runsOf(proof.href) } }) }, at)
}

/** What Typst says of characters that no font has, as it prints a string in Rust. */
function unprintable({ message }: Error): Unprintable | undefined {
  const lacking = [...message.matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)].map(([, text]) => text!.replace(/\\+u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16))))
  return lacking.length > 0 ? new Unprintable([...new Set(lacking)]) : undefined
}

/** A code to scan, row by row, as runs of black: where each starts and how long it is. */
const runsOf = (text: string): [number, number][][] => encode(text, { ecc: 'M', border: 0 }).data.map(row =>
  row.reduce<[number, number][]>((runs, black, x) => {
    const last = runs.at(-1)
    if (black && last && last[0] + last[1] === x) last[1]++
    else if (black) runs.push([x, 1])
    return runs
  }, []))
