import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'

/** The API of `npm start`, to which `npm run dev -w web` passes on what is not a page. */
const api = `http://127.0.0.1:${process.env.ANXIN_HTTP_PORT ?? 3000}`

export default defineConfig({
  // Compressed once here instead of at every request.
  plugins: [react(), compression({ algorithms: ['gzip', 'brotliCompress'] })],
  // The server replaces it by a nonce of its own in every answer (Content-Security-Policy).
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 1200,
    // Imported by the form library for its own tests only, and left out with them: it compiles by `new Function`, which the policy forbids.
    rolldownOptions: {
      external: ['@rjsf/validator-ajv8'],
      // What nearly every page needs comes in one piece instead of two dozen.
      output: { codeSplitting: { groups: [{ name: 'base', minShareCount: 12 }] } },
    },
  },
  server: { proxy: { '/api': api, '/auth': api, '/docs': api } },
})
