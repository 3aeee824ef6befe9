/** Under which name a file is kept and handed out, whatever it was called. */
import { cleanText, oddIn } from '../../model/text.ts'
import { FILE_KINDS, type FileKind } from './file-kinds.ts'

/** Systems that save a file take 255 bytes; the ending and what a browser adds to a second copy come on top. */
const maxStemBytes = 200

/** Endings that lead somebody to start or open something else than a document. */
const DECEIVING = new Set([...FILE_KINDS.flatMap(kind => kind.endings), ...('exe com bat cmd scr pif msi msp cpl dll sys js jse mjs vbs vbe wsf wsh hta ps1 psm1 lnk url jar apk app sh py '
  + 'php svg htm html xhtml mht xml doc docm dot xls xlsm xlsb ppt pptx pptm rtf zip rar 7z iso img gz heic wps et').split(' ')])
/** Names that Windows keeps for devices, with whatever ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i

/**
 * The name as it is kept: without path, invisible marks and signs that a system does not take, and with an ending of what the content
 * is. `filed`: as it was sent.
 */
export function fileName(filed: string, kind: FileKind): string {
  const own = cleanText(filed.normalize('NFC').replace(/^[^]*[/\\]/, ''))
  const plain = [...own].filter(c => !oddIn(c)).join('').replace(/[\n\t]+/g, ' ').replace(/[<>:"|?*\u2044\u2215\u29f8]/g, '_')
  const ending = endingOf(plain)
  const stem = shortened(trimmed(withoutEndings(plain)))
  return `${RESERVED.test(stem) ? `文件 ${stem}` : stem || '材料'}.${kind.endings.includes(ending) ? ending : kind.endings[0]}`
}

const endingOf = (name: string): string => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? ''

/** Without its own ending, and those before it that only deceive; the 2 of `报告 v1.2` is none. */
function withoutEndings(name: string): string {
  let rest = name.replace(/[. \u3000]+$/, '')
  for (let ending = endingOf(rest), first = true; first ? /[a-z]/.test(ending) : DECEIVING.has(ending); ending = endingOf(rest), first = false) rest = rest.slice(0, -ending.length - 1).replace(/[. \u3000]+$/, '')
  return rest
}

const trimmed = (name: string): string => name.replace(/^[. \u3000]+|[. \u3000]+$/g, '')

function shortened(stem: string): string {
  let kept = ''
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(stem)) {
    if (Buffer.byteLength(kept + segment) > maxStemBytes) return trimmed(kept)
    kept += segment
  }
  return kept
}
