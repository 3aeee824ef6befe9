/** Which files may be added to a case, by what their content is. The rules are data, served to browsers, which check by them as soon as a file is chosen. */
import { z } from 'zod'

/** The largest file, in bytes. */
export const maxFileBytes = 20 * 1024 * 1024

/** What is taken; nothing that can run. The first ending is the one that a name gets. */
export const FILE_KINDS = [
  { title: 'PDF', type: 'application/pdf', endings: ['pdf'] },
  { title: 'OFD', type: 'application/ofd', endings: ['ofd'] },
  { title: 'JPG', type: 'image/jpeg', endings: ['jpg', 'jpeg'] },
  { title: 'PNG', type: 'image/png', endings: ['png'] },
  { title: 'Word（docx）', type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', endings: ['docx'] },
  { title: 'Excel（xlsx）', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', endings: ['xlsx'] },
]
export type FileKind = (typeof FILE_KINDS)[number]

/** How a content is known. The first rule that fits says what it is: of a kind that is taken (`type`), or why it is not (`why`). */
export const FileRule = z.object({
  bytes: z.string().meta({ description: '十六进制：文件在 at 处（有 within 的，在开头这么多字节之内）的字节' }),
  at: z.int(),
  within: z.int().nullable(),
  holds: z.string().nullable().meta({ description: 'ZIP 文件：目录中各文件名之前加换行、连成的文字所含的文字；其他文件：全文按 UTF-16LE 读出所含的文字' }),
  broken: z.boolean().meta({ description: 'true：ZIP 文件而读不出目录' }),
  type: z.string().nullable(),
  why: z.string().nullable(),
}).meta({ id: 'FileRule', title: '文件种类的判断' })
export type FileRule = z.infer<typeof FileRule>

const hex = (latin1: string) => Buffer.from(latin1, 'latin1').toString('hex')
const rule = (bytes: string, is: { type: string } | { why: string }, more: Partial<FileRule> = {}): FileRule => ({ bytes, at: 0, within: null, holds: null, broken: false, type: null, why: null, ...is, ...more })

const TAKEN = FILE_KINDS.map(kind => kind.title).join('、')
/** Of no kind that anybody knows. */
export const unknownWhy = `只收 ${TAKEN}；这份文件不是其中任何一种，或者已经损坏。`
export const emptyWhy = '文件是空的，没有内容。'

const [ZIP, OLE] = ['504b0304', 'd0cf11e0a1b11ae1']
const program = { why: '这是可以运行的程序或者脚本，不能上传。' }
const page = { why: '这是网页或者 SVG 图形，可能含有脚本，请另存为 PDF 后上传。' }
const photo = { why: '这是 HEIC 照片，多数电脑打不开，请转成 JPG 后上传：iPhone 可在“设置—相机—格式”中选“兼容性最佳”后重拍，或者截图后上传。' }
const picture = { why: '这种图片不收，请另存为 JPG 或者 PNG 后上传。' }
const media = { why: '音频、视频不能在这里上传，请刻录或者拷贝后交办理单位。' }
const archive = { why: '压缩包不收，请解压后逐份上传。' }
const slides = { why: '这是演示文稿，请另存为 PDF 后上传。' }
const typeOf = (ending: string) => ({ type: FILE_KINDS.find(kind => kind.endings.includes(ending))!.type })

export const FILE_RULES: FileRule[] = [
  ...[hex('MZ'), '7f454c46', hex('#!'), 'cafebabe', 'cffaedfe'].map(bytes => rule(bytes, program)),
  ...[hex('<'), 'efbbbf3c'].map(bytes => rule(bytes, page)),
  // An Office file with a password is an OLE file that holds the encrypted one ([MS-OFFCRYPTO] 2.3.4).
  rule(OLE, { why: '文件已加密，请去掉密码后上传。' }, { holds: 'EncryptedPackage' }),
  rule(OLE, { why: '这是旧版 Word 文件（.doc），请另存为 .docx 后上传。' }, { holds: 'WordDocument' }),
  rule(OLE, { why: '这是旧版 Excel 文件（.xls），请另存为 .xlsx 后上传。' }, { holds: 'Workbook' }),
  rule(OLE, slides, { holds: 'PowerPoint Document' }),
  rule(OLE, { why: '这是旧版 Office 或者邮件文件，请另存为 PDF 后上传。' }),
  ...['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1'].map(brand => rule(hex(`ftyp${brand}`), photo, { at: 4 })),
  rule(hex('ftypavif'), picture, { at: 4 }),
  rule(hex('ftyp'), media, { at: 4 }),
  rule('504b0506', archive),
  rule(ZIP, { why: '文件不完整或者已经损坏，请重新保存后上传。' }, { broken: true }),
  ...['vbaProject.bin', '\nMETA-INF/MANIFEST.MF', '\nAndroidManifest.xml'].map(holds => rule(ZIP, holds === 'vbaProject.bin' ? { why: '文件含有宏，请另存为不含宏的 .docx 或者 .xlsx 后上传。' } : program, { holds })),
  rule(ZIP, typeOf('docx'), { holds: '\nword/document' }),
  rule(ZIP, typeOf('xlsx'), { holds: '\nxl/workbook.xml' }),
  rule(ZIP, typeOf('ofd'), { holds: '\nOFD.xml\n' }),
  rule(ZIP, slides, { holds: '\nppt/presentation' }),
  rule(ZIP, { why: '请另存为 .xlsx 后上传。' }, { holds: '\nxl/workbook.bin' }),
  rule(ZIP, { why: '请另存为 PDF、.docx 或者 .xlsx 后上传。' }, { holds: '\ncontent.xml' }),
  rule(ZIP, archive),
  rule('ffd8ff', typeOf('jpg')),
  rule('89504e470d0a1a0a', typeOf('png')),
  // Some printers and mail programs put lines before the mark; readers look for it in the first kilobyte.
  rule(hex('%PDF-'), typeOf('pdf'), { within: 1024 }),
  ...[hex('GIF8'), '49492a00', '4d4d002a'].map(bytes => rule(bytes, picture)),
  rule(hex('WEBP'), picture, { at: 8 }),
  ...[hex('Rar!'), '377abcaf271c', '1f8b'].map(bytes => rule(bytes, archive)),
  ...[hex('RIFF'), hex('ID3'), hex('OggS'), '1a45dfa3'].map(bytes => rule(bytes, media)),
]

/** Of which kind a file is, or why it is not taken, as a sentence. */
export function judgeFile(content: Buffer): { kind: FileKind } | { why: string } {
  if (content.length === 0) return { why: emptyWhy }
  const names = content.subarray(0, 4).toString('hex') === ZIP ? namesInZip(content) : undefined
  const found = FILE_RULES.find(({ bytes, at, within, holds, broken }) => {
    const mark = Buffer.from(bytes, 'hex')
    if (within === null ? !content.subarray(at, at + mark.length).equals(mark) : content.subarray(0, within + mark.length).indexOf(mark) < 0) return false
    if (broken) return names === undefined
    return holds === null || (names ?? content.toString('utf16le')).includes(holds)
  })
  const kind = FILE_KINDS.find(({ type }) => type === found?.type)
  return kind ? { kind } : { why: found?.why ?? unknownWhy }
}

/** The names in a ZIP file's directory, a line break before and after each; undefined where it cannot be read (APPNOTE 4.3.12, 4.3.16). */
function namesInZip(content: Buffer): string | undefined {
  const end = content.length < 22 ? -1 : content.lastIndexOf(Buffer.from('504b0506', 'hex'), content.length - 22)
  if (end < 0) return undefined
  let at = content.readUInt32LE(end + 16)
  let names = '\n'
  for (let left = content.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > end || content.readUInt32LE(at) !== 0x02014b50) return undefined
    const length = content.readUInt16LE(at + 28)
    names += `${content.toString('latin1', at + 46, at + 46 + length)}\n`
    at += 46 + length + content.readUInt16LE(at + 30) + content.readUInt16LE(at + 32)
  }
  return names
}
