// One live chat: a connection to a switchboard (msnp-core.md 4). Whoever is on it hears everything said on it, in order.

import type { Logger } from '../../core/log.ts'
import type { Participant } from '../dialect/board.ts'
import { readJoined, readLeft, readRollCall, readSaid, writeAnswer, writeCall, writeEnter, writeSay } from '../dialect/board.ts'
import type { Command } from '../wire/command.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { headerOf, mediaTypeOf, parseMime } from '../wire/mime.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import { Inbox } from './inbox.ts'
import type { Timers } from './timers.ts'

/** What somebody said, and who was there to hear it. */
export interface Said {
  readonly from: string
  readonly fromName: string
  readonly message: MimeMessage
  /** Everybody but us, the sender included. */
  readonly participants: readonly string[]
  /** Whether there was ever a third person on this board. */
  readonly group: boolean
}

export interface SwitchboardListener {
  /** Resolves once the message is safe. The next one of this board waits for that. */
  said(board: Switchboard, said: Said): Promise<void>
  typing(board: Switchboard, who: string): void
  closed(board: Switchboard): void
}

export interface SwitchboardOptions {
  readonly account: string
  readonly timers: Timers
  readonly log: Logger
  readonly listener: SwitchboardListener
  /** Our own server wants to hear whether what it relayed is safe; a server out there does not. */
  readonly hosted: boolean
}

interface Expected {
  resolve(): void
  reject(error: Error): void
}

/** How long somebody who was called has for coming. */
const patience = 30_000

export class Switchboard {
  readonly #connection: Connection
  readonly #options: SwitchboardOptions
  readonly #present = new Map<string, Participant>()
  readonly #expected = new Map<string, Expected>()
  readonly #inbox: Inbox
  #group = false
  #active = true

  constructor(connection: Connection, options: SwitchboardOptions) {
    this.#connection = connection
    this.#options = options
    this.#inbox = new Inbox(options.timers, options.hosted, {
      full: () => connection.pause(),
      roomy: () => connection.resume(),
      answer: (verb, receipt) => connection.isOpen && connection.send({ verb, args: [String(receipt)] }),
      lost: (cause) =>
        options.log.error({ cause: String(cause) }, 'msn: a message that was received could not be stored and is lost'),
    })
    connection.listen({ command: (command) => this.#hear(command), closed: (reason) => this.#end(reason) })
  }

  /** Comes in with a ticket of our own. Rejects with a ClientError. */
  async enter(ticket: string): Promise<void> {
    await this.#connection.request((trId) => writeEnter(trId, this.#options.account, ticket))
  }

  /** Comes in because somebody called. Rejects with a ClientError. */
  async answer(ticket: string, session: string): Promise<void> {
    await this.#connection.request((trId) => writeAnswer(trId, this.#options.account, ticket, session))
  }

  /** Calls somebody and waits until they are there. Rejects with `contact-offline` when they do not come within 30 s. */
  async call(handle: string): Promise<void> {
    const arrival = this.#arrivalOf(handle)
    try {
      await this.#connection.request((trId) => writeCall(trId, handle))
    } catch (error) {
      // 215: they were called already, or are there.
      if (!(error instanceof ClientError && error.number === 215)) this.#expected.get(keyOf(handle))?.reject(error as Error)
    }
    await arrival
  }

  /** Says something and waits until the server has it delivered. Rejects with `not-delivered` or `connection-lost`, whose `sent` tells whether it may have arrived. */
  async say(payload: Uint8Array): Promise<void> {
    this.#active = true
    try {
      const reply = await this.#connection.request((trId) => writeSay(trId, 'A', payload), { answers: ['ACK', 'NAK'] })
      if (reply.verb === 'NAK') throw new ClientError('not-delivered', 'the server could not deliver the message')
    } catch (error) {
      // No answer: nobody knows any more what has arrived here.
      if (error instanceof ClientError && error.code === 'connection-lost') this.#connection.abort(error)
      throw error
    }
  }

  /** Says something that may get lost: typing. */
  mention(payload: Uint8Array): void {
    if (this.#connection.isOpen) this.#connection.tell((trId) => writeSay(trId, 'U', payload))
  }

  /** Resolves when everything heard here is safe, or known not to be. */
  drained(): Promise<void> {
    return this.#inbox.drained()
  }

  /** Goes; the rest get BYE. */
  leave(): void {
    this.#connection.leave()
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  /** Everybody but us. */
  get participants(): readonly string[] {
    return [...this.#present.values()].map((participant) => participant.handle)
  }

  /** Whether there was ever a third person. */
  get group(): boolean {
    return this.#group
  }

  /** Whether this is a chat with this contact and nobody else. */
  isWith(handle: string): boolean {
    return this.isOpen && !this.#group && this.#present.has(keyOf(handle))
  }

  /** Whether something was said since this was last asked. */
  wasActive(): boolean {
    const active = this.#active
    this.#active = false
    return active
  }

  /** What we do not know is not for us. */
  #hear(command: Command): void {
    if (command.verb === 'JOI') this.#arrive(readJoined(command))
    else if (command.verb === 'IRO') this.#arrive(readRollCall(command))
    else if (command.verb === 'BYE') this.#present.delete(keyOf(readLeft(command)?.handle ?? ''))
    else if (command.verb === 'MSG') this.#take(command)
  }

  #arrive(participant: Participant | undefined): void {
    // From MSNP16 on the server lists our other endpoints too.
    if (!participant || keyOf(participant.handle) === keyOf(this.#options.account)) return
    const key = keyOf(participant.handle)
    this.#present.set(key, participant)
    if (this.#present.size > 1) this.#group = true
    this.#expected.get(key)?.resolve()
  }

  #take(command: Command): void {
    const said = readSaid(command)
    if (!said || !command.payload) return
    const message = parseMime(command.payload)
    const { handle: from, receipt } = said
    if (mediaTypeOf(message.headers) === 'text/x-msmsgscontrol') {
      if (headerOf(message.headers, 'TypingUser') !== undefined) this.#options.listener.typing(this, from)
      this.#inbox.add(0, receipt, () => Promise.resolve())
      return
    }
    this.#active = true
    const participants = this.#present.has(keyOf(from)) ? this.participants : [...this.participants, from]
    const heard: Said = { from, fromName: said.name, message, participants, group: this.#group || participants.length > 1 }
    this.#inbox.add(command.payload.length, receipt, () => this.#options.listener.said(this, heard))
  }

  #arrivalOf(handle: string): Promise<void> {
    const key = keyOf(handle)
    if (this.#present.has(key)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const cancel = this.#options.timers.after(patience, () =>
        expected.reject(new ClientError('contact-offline', 'the contact was called and did not come')),
      )
      const over = () => {
        cancel()
        this.#expected.delete(key)
      }
      const expected: Expected = {
        resolve: () => {
          over()
          resolve()
        },
        reject: (error) => {
          over()
          reject(error)
        },
      }
      this.#expected.set(key, expected)
    })
  }

  #end(reason: ClientError): void {
    this.#present.clear()
    for (const expected of [...this.#expected.values()]) expected.reject(reason)
    this.#options.listener.closed(this)
  }
}
