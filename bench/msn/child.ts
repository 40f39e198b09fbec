// A server in a process of its own, so that what it costs can be told from what the load costs.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a process has used so far. */
export interface Usage {
  /** In microseconds, user and system. */
  readonly cpu: number
  /** In bytes. */
  readonly heap: number
  readonly resident: number
}

/** What a child says: first where it listens, then what it used whenever it is asked. */
export type Said = { readonly ports: Readonly<Record<string, number>> } | { readonly usage: Usage }

export class Child {
  readonly ports: Readonly<Record<string, number>>
  readonly #process: ChildProcess

  constructor(process: ChildProcess, ports: Readonly<Record<string, number>>) {
    this.#process = process
    this.ports = ports
  }

  /** `tidy`: after a collection of garbage, for the sake of the memory. */
  async usage(tidy = false): Promise<Usage> {
    const said = once(this.#process, 'message') as Promise<[Said]>
    this.#process.send(tidy ? 'tidy usage' : 'usage')
    const [answer] = await said
    if (!('usage' in answer)) throw new Error('a child said something else than what it used')
    return answer.usage
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit')
    this.#process.send('stop')
    await gone
  }
}

/** Starts a file. Rejects when it ends before it listens. BENCH_NODE_OPTIONS are more options of Node, for profiles. */
export async function start(file: URL, args: readonly string[] = []): Promise<Child> {
  const options = { execArgv: ['--expose-gc', ...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [])] }
  const child = fork(file, args, options)
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file.pathname} ended before it listened`)))
  const [said] = (await Promise.race([once(child, 'message'), ended])) as [Said]
  if (!('ports' in said)) throw new Error(`${file.pathname} does not say where it listens`)
  ended.catch(() => {})
  return new Child(child, said.ports)
}

/** The child's half: says where it listens, and answers until it is told to stop. */
export function serve(ports: Readonly<Record<string, number>>, stop: () => Promise<void>): void {
  const tell = (said: Said) => process.send?.(said)
  process.on('message', async (asked) => {
    if (asked === 'stop') {
      await stop()
      process.exit()
    }
    if (asked === 'tidy usage') for (let round = 0; round < 3; round++) globalThis.gc?.()
    tell({ usage: usageNow() })
  })
  process.on('disconnect', () => process.exit(1))
  tell({ ports })
}

function usageNow(): Usage {
  const { user, system } = process.cpuUsage()
  const { heapUsed, rss } = process.memoryUsage()
  return { cpu: user + system, heap: heapUsed, resident: rss }
}
