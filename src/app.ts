// The assembly: the only place where all parts meet. What is started here is stopped in reverse.

import { Assistant } from './commands/assistant.ts'
import type { Config } from './config.ts'
import { ghostNetworksOf, linkedNetworks, matrixId } from './config.ts'
import type { Logger } from './core/log.ts'
import type { Network } from './core/network.ts'
import { systemTimers } from './core/timers.ts'
import { DeliveryWorker } from './delivery/worker.ts'
import { openDesk } from './desk.ts'
import type { EmbeddedMsn } from './embedded.ts'
import { embedMsn } from './embedded.ts'
import type { AssembledGateway } from './gateway/assembly.ts'
import { assembleGateway } from './gateway/assembly.ts'
import { MatrixNetwork } from './matrix/network.ts'
import { webCaller } from './msn/client/web/call.ts'
import { networkWeb } from './msn/client/web/services.ts'
import { LinkedMsn } from './msn/linked.ts'
import { dialTcp } from './msn/tcp.ts'
import type { Storage } from './storage.ts'
import { openStorage } from './storage.ts'

/** A running gateway. */
export interface App {
  /** Where its parts are reached. */
  readonly places: Readonly<Record<string, unknown>>
  /** Finishes what is in flight, and stops. */
  stop(): Promise<void>
}

/** How long one try of a delivery may take, in milliseconds: longer than a switchboard may take to open. */
const deliveryTimeout = 90_000

/** Starts everything that the config names. Throws a StartError when something cannot run; then nothing is left running. */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of stops.splice(0).reverse())
      await each().catch((error: unknown) => log.error({ err: error }, 'a part did not stop well'))
  }
  try {
    const storage = await openStorage(config, { log, clock: Date.now })
    stops.push(() => storage.close())
    const parts = putTogether(config, storage, log)
    for (const part of startable(parts)) {
      // Before it is started: one that fails halfway has something to stop, too.
      stops.push(() => part.stop())
      await part.start()
    }
    parts.gateway.logins.restore().catch((error: unknown) => log.error({ err: error }, 'not every login was begun'))
    void revive(parts).catch((error: unknown) => log.error({ err: error }, 'not everybody hosted was brought back'))
    return { places: placesOf(parts), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Brings back who is hosted, how they are at home, and the order of their chats. Whatever fails now is made up for when they first speak or change. */
async function revive({ embedded, gateway }: Parts): Promise<void> {
  const { ghosts, presences, shelves } = gateway
  if (embedded) await ghosts.revive(embedded.network.id)
  await presences.askAll()
  await shelves.allChanged()
}

interface Parts {
  readonly matrix: MatrixNetwork | undefined
  readonly embedded: EmbeddedMsn | undefined
  readonly linked: readonly LinkedMsn[]
  readonly gateway: AssembledGateway
  readonly worker: DeliveryWorker
}

function putTogether(config: Config, storage: Storage, log: Logger): Parts {
  const clock = Date.now
  const { stores } = storage
  const ghostNetworks = ghostNetworksOf(config)
  const { records, tickets } = stores
  const matrix =
    config.matrix && new MatrixNetwork({ id: matrixId, config: config.matrix, ghostNetworks, records, tickets, clock, log })
  const embedded = config.msn && embedMsn({ config: config.msn, matrix: config.matrix, stores, clock, log })
  const linked = linkedNetworks(config).map(({ id, settings }) => {
    const web = networkWeb(settings, webCaller(fetch), clock)
    return new LinkedMsn({ id, config: settings, dial: dialTcp, ...web, records: stores.records, clock, log })
  })
  const networks: Network[] = [...(matrix ? [matrix] : []), ...(embedded ? [embedded.network] : []), ...linked]
  const gateway = assembleGateway({
    networks,
    stores,
    assistant: (parts) => {
      const bot = new Assistant({ desk: openDesk({ ...parts, stores }), dialogues: stores.dialogues })
      return (user, request, level) => bot.answer(user, request, level)
    },
    patience: config.delivery.patience,
    reactions: config.delivery.reactions === 'line',
    clock,
    timers: systemTimers,
    log,
  })
  return { matrix, embedded, linked, gateway, worker: makeWorker(storage, gateway, log) }
}

function makeWorker({ redis, keys, stores, wakeups }: Storage, { gateway }: AssembledGateway, log: Logger): DeliveryWorker {
  return new DeliveryWorker({
    connect: () => redis.connect(),
    prefix: keys.queuePrefix,
    outbox: stores.outbox,
    wakeups,
    perform: (delivery, how) => gateway.perform(delivery, how),
    tried: (delivery, error, how) => gateway.tried(delivery, error, how),
    told: (delivery, setback, error) => gateway.setback(delivery, setback, error),
    clock: Date.now,
    timeoutMs: deliveryTimeout,
    log,
  })
}

/** What is started, in order: who delivers before who listens, so that what waits goes out as soon as somebody is there. */
function startable({ matrix, embedded, linked, gateway: { gateway, logins }, worker }: Parts) {
  const sink = gateway.receive.bind(gateway)
  const networks = [...linked, ...(embedded ? [embedded] : []), ...(matrix ? [matrix] : [])]
  return [
    { start: async () => {}, stop: () => gateway.idle() },
    ...networks.map((network) => ({ start: () => network.start(sink), stop: () => network.stop() })),
    { start: () => worker.start(), stop: () => worker.stop() },
    { start: async () => {}, stop: async () => logins.stop() },
  ]
}

function placesOf({ matrix, embedded }: Parts): App['places'] {
  return { ...(matrix && { matrix: `http://127.0.0.1:${matrix.port}` }), ...embedded?.places }
}
