// Loaded before the worker (node --import ./worker-threads.mjs). In its workflow threads the SDK keeps a stack trace of
// every promise, for the "Call Stack" tab of the Web UI alone; that is a third of the worker's work. Where V8 has no
// promise hooks the SDK does without, and says so once a thread. What a case waits for stands in its current details.
import v8 from 'node:v8'
import { isMainThread } from 'node:worker_threads'

if (!isMainThread) v8.promiseHooks = undefined
