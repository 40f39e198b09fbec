// redis/ owns the connection to Redis, and Redis itself where the operator has none. It does not know what is kept there.

import type { Redis } from 'ioredis'
import { StartError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'
import { say } from '../core/words.ts'
import { checkRedis } from './check.ts'
import type { RedisConfig } from './config.ts'
import { Connections, placeOf, type RedisAddress } from './connection.ts'
import { RedisSupervisor } from './supervisor.ts'

export interface OpenRedis {
  /** A new connection. It need not be closed by whoever asked. */
  connect(): Redis
  /** Cuts the connections; stops Redis if it is ours. */
  close(): Promise<void>
}

interface Options {
  readonly log: Logger
  /** Use the Redis of a gateway that is running on the same data folder, if one is: for tools beside it. */
  readonly attach?: boolean
  /** How long to wait for a Redis of the operator's, in milliseconds. */
  readonly patience?: number
}

/** Connects to the operator's Redis, or starts one. Throws a StartError when there is none that will do. */
export async function openRedis(config: RedisConfig, { log, attach = false, patience = 15_000 }: Options): Promise<OpenRedis> {
  const { address, supervisor } = await locate(config, attach, log)
  const connections = new Connections(address, log)
  const close = async () => {
    connections.close()
    await supervisor?.stop()
  }
  try {
    const redis = connections.connect()
    await reached(redis, placeOf(address), patience)
    await checkRedis(redis, placeOf(address), log)
    redis.disconnect()
  } catch (error) {
    await close()
    throw error
  }
  return { connect: () => connections.connect(), close }
}

async function locate(
  config: RedisConfig,
  attach: boolean,
  log: Logger,
): Promise<{ address: RedisAddress; supervisor?: RedisSupervisor }> {
  if (config.url) return { address: addressOf(config.url) }
  const running = attach ? await RedisSupervisor.running(config.dataDir) : undefined
  if (running !== undefined) return { address: { socket: running } }
  const supervisor = await RedisSupervisor.start(config.dataDir, log, config.appendfsync)
  return { address: { socket: supervisor.socket }, supervisor }
}

function addressOf(url: Secret): RedisAddress {
  const text = url.reveal()
  return text.startsWith('unix://') ? { socket: text.slice('unix://'.length) } : { url }
}

async function reached(redis: Redis, place: string, patience: number): Promise<void> {
  let reason = 'no answer'
  redis.on('error', (error: Error) => {
    reason = error.message
  })
  const signal = AbortSignal.timeout(patience)
  await new Promise<void>((ready, give) => {
    redis.once('ready', () => ready())
    signal.addEventListener('abort', () => give(new StartError(say({ key: 'redis.unreachable', params: { place, reason } }))))
  })
}
