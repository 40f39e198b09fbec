// What comes from the homeserver: pushed to our endpoint, or read from rooms where it forgot to push. Each event goes to the parts that keep
// themselves up to date with it, and then to the gateway.

import type { Socket } from 'node:net'
import { StartError } from '../core/errors.ts'
import type { EventSink } from '../core/event.ts'
import { say } from '../core/words.ts'
import type { MatrixOptions, Parts } from './assembly.ts'
import { makeEndpoint } from './endpoint.ts'
import { Ephemeral } from './ephemeral.ts'
import type { RoomEvent } from './events.ts'
import { Gaps } from './gaps.ts'
import { clientPath } from './homeserver.ts'
import { Incoming } from './incoming.ts'
import { Late } from './late.ts'
import { Missed } from './missed.ts'
import { Transactions } from './transactions.ts'

/** Where the homeserver is waited for. */
export class Inbox {
  readonly #parts: Parts
  readonly #listen: MatrixOptions['config']['listen']
  readonly #incoming: Incoming
  readonly #missed: Missed
  readonly #transactions: Transactions
  readonly #endpoint: ReturnType<typeof makeEndpoint>

  constructor({ id: network, config, records, clock, log }: MatrixOptions, parts: Parts, sink: EventSink) {
    this.#parts = parts
    this.#listen = config.listen
    const { commandPrefix, nudgeReaction } = config
    const late = new Late(config.oldestEventHours, clock)
    this.#incoming = new Incoming({ ...parts, network, commandPrefix, nudgeReaction, links: parts.media.links, late, sink })
    const ephemeral = new Ephemeral({ ...parts, network, tellsPresence: config.presence, sink })
    const gaps = new Gaps(records, clock)
    this.#missed = new Missed({
      since: (room, event) => this.#since(room, event),
      take: (event) => this.#transactions.takeOne(event),
      inTurn: (task) => this.#transactions.inTurn(task),
      isWell: () => this.#isWell(),
      ...{ records, clock, log },
    })
    this.#transactions = new Transactions({
      check: async (transaction) => {
        await this.#missed.settle()
        await gaps.check(transaction)
      },
      taken: (transaction) => gaps.taken(transaction),
      take: (event) => this.#take(event),
      done: (event) => this.#missed.took(event),
      isWell: () => this.#isWell(),
      takeEphemeral: (event) => ephemeral.take(event),
      apologise: (event) => this.#incoming.apologise(event),
      ...{ clock, log },
    })
    this.#endpoint = makeEndpoint({
      hsToken: config.hsToken,
      takeTransaction: (transaction, body, connection) => this.#takeTransaction(transaction, body, connection),
      knowsUser: (userId) => this.#knowsUser(userId),
      log,
    })
  }

  /** The port on which the homeserver is waited for; known after the start. */
  get port(): number {
    const address = this.#endpoint.server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#listen.port
  }

  /** Begins to listen. Throws a StartError when the port is taken. */
  async start(): Promise<void> {
    await this.#missed.start()
    const { host, port } = this.#listen
    try {
      await this.#endpoint.listen({ host, port })
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      throw new StartError(say({ key: 'matrix.cannot-listen', params: { detail } }), { cause: error })
    }
  }

  async stop(): Promise<void> {
    await this.#missed.stop()
    await this.#endpoint.close()
  }

  async #takeTransaction(transaction: string, body: unknown, connection: Socket): Promise<void> {
    const { reach } = this.#parts
    this.#missed.watch(connection)
    reach.begun()
    let wasTaken = false
    try {
      await this.#transactions.take(transaction, body)
      wasTaken = true
    } finally {
      reach.ended(wasTaken)
    }
  }

  async #take(event: RoomEvent): Promise<void> {
    const { names, looks, spaces } = this.#parts
    names.saw(event)
    await looks.saw(event)
    await spaces?.saw(event)
    await this.#incoming.take(event)
  }

  /** What happened in a chat after an event; nothing where none of our ghosts is. */
  async #since(room: string, event: string): Promise<readonly RoomEvent[]> {
    const { chats, rooms } = this.#parts
    const ghost = await chats.ghostIn(room)
    return ghost === undefined ? [] : rooms.since(room, event, ghost)
  }

  /** Whether the homeserver and the store answer. Never rejects. */
  async #isWell(): Promise<boolean> {
    const { homeserver, records, bot } = this.#parts
    const answers = [homeserver.call(bot, 'GET', clientPath`account/whoami`), records.get('matrix-account', bot)]
    return (await Promise.allSettled(answers)).every(({ status }) => status === 'fulfilled')
  }

  /** The homeserver asks before somebody invites an account that does not exist yet. */
  async #knowsUser(userId: string): Promise<boolean> {
    const { people, accounts } = this.#parts
    if (!people.isOurs(userId)) return false
    await accounts.ensure(userId)
    return true
  }
}
