// The log: for people on a terminal, JSON otherwise. Secrets cannot reach it.

import { pino } from 'pino'
import pretty from 'pino-pretty'
import { z } from 'zod'
import type { Logger } from './core/log.ts'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

export const logSchema = z
  .strictObject({
    level: z
      .enum(levels)
      .default('info')
      .describe('How much is written. "trace" also prints the MSN traffic in transcript form, secrets as •••.'),
    format: z.enum(['auto', 'pretty', 'json']).default('auto').describe('"auto" is for people on a terminal and JSON otherwise.'),
  })
  .prefault({})

export type LogConfig = z.output<typeof logSchema>

const mask = '•••'

/** Names under which a secret could be logged by mistake, by us or by a library; looked for in the first three levels of a line. */
const secretNames = [
  'password',
  'token',
  'ticket',
  'secret',
  'credentials',
  'access_token',
  'as_token',
  'hs_token',
  'asToken',
  'hsToken',
  'authorization',
  'Authorization',
  'cookie',
]

const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** What stands in a URL or a header and opens doors: `access_token=…`, `Bearer …`, `user:password@`. */
const secretForms: readonly [RegExp, string][] = [
  [/((?:access_token|as_token|hs_token|password|ticket)["']?\s*[=:]\s*["']?)[^\s&"',}]+/gi, `$1${mask}`],
  [/\b(Bearer\s+)[^\s"',}]+/gi, `$1${mask}`],
  [/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${mask}@`],
  [/(\bpwd=)[^\s,&"']+/gi, `$1${mask}`],
]

/** Text as it may be logged. */
export function withoutSecrets(text: string): string {
  return secretForms.reduce((clean, [form, shown]) => clean.replace(form, shown), text)
}

/** An error as it may be logged: what it says and where it happened, not what else hangs on it (a request, its headers, its body). */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? withoutSecrets(error) : { type: typeof error }
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: withoutSecrets(error.stack) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Opens the log. Lines go to `output`, standard output by default. */
export function openLog({ level, format }: LogConfig, output: Output = process.stdout): Logger {
  const forPeople = format === 'pretty' || (format === 'auto' && output.isTTY === true)
  const stream = forPeople ? prettyStream(output) : output
  return pino(
    {
      level,
      base: null,
      redact: { paths: redactedPaths, censor: mask },
      serializers: { err: describeError, error: describeError },
      hooks: {
        logMethod(args, method) {
          const clean = args.map((arg: unknown) => (typeof arg === 'string' ? withoutSecrets(arg) : arg))
          method.apply(this, clean as typeof args)
        },
      },
      formatters: { level: (label) => ({ level: label }) },
    },
    stream as { write(text: string): void },
  )
}

function prettyStream(output: Output) {
  return pretty({
    colorize: output.isTTY === true,
    translateTime: 'SYS:HH:MM:ss.l',
    sync: true,
    destination: output as NodeJS.WritableStream,
  })
}
