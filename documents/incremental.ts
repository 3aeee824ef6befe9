/** Adds a signature field to a PDF of ours as an incremental update (ISO 32000-1 7.5.6, 12.8): what was there stays byte for byte. */

/** Room for the signature with its certificates, in bytes. */
const ROOM = 8192

/** What the field says beside the signature. */
export interface Field { signer: string, at: Date, reason: string }

/**
 * The file with an empty signature of fixed room, and how to fill it: `signed` are the bytes that the signature is over.
 * @throws Error for a PDF that Typst has not made: only its plain cross-reference table is read
 */
export function withSignatureField(pdf: Buffer, { signer, at, reason }: Field): { signed: Buffer, fill(signature: Buffer): Buffer } {
  const text = pdf.toString('latin1')
  const before = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1])
  const trailer = text.slice(text.lastIndexOf('trailer'))
  const [size, root] = [Number(/\/Size (\d+)/.exec(trailer)?.[1]), Number(/\/Root (\d+) 0 R/.exec(trailer)?.[1])]
  const kept = ['Info', 'ID'].map(key => new RegExp(`/${key} (\\d+ 0 R|\\[[^\\]]*\\])`).exec(trailer)?.[0] ?? '').join(' ')
  if (![before, size, root].every(Number.isInteger)) throw new Error('this PDF cannot be signed: no plain trailer')

  const dictionary = (no: number): string => {
    const start = text.indexOf('<<', text.lastIndexOf(`\n${no} 0 obj`))
    const end = text.indexOf('endobj', start)
    return text.slice(start, text.lastIndexOf('>>', end))
  }
  const page = firstPage(Number(/\/Pages (\d+) 0 R/.exec(dictionary(root))?.[1]), dictionary)
  const [field, widget] = [size, size + 1]
  const range = `[0 ${'0'.repeat(10)} ${'0'.repeat(10)} ${'0'.repeat(10)}]`
  const objects: [number, string][] = [
    [page, `${dictionary(page)}/Annots [${widget} 0 R]>>`],
    [root, `${dictionary(root)}/AcroForm <</Fields [${widget} 0 R] /SigFlags 3>>>>`],
    [field, `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (${dateOf(at)}) /Name ${stringOf(signer)} /Reason ${stringOf(reason)} /ByteRange ${range} /Contents <${'0'.repeat(ROOM * 2)}>>>`],
    // Without extent it needs no appearance (ISO 19005-2 6.3.3); F 132: printed, locked.
    [widget, `<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V ${field} 0 R /P ${page} 0 R /Rect [0 0 0 0] /F 132>>`],
  ]
  let update = '\n'
  const offsets = objects.map(([no, content]) => {
    const at = pdf.length + update.length
    update += `${no} 0 obj\n${content}\nendobj\n`
    return [no, at] as const
  })
  const xref = pdf.length + update.length
  update += `xref\n${offsets.toSorted(([a], [b]) => a - b).map(([no, at]) => `${no} 1\n${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size ${size + 2} /Root ${root} 0 R ${kept} /Prev ${before}>>\nstartxref\n${xref}\n%%EOF\n`

  const whole = text + update
  const open = whole.lastIndexOf('/Contents <') + '/Contents '.length
  const close = open + ROOM * 2 + 2
  const real = `[0 ${open} ${close} ${whole.length - close}]`.padEnd(range.length)
  const at2 = whole.lastIndexOf(range)
  const file = Buffer.from(whole.slice(0, at2) + real + whole.slice(at2 + range.length), 'latin1')
  return {
    signed: Buffer.concat([file.subarray(0, open), file.subarray(close)]),
    fill(signature) {
      if (signature.length > ROOM) throw new Error(`a signature of ${signature.length} bytes has no room`)
      file.write(signature.toString('hex'), open + 1, 'latin1')
      return file
    },
  }
}

function firstPage(no: number, dictionary: (no: number) => string): number {
  const kid = /\/Kids \[\s*(\d+) 0 R/.exec(dictionary(no))?.[1]
  return kid === undefined ? no : firstPage(Number(kid), dictionary)
}

/** ISO 32000-1 7.9.4, in Asia/Shanghai. */
const dateOf = (at: Date): string => `D:${new Date(at.getTime() + 8 * 3600_000).toISOString().replace(/\D/g, '').slice(0, 14)}+08'00'`
/** Text as UTF-16BE. */
const stringOf = (text: string): string => `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`
