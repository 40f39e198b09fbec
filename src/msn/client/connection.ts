// src/msn/client: we dial. It signs in to an MSN server, keeps the list and the boards of one account, and knows nothing of bridging.
// This file: one connection to a notification server or a switchboard, as commands (msnp-core.md 1).

import type { Duplex } from 'node:stream'
import type { Logger } from '../../core/log.ts'
import type { Timers } from '../../core/timers.ts'
import type { Command, Speaker } from '../wire/command.ts'
import { Decoder } from '../wire/decoder.ts'
import type { Dialect } from '../wire/dialect.ts'
import { encode } from '../wire/encoder.ts'
import { ProtocolError } from '../wire/errors.ts'
import { trace } from '../wire/trace.ts'
import { ClientError } from './errors.ts'
import type { ReplyOptions } from './transaction.ts'
import { Transactions } from './transaction.ts'

/** A notification server or a switchboard. */
export type Role = 'NS' | 'SB'

/** Gets every command in transcript form, without secrets, but with what people say to each other. */
export type Trace = (role: Role, lines: string) => void

export interface ConnectionOptions {
  readonly role: Role
  /** The dialect that the connection begins with; a notification server's is not known before VER. */
  readonly dialect?: Dialect | undefined
  readonly log: Logger
  readonly timers: Timers
  readonly trace?: Trace | undefined
}

export interface ConnectionListener {
  /** Something came, whatever it was. */
  heard?(): void
  /** A command that answers no request. */
  command(command: Command): void
  /** Once, at the end; nothing comes afterwards. */
  closed(reason: ClientError): void
}

/** So many of the last commands are told when the other side breaks the protocol. */
const remembered = 8
/** A server that takes nothing for so long that this piles up is dead. */
const longestBacklog = 1024 * 1024
/** A peer that does not close after our end gets so long. */
const farewell = 2000

export class Connection {
  readonly #stream: Duplex
  readonly #options: ConnectionOptions
  readonly #decoder: Decoder
  readonly #transactions: Transactions
  readonly #recent: string[] = []
  #listener: ConnectionListener | undefined
  #closed: ClientError | undefined

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream
    this.#options = options
    this.#decoder = new Decoder({ from: 'server' })
    this.#decoder.dialect = options.dialect
    this.#transactions = new Transactions(options.timers)
    stream.on('error', (cause) => this.#lose(new ClientError('connection-lost', `${options.role}: ${cause.message}`, { cause })))
    stream.on('end', () => this.#lose(new ClientError('connection-lost', `${options.role}: the server hung up`)))
    stream.on('close', () => this.#lose(new ClientError('connection-lost', `${options.role}: the connection closed`)))
  }

  /** Begins to read. Before this nothing is lost: the stream holds it back. */
  listen(listener: ConnectionListener): void {
    this.#listener = listener
    if (this.#closed) queueMicrotask(() => this.#listener?.closed(this.#closed as ClientError))
    else this.#stream.on('data', (chunk: Uint8Array) => this.#read(chunk))
  }

  /** The dialect that both sides agreed on. */
  set dialect(dialect: Dialect) {
    this.#decoder.dialect = dialect
  }

  get isOpen(): boolean {
    return this.#closed === undefined
  }

  /** Writes a command, its payload included, in one write: some servers need that (msnp-core.md 7.2). Throws `connection-lost`. */
  send(command: Command): void {
    if (this.#closed) throw this.#closed
    this.#write(command, encode(command))
  }

  /** Writes a command under a fresh TrID whose reply, if there is one, nobody waits for. Throws `connection-lost`. */
  tell(write: (trId: number) => Command): void {
    this.send(write(this.#transactions.next()))
  }

  /**
   * Writes a command under a fresh TrID and waits for its reply: one of its own verb, or of those in `answers`.
   * Rejects with a ClientError: the server's error, or `connection-lost`, also when nothing came within 30 s (or `within` milliseconds).
   */
  async request(write: (trId: number) => Command, options: ReplyOptions = {}): Promise<Command> {
    if (this.#closed) throw this.#closed
    const trId = this.#transactions.next()
    const command = write(trId)
    const bytes = encode(command)
    const reply = this.#transactions.reply(trId, command.verb, options)
    this.#write(command, bytes)
    return reply
  }

  /**
   * Writes a command under a fresh TrID that is answered only when it goes wrong, and waits for `done`.
   * Rejects with a ClientError: the server's error when that came first, or `connection-lost`.
   */
  async tellUntil(write: (trId: number) => Command, done: Promise<void>): Promise<void> {
    if (this.#closed) throw this.#closed
    const trId = this.#transactions.next()
    const command = write(trId)
    const bytes = encode(command)
    const taken = this.#transactions.objection(trId, command.verb, done)
    this.#write(command, bytes)
    return taken
  }

  /** Stops reading until `resume`, so that the other side has to wait. */
  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Says OUT and hangs up. Harmless when it is closed. */
  leave(): void {
    if (this.#closed) return
    this.send({ verb: 'OUT', args: [] })
    this.#lose(new ClientError('connection-lost', `${this.#options.role}: we hung up`))
  }

  /** Ends the connection because of something that we found out. */
  abort(reason: ClientError): void {
    this.#lose(reason)
  }

  #write(command: Command, bytes: Uint8Array): void {
    this.#note('client', command)
    this.#stream.write(bytes)
    if (this.#stream.writableLength > longestBacklog)
      this.#lose(new ClientError('connection-lost', `${this.#options.role}: the server stopped reading`, { sent: true }))
  }

  #read(chunk: Uint8Array): void {
    if (this.#closed) return
    this.#listener?.heard?.()
    try {
      for (const command of this.#decoder.push(chunk)) {
        if (this.#closed) return
        this.#note('server', command)
        if (!this.#transactions.settle(command)) this.#listener?.command(command)
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#options.log.warn(
        { role: this.#options.role, recent: [...this.#recent] },
        `msn: the server broke the protocol: ${error.message}`,
      )
      this.#lose(new ClientError('connection-lost', `${this.#options.role}: ${error.message}`, { cause: error }))
    }
  }

  /** Verbs only: enough to see where it went wrong, and nothing that could be secret. */
  #note(speaker: Speaker, command: Command): void {
    this.#options.trace?.(this.#options.role, trace(speaker, command))
    this.#recent.push(
      `${speaker === 'client' ? 'C' : 'S'}: ${command.verb}${command.trId === undefined ? '' : ` ${command.trId}`}`,
    )
    if (this.#recent.length > remembered) this.#recent.shift()
  }

  #lose(reason: ClientError): void {
    if (this.#closed) return
    this.#closed = reason
    // A message that was written and not answered may have arrived.
    this.#transactions.end(new ClientError('connection-lost', reason.message, { cause: reason, sent: true }))
    if (!this.#stream.destroyed) {
      this.#stream.end()
      this.#stream.resume()
      const cancel = this.#options.timers.after(farewell, () => this.#stream.destroy())
      this.#stream.once('close', cancel)
    }
    this.#listener?.closed(reason)
  }
}
