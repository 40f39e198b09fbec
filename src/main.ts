// The command line: arguments in, an exit code out. What each command does stands in cli/.

import { CommanderError } from 'commander'
import { program } from './cli/program.ts'
import { ConfigError, StartError } from './core/errors.ts'
import { withoutSecrets } from './log.ts'

// A library of the Matrix SDK uses a deprecated call when it is loaded; whoever runs Nudge can do nothing about that.
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (!('code' in warning && warning.code === 'DEP0060')) process.stderr.write(`nudge: ${warning.name}: ${warning.message}\n`)
})

try {
  await program().parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** One clear line for what the operator can mend; for a bug, where it happened. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode
  const expected = error instanceof ConfigError || error instanceof StartError
  const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`nudge: ${withoutSecrets(text)}\n`)
  return expected ? 2 : 1
}
