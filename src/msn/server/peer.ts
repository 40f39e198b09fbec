// One connection of a client, as commands: bounded both ways, one command at a time, and whatever goes wrong stays here (style.md 3.6).

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '../../core/log.ts'
import type { Command } from '../wire/command.ts'
import { Decoder } from '../wire/decoder.ts'
import { encode } from '../wire/encoder.ts'
import { ProtocolError } from '../wire/errors.ts'
import { trace } from '../wire/trace.ts'
import { CommandError, HangUp } from './command-error.ts'
import { errorReply, type Reply, silence } from './command-table.ts'

/** What a client is connected to: a notification server or a switchboard. */
export type Role = 'NS' | 'SB'

/** What carries a client that has no socket with us: the HTTP gateway. */
export interface Carrier {
  /** The address at which the client reached us, and where it came from. */
  readonly local?: string
  readonly remote: string
  /** Goes up whenever the client is heard of, also when it has nothing to say. */
  activity(): number
}

export interface PeerOptions {
  readonly role: Role
  /** Whether the other end is a session of ours in this process, and not somebody's socket. */
  readonly inProcess: boolean
  /** What carries the client, if it is not a socket. */
  readonly carrier?: Carrier | undefined
  readonly log: Logger
  /** The longest payload that the client may send, in bytes. */
  readonly maxPayload: number
}

/** Whoever the commands are for. */
export interface PeerListener {
  command(command: Command): Reply | Promise<Reply>
  /** Once, when the connection is over, whoever ended it. */
  closed(): void
}

/** Commands that may wait while one is being worked on; more and the client has to hold back. */
const mostWaiting = 64
/** Bytes that a client may leave unread before those who write to it are slowed down, and before it is cut off. */
const backlogFull = 64 * 1024
const backlogHopeless = 4 * 1024 * 1024
/** The last verbs are told when a client breaks the protocol. */
const remembered = 8

export class Peer {
  readonly role: Role
  readonly inProcess: boolean
  readonly #stream: Duplex
  readonly #carrier: Carrier | undefined
  readonly #log: Logger
  readonly #decoder: Decoder
  /** What was said in this turn of the loop: it becomes one write at its end, because a write costs more than everything else about a message. */
  #unsent: Uint8Array[] = []
  #unsentBytes = 0
  readonly #waiting: Command[] = []
  readonly #recent: string[] = []
  #listener: PeerListener | undefined
  #broken: unknown
  #ended = false
  #busy = false
  #paused = false
  #closed = false
  #activity = 0

  constructor(stream: Duplex, { role, inProcess, carrier, log, maxPayload }: PeerOptions) {
    this.role = role
    this.inProcess = inProcess
    this.#stream = stream
    this.#carrier = carrier
    this.#log = log
    this.#decoder = new Decoder({ from: 'client', maxPayload })
  }

  /** Begins to read. */
  listen(listener: PeerListener): void {
    this.#listener = listener
    this.#stream.on('error', () => this.destroy())
    this.#stream.on('close', () => this.#end())
    this.#stream.on('end', () => this.#finish())
    this.#stream.on('data', (chunk: Uint8Array) => this.#read(chunk))
  }

  /** The address at which the client reached us, and where it came from; absent in-process. A carried client has no port. */
  get addresses(): { readonly local?: string; readonly remote?: string; readonly remotePort?: number } {
    if (this.#carrier) {
      const { local, remote } = this.#carrier
      return { ...(local === undefined ? {} : { local }), remote }
    }
    if (!(this.#stream instanceof Socket)) return {}
    const { localAddress: local, remoteAddress: remote, remotePort } = this.#stream
    return {
      ...(local === undefined ? {} : { local }),
      ...(remote === undefined ? {} : { remote }),
      ...(remotePort === undefined ? {} : { remotePort }),
    }
  }

  set dialect(dialect: number) {
    this.#decoder.dialect = dialect
  }

  /** How often something was read or written: whoever watches for silence compares. */
  get activity(): number {
    return this.#activity + (this.#carrier?.activity() ?? 0)
  }

  get isOpen(): boolean {
    return !this.#closed
  }

  /** Whether the client reads more slowly than it is written to. */
  get isCongested(): boolean {
    return this.#stream.writableLength + this.#unsentBytes > backlogFull
  }

  /** Resolves when the client has read what was written, or is gone. */
  async drained(): Promise<void> {
    this.flush()
    if (this.#closed || this.#stream.writableLength === 0 || !this.#stream.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#stream.off('drain', done)
        this.#stream.off('close', done)
        resolve()
      }
      this.#stream.on('drain', done)
      this.#stream.on('close', done)
    })
  }

