// One live chat: a connection to a switchboard (msnp-core.md 4). Whoever is on it hears everything said on it, in order.

import { randomUUID } from 'node:crypto'
import type { Logger } from '../../core/log.ts'
import type { Timers } from '../../core/timers.ts'
import { readJoined, readLeft, readRollCall, readSaid, writeAnswer, writeCall, writeEnter, writeSay } from '../dialect/board.ts'
import type { Command } from '../wire/command.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { formatHeaders, formatMime, headerOf, mediaTypeOf, parseMime } from '../wire/mime.ts'
import { invitationMediaType, readInvitation, writeInvitation } from '../wire/p2p/invitation.ts'
import { Awaited } from './awaited.ts'
import { Chunks } from './chunks.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import { Inbox } from './inbox.ts'

/** What somebody said, and who was there to hear it. */
export interface Said {
  readonly from: string
  readonly fromName: string
  readonly message: MimeMessage
  /** Everybody but us, the sender included. */
  readonly participants: readonly string[]
  /** The one contact we talk with; or, where there was ever a third person, the id of the board. */
  readonly chat: { readonly peer: string } | { readonly board: string }
  /** Whether we said it ourselves, at another place. */
  readonly own: boolean
}

export interface SwitchboardListener {
  /** Resolves once the message is safe. The next one of this board waits for that. */
  said(board: Switchboard, said: Said): Promise<void>
  typing(board: Switchboard, who: string): void
  /** In a chat of several: who is there now but us, in its place among what is said; nobody when it is over. The next message waits for that. */
  people(board: Switchboard, participants: readonly string[]): Promise<void>
  closed(board: Switchboard): void
}

export interface SwitchboardOptions {
  readonly account: string
  /** The account as it comes in: from MSNP16 on with the GUID of our place. */
  readonly seat: string
  readonly timers: Timers
  readonly log: Logger
  readonly listener: SwitchboardListener
  /** Our own server wants to hear whether what it relayed is safe; a server out there does not. */
  readonly hosted: boolean
}

/** Somebody who is here. From MSNP16 on a person comes once for each place where they are, and once more without (4.6). */
interface Present {
  readonly handle: string
  readonly places: Set<string>
}

export class Switchboard {
  readonly #connection: Connection
  readonly #options: SwitchboardOptions
  readonly #present = new Map<string, Present>()
  readonly #awaited: Awaited
  readonly #inbox: Inbox
  readonly #chunks: Chunks
  #id: string | undefined
  #group = false
  #lastPeer: string | undefined
  #active = true

  constructor(connection: Connection, options: SwitchboardOptions) {
    this.#connection = connection
    this.#options = options
    this.#chunks = new Chunks(options.timers)
    this.#awaited = new Awaited(options.timers)
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
    await this.#connection.request((trId) => writeEnter(trId, this.#options.seat, ticket))
  }

  /** Comes in because somebody called. Rejects with a ClientError. */
  async answer(ticket: string, session: string): Promise<void> {
    await this.#connection.request((trId) => writeAnswer(trId, this.#options.seat, ticket, session))
  }

