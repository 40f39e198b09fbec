// The logger as the rest of the gateway sees it. Content of messages is never logged, at no level but the trace of MSN.

/** What a line is about; put where known. */
export interface LogContext {
  readonly login?: string
  readonly line?: string
  readonly delivery?: string
  readonly [field: string]: unknown
}

/** pino's shape: context first, then the sentence. */
export interface Logger {
  fatal(context: LogContext, message: string): void
  error(context: LogContext, message: string): void
  warn(context: LogContext, message: string): void
  info(context: LogContext, message: string): void
  debug(context: LogContext, message: string): void
  trace(context: LogContext, message: string): void
  child(context: LogContext): Logger
  /** Whether lines of this level are written. */
  isLevelEnabled(level: string): boolean
}

const nothing = () => {}

/** A logger that says nothing, for tests and tools. */
export const silent: Logger = {
  fatal: nothing,
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  child: () => silent,
  isLevelEnabled: () => false,
}