  /** Says something. Nothing happens when the client is gone; one who has left megabytes unread is cut off. */
  send(command: Command): void {
    let bytes: Uint8Array
    try {
      bytes = encode(command)
    } catch (error) {
      this.#log.error(
        { role: this.role, verb: command.verb, err: error },
        'msn server: a command cannot be written; its client is disconnected',
      )
      this.destroy()
      return
    }
    this.write(bytes, () => command)
  }

  /** Says something that is in bytes already; `command` gives what the bytes are, for the log. */
  write(bytes: Uint8Array, command: () => Command): void {
    if (this.#closed || this.#stream.writableEnded) return
    if (this.#log.isLevelEnabled('trace')) this.#log.trace({ role: this.role }, trace('server', command()))
    this.#activity++
    if (this.#unsent.length === 0) process.nextTick(flush, this)
    this.#unsent.push(bytes)
    this.#unsentBytes += bytes.length
    if (this.#unsentBytes > backlogFull) this.flush()
    if (this.#stream.writableLength < backlogHopeless) return
    this.#log.warn({ role: this.role }, 'msn server: a client does not read what it is sent, and is cut off')
    this.destroy()
  }

  /** Writes what was said so far. */
  flush(): void {
    const [first] = this.#unsent
    if (!first) return
    const bytes = this.#unsent.length === 1 ? first : Buffer.concat(this.#unsent, this.#unsentBytes)
    this.#unsent = []
    this.#unsentBytes = 0
    if (!this.#stream.destroyed && !this.#stream.writableEnded) this.#stream.write(bytes)
  }

  /** Hangs up after what was said has been written. */
  close(): void {
    this.flush()
    if (!this.#stream.writableEnded) this.#stream.end()
    this.#stream.resume()
    this.#end()
  }

  /** Hangs up at once. */
  destroy(): void {
    this.#stream.destroy()
    this.#end()
  }

  #read(chunk: Uint8Array): void {
    if (this.#closed) return
    this.#activity++
    try {
      for (const command of this.#decoder.push(chunk)) this.#waiting.push(command)
    } catch (error) {
      // What came before the broken place still counts.
      this.#broken = error
    }
    if (!this.#busy) this.#work()
    if (this.#waiting.length >= mostWaiting) {
      this.#paused = true
      this.#stream.pause()
    }
  }

  #work(): void {
    for (let command = this.#waiting.shift(); command && !this.#closed; command = this.#waiting.shift()) {
      this.#note(command)
      const reply = this.#run(command)
      if (reply instanceof Promise) {
        const asked = command
        this.#busy = true
        void reply
          .then(
            (said) => this.#say(said),
            (error: unknown) => this.#refuse(asked, error),
          )
          .finally(() => {
            this.#busy = false
            this.#work()
          })
        return
      }
      this.#say(reply)
    }
    if (this.#broken !== undefined) this.#breakOff(this.#broken)
    if (this.#ended) this.close()
    if (this.#paused && !this.#closed) {
      this.#paused = false
      this.#stream.resume()
    }
  }

  #run(command: Command): Reply | Promise<Reply> {
    try {
      return this.#listener?.command(command) ?? silence
    } catch (error) {
      this.#refuse(command, error)
      return silence
    }
  }

  /** The client will say no more; what it said is still worked on. */
  #finish(): void {
    this.#ended = true
    if (!this.#busy) this.#work()
  }

  #say(reply: Reply): void {
    for (const command of reply) this.send(command)
  }

  /** What becomes of an error: an error reply, or the end of this connection; never of more than that. */
  #refuse(command: Command, error: unknown): void {
    if (error instanceof CommandError) {
      this.send(errorReply(command, error.code))
      if (error.hangUp) this.close()
      return
    }
    if (error instanceof HangUp)
      this.#log.debug({ role: this.role, recent: [...this.#recent] }, `msn server: hung up: ${error.message}`)
    else
      this.#log.error(
        { role: this.role, verb: command.verb, err: error },
        'msn server: a command failed; its client is disconnected',
      )
    this.close()
  }

  #breakOff(error: unknown): void {
    this.#broken = undefined
    if (error instanceof ProtocolError) {
      this.#log.info({ role: this.role, recent: [...this.#recent] }, `msn server: a client broke the protocol: ${error.message}`)
    } else this.#log.error({ role: this.role, err: error }, 'msn server: reading failed; the client is disconnected')
    this.close()
  }

  #note(command: Command): void {
    if (this.#log.isLevelEnabled('trace')) this.#log.trace({ role: this.role }, trace('client', command))
    this.#recent.push(command.verb)
    if (this.#recent.length > remembered) this.#recent.shift()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#waiting.length = 0
    this.#listener?.closed()
  }
}

function flush(peer: Peer): void {
  peer.flush()
}
