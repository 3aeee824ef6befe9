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
/** Of it only the layout is read; the paper is laid beside it as a file that is none. */
const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const BLANK: Paper = { form: 'ordinary', office: '局', mark: '局', number: '号', title: '题', to: null, parts: [{ p: '文' }], annexes: [], signer: '局', date: '日', remark: null, copies: null, marked: null, proof: null }
const standardFont = (file: string) => readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-serif-sc/${file}`))

/** Compiled pages of earlier papers are forgotten after so many others. */
const REMEMBERED = 2

/** Loads the fonts (some 30 MB) once. @throws Error where the office's own are not as they are named */
export function createTypeset(own?: OwnFonts): Typeset {
  const ownBlobs = own ? readdirSync(own.dir).filter(name => /\.(ttf|otf|ttc)$/i.test(name)).sort().map(name => readFileSync(join(own.dir, name))) : []
  const compiler = NodeCompiler.create({
    workspace: FOLDER,
    fontArgs: [{ fontBlobs: [standardFont('400Regular/NotoSerifSC_400Regular.ttf'), standardFont('700Bold/NotoSerifSC_700Bold.ttf'), ...ownBlobs] }],
  })
  const fonts = [[...own?.body ?? [], STANDARD], [...own?.title ?? [], STANDARD], [...own?.body ?? [], STANDARD]]

  const compile = (data: object, at: Date): Buffer => {
    compiler.mapShadow(join(FOLDER, 'paper.json'), Buffer.from(JSON.stringify({ ...data, fonts })))
    const result = compiler.compile({ mainFilePath: join(FOLDER, 'layout.typ') })
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
  // So that a font which is not there ends the process at its start, not a document.
  compile({ ...BLANK, proof: null }, new Date(0))
  return ({ proof, ...paper }, at) => compile({ ...paper, proof: proof && { lines: proof.lines, ...pixelsOf(proof.href) } }, at)
}

/** What Typst says of characters that no font has, as it prints a string in Rust. */
function unprintable({ message }: Error): Unprintable | undefined {
  const lacking = [...message.matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)].map(([, text]) => text!.replace(/\\+u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16))))
  return lacking.length > 0 ? new Unprintable([...new Set(lacking)]) : undefined
}

/** A code to scan, as grey values from left to right and from top to bottom. */
function pixelsOf(text: string): { size: number, pixels: number[] } {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  return { size, pixels: data.flat().map(black => black ? 0 : 255) }
}
