/** How the worker bundles the workflows; not bundled itself. */
import { fileURLToPath } from 'node:url'

const workflowsPath = fileURLToPath(new URL('index.ts', import.meta.url))

/**
 * The procedures are loaded once and shared, frozen, by all cases of a worker; by default every case gets its own copy of
 * every module, which is half of its memory. So modules in the bundle hold constants and no state.
 */
export const WORKFLOWS = { workflowsPath, bundlerOptions: { preloadModules: [workflowsPath] } }
