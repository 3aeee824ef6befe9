import { halfWidth } from '../../model/text.ts'

/**
 * The header `Content-Disposition` of a download: its name in full (RFC 8187), and before it one of plain letters for what does not
 * read that, such as download managers and mail gateways. `name`: a file's name without a path, clean.
 */
export function attachment(name: string): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.[A-Za-z0-9]+)?$/s.exec(name) ?? []
  const plain = halfWidth(stem).replace(/[^A-Za-z0-9 ._-]+/g, '_').replace(/^[ ._]+|[ ._]+$/g, '')
  const full = encodeURIComponent(name).replace(/['()*!]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain || 'anxin'}${ending}"; filename*=UTF-8''${full}`
}
