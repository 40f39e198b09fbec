// The Redis of a gateway that was killed goes on alone. Two of them on one folder would write over each other, so it is stopped first.

import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Logger } from '../core/log.ts'

const names = new Set(['redis-server', 'valkey-server'])

/** How long it may take to write everything to disk before it is killed, in milliseconds. */
const patience = 20_000

/** Stops every Redis that works in a folder, and resolves when they are gone. Only for whoever has the lock of the folder. */
export async function stopOrphans(folder: string, socket: string, log: Logger): Promise<void> {
  const real = await realpath(folder)
  for (const pid of await serversIn(real)) {
    log.info({ pid, folder }, 'a Redis was left by a gateway that was killed; stopping it')
    await stop(pid, real)
  }
  await stopBySocket(socket, log)
}

/** Those that work in a folder, also when they do not listen yet. Only Linux says so. */
async function serversIn(folder: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [])
  const found: number[] = []
  for (const pid of entries.filter((entry) => /^\d+$/.test(entry)).map(Number)) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (names.has(name.trim()) && (await placeOf(pid)) === folder) found.push(pid)
  }
  return found
}

/** The folder that a process works in; empty when it has ended, or is not ours to ask. */
function placeOf(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/cwd`).catch(() => '')
}

async function stop(pid: number, folder: string): Promise<void> {
  const late = performance.now() + patience
  tell(pid, 'SIGTERM')
  while ((await placeOf(pid)) === folder) {
    if (performance.now() > late) tell(pid, 'SIGKILL')
    await pause(10)
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile, which is what was wanted.
  }
}

/** Whoever answers on our socket is nobody's but a predecessor's. */
async function stopBySocket(socket: string, log: Logger): Promise<void> {
  const redis = new Redis({ path: socket, retryStrategy: () => null, lazyConnect: true, maxRetriesPerRequest: 0 })
  redis.on('error', () => {})
  try {
    await redis.connect()
  } catch {
    redis.disconnect()
    return
  }
  log.info({ socket }, 'a Redis was left by a gateway that was killed; stopping it')
  const ended = new Promise<void>((done) => redis.once('end', () => done()))
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => {})
  await ended
}
