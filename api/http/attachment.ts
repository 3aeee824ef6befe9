/** How a download is called. */

/** `Content-Disposition` with the name as it is (RFC 8187), and a plain one beside it for programs that read no other. */
export const attachment = (name: string): string => `attachment; ${named(name)}`

/** The same for what a browser may show by itself: only of files that the system has made. */
export const inline = (name: string): string => `inline; ${named(name)}`

function named(name: string): string {
  const plain = name.normalize('NFKC').replace(/[^\x20-\x7e]|["\\%;]/g, '_')
  // encodeURIComponent leaves ' ( ) * as they are, which a value of RFC 8187 may not hold.
  const encoded = encodeURIComponent(name).replace(/['()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${/[a-z0-9]/i.test(plain.replace(/\.[^.]*$/, '')) ? plain : plain.replace(/^.*(?=\.)/, 'anxin')}"; filename*=UTF-8''${encoded}`
}
