// A Redis of our own: a child process that is started again when it dies, and stopped when we stop.

import { type ChildProcess, spawn } from 'node:child_process'
import { access, constants, mkdir } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { StartError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { say } from '../core/words.ts'
import type { RedisConfig } from './config.ts'
import { LockHeld, lockHolder, takeLock } from './lock.ts'
import { stopOrphans } from './orphans.ts'
import { socketFor } from './socket.ts'

/** A child that lived so long was healthy: the next restart is quick again. In milliseconds. */
const healthyAfter = 30_000
const shortestPause = 100
const longestPause = 10_000
/** Redis may take so long to write everything to disk before it is killed, in milliseconds. */
const stopGrace = 20_000

/** When what was written is forced to disk: once a second, or before it is acknowledged. */
type Fsync = RedisConfig['appendfsync']

interface Place {
  readonly folder: string
  readonly socket: string
  readonly binary: string
  readonly fsync: Fsync
  readonly release: () => Promise<void>
}

export class RedisSupervisor {
  readonly socket: string
  readonly #folder: string
  readonly #binary: string
  readonly #fsync: Fsync
  readonly #log: Logger
  readonly #release: () => Promise<void>
  readonly #lastWords: string[] = []
  readonly #stopping = new AbortController()
  #child: ChildProcess | undefined
  #watching: Promise<void> | undefined

  private constructor(place: Place, log: Logger) {
    this.#folder = place.folder
    this.socket = place.socket
    this.#binary = place.binary
    this.#fsync = place.fsync
    this.#release = place.release
    this.#log = log
  }

  /** Starts a Redis in the data folder and resolves when it answers. Throws a StartError, also when another gateway has the folder. */
  static async start(dataDir: string, log: Logger, fsync: Fsync = 'everysec'): Promise<RedisSupervisor> {
    const folder = resolve(dataDir)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const binary = await findServer()
    const socket = await socketFor(folder)
    const release = await lock(folder)
    const supervisor = new RedisSupervisor({ folder, socket, binary, fsync, release }, log)
    try {
      await stopOrphans(folder, socket, log)
      await supervisor.#begin()
    } catch (error) {
      await release()
      throw error
    }
    return supervisor
  }

  /** The socket of the Redis that a living process supervises in this data folder; undefined when nobody does. */
  static async running(dataDir: string): Promise<string | undefined> {
    const folder = resolve(dataDir)
    return (await lockHolder(lockFile(folder))) === undefined ? undefined : socketFor(folder)
  }

  /** The process id of Redis; undefined while it is being restarted. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Stops Redis once everything is on disk, and lets the folder go. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const child = this.#child
    child?.kill('SIGTERM')
    const late = setTimeout(() => child?.kill('SIGKILL'), stopGrace)
    await this.#watching
    clearTimeout(late)
    await this.#release()
  }

  async #begin(): Promise<void> {
    const exited = this.#spawn()
    const settled = new AbortController()
    const died = exited.then(() => {
      throw new StartError(
        say({ key: 'redis.did-not-start', params: { folder: this.#folder, words: this.#lastWords.join(' | ') } }),
      )
    })
    try {
      await Promise.race([answers(this.socket, settled.signal), died])
    } finally {
      settled.abort()
      died.catch(() => {})
    }
    this.#watching = this.#keepAlive(exited)
    this.#log.info({ pid: this.pid, folder: this.#folder }, 'Redis is running')
  }

  /** Starts the child; resolves when it has ended. */
  #spawn(): Promise<void> {
    // A process group of its own: Ctrl-C in a terminal is for us, and Redis must outlive what we still have to finish.
    const child = spawn(this.#binary, serverArguments(this.#folder, this.socket, this.#fsync), {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => this.#heard(line))
    return new Promise((done) => {
      const end = (how: string) => {
        this.#child = undefined
        this.#heard(how)
        done()
      }
      child.once('error', (error) => end(error.message))
      child.once('exit', (code, signal) => end(`ended with ${signal ?? code}`))
    })
  }

  async #keepAlive(exited: Promise<void>): Promise<void> {
    const { signal } = this.#stopping
    let wait = shortestPause
    for (let ended = exited; ; ended = this.#spawn()) {
      const since = performance.now()
      await ended
      if (signal.aborted) return
      wait = performance.now() - since > healthyAfter ? shortestPause : Math.min(wait * 2, longestPause)
      this.#log.error({ words: this.#lastWords.at(-1), again: wait }, 'Redis ended by itself; starting it again')
      await pause(wait, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
    }
  }

  #heard(line: string): void {
    this.#lastWords.push(line)
    if (this.#lastWords.length > 5) this.#lastWords.shift()
    this.#log.debug({ redis: line }, 'redis says')
  }
}

function lockFile(folder: string): string {
  return join(folder, 'lock')
}

async function lock(folder: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(lockFile(folder))
  } catch (error) {
    if (error instanceof LockHeld) throw new StartError(say({ key: 'redis.in-use', params: { folder, pid: error.pid } }))
    throw error
  }
}

/**
 * Everything is set here, so that no file of the system's Redis has a say. With `everysec` a Redis whose disk is slow puts off
 * its writes for up to two seconds and answers all the same: when Redis itself is killed just then, or the power fails, what it
 * took in that time is gone. A killed gateway loses nothing.
 */
function serverArguments(folder: string, socket: string, fsync: Fsync): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    appendonly: 'yes',
    appendfsync: fsync,
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    logfile: '',
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

/** The first of valkey-server and redis-server in PATH. Throws a StartError. */
async function findServer(): Promise<string> {
  for (const name of ['valkey-server', 'redis-server']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = resolve(folder, name)
      if (folder !== '' && (await isExecutable(file))) return file
    }
  }
  throw new StartError(say({ key: 'redis.no-server' }))
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** Resolves when a server at this socket has loaded its data. */
async function answers(socket: string, signal: AbortSignal): Promise<void> {
  const redis = new Redis({ path: socket, retryStrategy: () => 20, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  signal.addEventListener('abort', () => redis.disconnect())
  await new Promise<void>((ready, gone) => {
    redis.once('ready', () => ready())
    redis.once('end', () => gone(new Error('stopped waiting for Redis')))
  })
}
