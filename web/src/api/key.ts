/** A fresh key, of 128 random bits. Not `crypto.randomUUID`: that exists in secure contexts only, and an intranet may have no certificates. */
export const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
