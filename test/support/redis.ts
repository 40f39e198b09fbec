// A real Redis for one test file: on a unix socket in a folder of its own, gone when the file is done.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export class TestRedis {
  readonly socket: string
  readonly #folder: string
  readonly #clients = new Set<Redis>()
  #server: ChildProcess

  private constructor(folder: string, socket: string, server: ChildProcess) {
    this.#folder = folder
    this.socket = socket
    this.#server = server
  }

  /** Resolves when it answers. Every write is on disk before it is answered, so that a killed one has lost nothing. */
  static async start(): Promise<TestRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'nudge-redis-'))
    const socket = join(folder, 's')
    const redis = new TestRedis(folder, socket, launch(folder, socket))
    await redis.#answers()
    return redis
  }

  get pid(): number {
    if (this.#server.pid === undefined) throw new Error('Redis is not running')
    return this.#server.pid
  }

  /** A client that survives restarts of the server and is closed with it. */
  connect(): Redis {
    const client = new Redis({
      path: this.socket,
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
    })
    client.on('error', () => {})
    this.#clients.add(client)
    return client
  }

  /** Kills it without warning and waits for its end. */
  async kill(): Promise<void> {
    const ended = once(this.#server, 'exit')
    this.#server.kill('SIGKILL')
    await ended
  }

  /** Starts it again on the same data. */
  async restart(): Promise<void> {
    this.#server = launch(this.#folder, this.socket)
    await this.#answers()
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.disconnect()
    if (this.#server.exitCode === null && this.#server.signalCode === null) await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #answers(): Promise<void> {
    await this.connect().ping()
  }
}

function launch(folder: string, socket: string): ChildProcess {
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const settings = ['--port', '0', '--unixsocket', socket, '--dir', folder, ...durable]
  return spawn('redis-server', settings, { stdio: 'ignore' })
}