  /** Calls somebody and waits until they are there. Rejects with `contact-offline` when they do not come within 30 s. */
  async call(handle: string): Promise<void> {
    const isHere = this.#present.has(keyOf(handle))
    // Both are waited for at once: a rejection that nobody waits for yet would end the process.
    await Promise.all([isHere || this.#awaited.arrivalOf(handle), this.#sendCall(handle)])
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
    return [...this.#present.values()].map(({ handle }) => handle)
  }

  /** Whether there was ever a third person, or is to be one. */
  get group(): boolean {
    return this.#group
  }

  /** The name of the chat, where it is one of several. */
  get id(): string {
    this.#id ??= randomUUID()
    return this.#id
  }

  /** From now on this is a chat of several, of this name, whoever comes. */
  openToSeveral(id: string): void {
    this.#id = id
    this.#group = true
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
    const [first = '', , third = ''] = command.args
    if (command.verb === 'JOI') this.#arrive(readJoined(command)?.handle, placeIn(first))
    else if (command.verb === 'IRO') this.#arrive(readRollCall(command)?.handle, placeIn(third))
    else if (command.verb === 'BYE') this.#depart(readLeft(command)?.handle ?? '', placeIn(first))
    else if (command.verb === 'MSG') this.#take(command)
  }

  #arrive(handle: string | undefined, place: string): void {
    // From MSNP16 on the server lists our other places too, and us.
    if (handle === undefined || this.#isOurs(handle)) return
    const key = keyOf(handle)
    const present = this.#present.get(key) ?? { handle, places: new Set() }
    present.places.add(place)
    this.#present.set(key, present)
    if (this.#present.size > 1) this.#group = true
    this.#lastPeer = handle
    this.#tellPeople()
    this.#awaited.come(handle)
  }

  /** Somebody is gone when no place of theirs is left; the line without a place counts only where there is no other. */
  #depart(handle: string, place: string): void {
    const present = this.#present.get(keyOf(handle))
    if (!present) return
    present.places.delete(place)
    const left = [...present.places].filter((other) => other !== '')
    if (left.length > 0) return
    this.#present.delete(keyOf(handle))
    this.#tellPeople()
  }

  #tellPeople(): void {
    const now = this.participants
    if (this.#group) this.#inbox.add(0, undefined, () => this.#options.listener.people(this, now))
  }

  #isOurs(handle: string): boolean {
    return keyOf(handle) === keyOf(this.#options.account)
  }

  #take(command: Command): void {
    const said = readSaid(command)
    if (!said || !command.payload) return
    const { handle: from, name: fromName, receipt } = said
    const own = this.#isOurs(from)
    const message = this.#wordsIn(from, parseMime(command.payload), own)
    const chat = this.#chatOf(from, own)
    if (!message || !chat) {
      this.#inbox.add(0, receipt, () => Promise.resolve())
      return
    }
    this.#active = true
    const isKnown = own || this.#present.has(keyOf(from))
    const participants = isKnown ? this.participants : [...this.participants, from]
    const heard: Said = { from, fromName, message, participants, chat, own }
    this.#inbox.add(command.payload.length, receipt, () => this.#options.listener.said(this, heard))
  }

  /** What is for people to read, put together where it came in pieces. The rest is dealt with here. */
  #wordsIn(from: string, message: MimeMessage, own: boolean): MimeMessage | undefined {
    switch (mediaTypeOf(message.headers)) {
      case 'text/x-msmsgscontrol':
        if (!own && headerOf(message.headers, 'TypingUser') !== undefined) this.#options.listener.typing(this, from)
        return undefined
      case invitationMediaType:
        if (!own && !this.#group) this.#decline(message)
        return undefined
      default:
        return this.#chunks.take(from, message)
    }
  }

  /** What we are invited to we cannot do: whoever invites is told so, and does not wait (5.6). */
  #decline({ body }: MimeMessage): void {
    const invitation = readInvitation(parseMime(body).headers)
    if (invitation?.command !== 'INVITE') return
    const fields = writeInvitation({ command: 'CANCEL', cookie: invitation.cookie, code: 'REJECT_NOT_INSTALLED' })
    const headers = [
      ['MIME-Version', '1.0'],
      ['Content-Type', `${invitationMediaType}; charset=UTF-8`],
    ] as const
    this.mention(formatMime(headers, `${formatHeaders(fields)}\r\n`))
  }

  /** Undefined for what we said ourselves to nobody. */
  #chatOf(from: string, own: boolean): Said['chat'] | undefined {
    // Whoever speaks is there, also where the server did not tell that they came.
    if (!own && this.#present.size > 0 && !this.#present.has(keyOf(from))) this.#group = true
    if (this.#group) return { board: this.id }
    const peer = own ? this.#lastPeer : from
    return peer === undefined ? undefined : { peer }
  }

  /** Never rejects: whoever waits for them hears why they do not come. */
  async #sendCall(handle: string): Promise<void> {
    try {
      await this.#connection.request((trId) => writeCall(trId, handle))
    } catch (error) {
      // 215: they were called already, or are there.
      if (!(error instanceof ClientError && error.number === 215)) this.#awaited.fail(handle, error)
    }
  }

  #end(reason: ClientError): void {
    this.#present.clear()
    this.#chunks.end()
    this.#tellPeople()
    this.#awaited.end(reason)
    this.#options.listener.closed(this)
  }
}

/** The GUID of a place in `{handle};{guid}`, in small letters; empty where there is none. */
function placeIn(handle: string): string {
  return /;\{?([^}]*)/.exec(handle)?.[1]?.toLowerCase() ?? ''
}
