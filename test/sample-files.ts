/** Small real files of many kinds, made here. */
import { crc32, deflateSync } from 'node:zlib'

/** A ZIP file of stored entries; `names` with their contents. */
export function zipOf(entries: Record<string, string>): Buffer {
  const [local, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [name, text] of Object.entries(entries)) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)]
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(content.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(path.length, 22)
    local.push(Buffer.from('PK\x03\x04'), fields, path, content)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, rest, path)
    at += 30 + path.length + content.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(entries).length, 4)
  end.writeUInt16LE(Object.keys(entries).length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, list, Buffer.from('PK\x05\x06'), end])
}

/** The beginning of an OLE file, with a directory that names these streams. */
const oleOf = (...streams: string[]) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), ...streams.map(name => Buffer.concat([Buffer.from(name, 'utf16le'), Buffer.alloc(128 - name.length * 2)])), Buffer.alloc(512)])

function pngOf(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', Buffer.from('00000001000000010802000000', 'hex')), chunk('IDAT', deflateSync(Buffer.alloc(4))), chunk('IEND', Buffer.alloc(0))])
}

const types = { '[Content_Types].xml': '<Types/>' }
export const pdf = Buffer.from('%PDF-1.7\n示例\n%%EOF')
export const docx = zipOf({ ...types, 'word/document.xml': '<w:document/>' })
export const xlsx = zipOf({ ...types, 'xl/workbook.xml': '<workbook/>' })
export const ofd = zipOf({ 'OFD.xml': '<ofd:OFD/>', 'Doc_0/Document.xml': '<ofd:Document/>' })
export const png = pngOf()
export const jpg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(20), Buffer.from('ffd9', 'hex')])

/** What it is called → content and type, for what is taken. */
export const TAKEN: Record<string, [Buffer, string]> = {
  'a PDF': [pdf, 'application/pdf'],
  'a PDF after a line break': [Buffer.concat([Buffer.from('\r\n'), pdf]), 'application/pdf'],
  'a PDF after what a printer puts before it': [Buffer.concat([Buffer.from('\x1b%-12345X@PJL JOB\r\n'.padEnd(1000, ' ')), pdf]), 'application/pdf'],
  'an OFD': [ofd, 'application/ofd'],
  'a JPG': [jpg, 'image/jpeg'],
  'a PNG': [png, 'image/png'],
  'a Word file': [docx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  'a Word file of the web version': [zipOf({ 'word/document2.xml': '', ...types }), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  'an Excel file': [xlsx, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
}

const ftyp = (brand: string) => Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from(`ftyp${brand}`), Buffer.alloc(40)])
/** What it is called → content and words of the reason, for what is not. */
export const REFUSED: Record<string, [Buffer, RegExp]> = {
  'nothing': [Buffer.alloc(0), /空的/],
  'an encrypted Word file': [oleOf('Root Entry', 'EncryptionInfo', 'EncryptedPackage'), /已加密，请去掉密码/],
  'an old Word file': [oleOf('Root Entry', 'WordDocument'), /另存为 \.docx/],
  'an old Excel file': [oleOf('Root Entry', 'Workbook'), /另存为 \.xlsx/],
  'old slides': [oleOf('Root Entry', 'PowerPoint Document'), /演示文稿/],
  'another OLE file': [oleOf('Root Entry', '__properties_version1.0'), /另存为 PDF/],
  'a photo of a telephone': [ftyp('heic'), /HEIC.*JPG/],
  'another photo of a telephone': [ftyp('mif1'), /HEIC.*JPG/],
  'a film': [ftyp('isom'), /视频/],
  'a program': [Buffer.from('MZ\x90\0'.padEnd(100, '\0'), 'latin1'), /程序/],
  'a program that pretends to be a PDF': [Buffer.concat([Buffer.from('MZ'), pdf]), /程序/],
  'a script': [Buffer.from('#!/bin/sh\n'), /脚本/],
  'an SVG': [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), /SVG/],
  'a page that holds the mark of a PDF': [Buffer.from('<html>%PDF-1.7'), /网页/],
  'a text that names a PDF far behind': [Buffer.concat([Buffer.from(' '.repeat(1100)), pdf]), /只收 PDF/],
  'a text': [Buffer.from('一些文字'), /只收 PDF、OFD/],
  'half a Word file': [docx.subarray(0, docx.length - 30), /损坏/],
  'the head of a ZIP file': [Buffer.from('PK\x03\x04'.padEnd(100, '\0'), 'latin1'), /损坏/],
  'a Word file with macros': [zipOf({ ...types, 'word/document.xml': '', 'word/vbaProject.bin': '' }), /宏/],
  'an archive of a Word file': [zipOf({ '合同.docx': docx.toString('latin1') }), /解压/],
  'an archive of an unpacked Word file': [zipOf({ '合同/word/document.xml': '' }), /解压/],
  'an archive of an OFD': [zipOf({ '发票/OFD.xml': '' }), /解压/],
  'an empty archive': [zipOf({}), /解压/],
  'a Java archive': [zipOf({ 'META-INF/MANIFEST.MF': '', 'word/document.xml': '' }), /程序/],
  'slides': [zipOf({ ...types, 'ppt/presentation.xml': '' }), /演示文稿/],
  'a GIF': [Buffer.from('GIF89a'), /JPG 或者 PNG/],
  'a WebP': [Buffer.from('RIFF\0\0\0\0WEBPVP8 '), /JPG 或者 PNG/],
  'a RAR': [Buffer.from('Rar!\x1a\x07\0'), /解压/],
}
