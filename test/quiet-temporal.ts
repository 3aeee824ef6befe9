import { DefaultLogger, Runtime } from '@temporalio/worker'

// Imported for its effect: workers in tests report only what may explain a failure.
Runtime.install({ logger: new DefaultLogger('WARN'), telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } })
