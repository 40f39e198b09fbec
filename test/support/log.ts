// A logger that keeps what is said, for tests of what is said.

import type { LogContext, Logger } from '../../src/core/log.ts'

export interface Said {
  readonly level: string
  readonly message: string
  readonly context: LogContext
}

/** A logger and everything that was said to it. */
export function listening(): { log: Logger; said: Said[] } {
  const said: Said[] = []
  const at = (level: string) => (context: LogContext, message: string) => void said.push({ level, message, context })
  const log: Logger = {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    child: () => log,
    isLevelEnabled: () => true,
  }
  return { log, said }
}
