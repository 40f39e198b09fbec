// A Nudge as an operator runs it: a process of its own, with a config file. It can be stopped, and it can be killed.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { z } from 'zod'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** How long something may take to be logged, in milliseconds. */
const patience = 60_000

const logLine = z.looseObject({ level: z.string(), msg: z.string() })
export type LogLine = z.infer<typeof logLine>

/** Where the parts of a running Nudge are reached. */
export const places = z.looseObject({
  matrix: z.string().optional(),
  notification: z.object({ host: z.string(), port: z.number() }).optional(),
  http: z.string().optional(),
})

export class NudgeProcess {
  readonly configFile: string
  /** Every line of its log. */
  readonly log: LogLine[] = []
  /** All that it ever wrote, log and complaints. */
  written = ''
  readonly #watchers = new Set<() => void>()
  #child: ChildProcess | undefined
  #places: z.infer<typeof places> | undefined
  #stderr = ''

  constructor(configFile: string) {
    this.configFile = configFile
  }

  /** Writes the config and gives a process that is not started yet. */
  static async withConfig(file: string, config: unknown): Promise<NudgeProcess> {
    await writeFile(file, stringify(config), { mode: 0o600 })
    return new NudgeProcess(file)
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('Nudge does not run')
    return pid
  }

  get places() {
    if (!this.#places) throw new Error('Nudge is not up')
    return this.#places
  }

  /** Starts it; resolves when it says that it is up, rejects with what it said when it ends before that. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [main, 'start', '--config', this.configFile], {
      cwd: dirname(this.configFile),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString()
      this.written += chunk.toString()
    })
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) =>
        reject(new Error(`Nudge ended (${signal ?? code}) before it was up: ${this.#lastWords()}`)),
      )
      child.once('error', reject)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const entry = this.#take(line)
        if (entry?.msg !== 'Nudge is up') return
        this.#places = places.parse(entry)
        resolve()
      })
    })
  }

  /** Asks it to stop, as an operator would. Gives the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  /** Kills it without a warning. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
    return child.exitCode
  }

  /** Waits for a line of its log, among those from number `since` on. */
  async logs(what: string, isIt: (line: LogLine) => boolean, since = 0): Promise<LogLine> {
    const late = AbortSignal.timeout(patience)
    for (;;) {
      const found = this.log.slice(since).find(isIt)
      if (found) return found
      if (late.aborted) throw new Error(`Nudge did not log ${what}: ${this.#lastWords()}`)
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#watchers.delete(look)
          late.removeEventListener('abort', look)
          resolve()
        }
        this.#watchers.add(look)
        late.addEventListener('abort', look)
      })
    }
  }

  #take(line: string): LogLine | undefined {
    this.written += `${line}\n`
    try {
      const entry = logLine.parse(JSON.parse(line))
      this.log.push(entry)
      for (const look of [...this.#watchers]) look()
      return entry
    } catch {
      this.#stderr += `${line}\n`
      return undefined
    }
  }

  #lastWords(): string {
    const lines = this.log.slice(-3).map((entry) => `${entry.level}: ${entry.msg} ${JSON.stringify(entry['err'] ?? '')}`)
    return [this.#stderr.trim(), ...lines].filter(Boolean).join(' | ')
  }
}

/** Runs a command of the command line to its end, with something on standard input. */
export async function runNudge(args: readonly string[], { input = '', cwd }: { input?: string; cwd?: string } = {}) {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output, errors }
}
