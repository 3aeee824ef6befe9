/**
 * The Content-Security-Policy lets in only styles that carry the page's nonce. The component library passes it on in most
 * places, but not where it measures scrollbars or locks scrolling; so every style element gets it when it is made.
 */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

if (nonce) {
  const create = document.createElement.bind(document)
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options)
    if (tag === 'style') element.nonce = nonce
    return element
  }) as typeof document.createElement
}
