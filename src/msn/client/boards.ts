// All switchboards of one account: which one leads to whom, opened when needed and closed when idle (msnp-core.md 3.19, 4.5).

import type { Logger } from '../../core/log.ts'
import type { Cancel, Timers } from '../../core/timers.ts'
import { pause } from '../../core/timers.ts'
import type { BoardTicket, Ring } from '../dialect/board.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import type { Said } from './switchboard.ts'
import { Switchboard } from './switchboard.ts'
import { within } from './timers.ts'

export interface BoardsOptions {
  readonly account: string
  /** The account as it comes in on a board. */
  readonly seat: string
  readonly hosted: boolean
  readonly timers: Timers
  readonly log: Logger
  /** Asks the notification server for a board. Rejects with a ClientError. */
  readonly request: () => Promise<BoardTicket>
  /** Opens a connection to `host:port`. Rejects with a ClientError. */
  readonly dial: (address: string) => Promise<Connection>
  readonly said: (said: Said) => Promise<void>
  /** `board` is the id of a chat of several. */
  readonly typing: (who: string, board?: string) => void
  /** Who is in a chat of several now; nobody when it is over. */
  readonly people: (board: string, participants: readonly string[]) => Promise<void>
}

/** Our chat with one contact: the board last used for it, and whoever waits to say something on it. */
interface Chat {
  board: Switchboard | undefined
  waiting: number
  turn: Promise<void>
}

/** A board on which nothing was said for between once and twice this long is left. In milliseconds. */
const idle = 5 * 60_000
/** More calls than this at once are not for chatting. */
const mostBoards = 500
const mostWaiting = 1000
/** In milliseconds. */
const farewell = 8000
/** A server that wants us slower is left alone for so long, in milliseconds; others leave that between two boards (msnp-core.md 3.19). */
const slower = 7600
const mostTries = 3

export class Boards {
  readonly #options: BoardsOptions
  readonly #chats = new Map<string, Chat>()
  /** Every open board, and what ends the watch over its idleness. */
  readonly #boards = new Map<Switchboard, Cancel>()
  /** Boards that are left and have not stored all they heard. */
  readonly #draining = new Set<Promise<void>>()
  #answering = 0
  #closed = false

  constructor(options: BoardsOptions) {
    this.#options = options
  }

  /** Says something to one contact, after everything that was to be said to them before. `called` hears that a board was opened for it. Rejects with a ClientError. */
  send(to: string, payload: Uint8Array, called: () => void): Promise<void> {
    const chat = this.#chatWith(to)
    if (chat.waiting >= mostWaiting)
      return Promise.reject(new ClientError('throttled', 'too many messages wait for this contact'))
    chat.waiting++
    const said = chat.turn.then(() => this.#say(chat, to, payload, called))
    chat.turn = said.then(
      () => this.#ended(chat, to),
      () => this.#ended(chat, to),
    )
    return said
  }

  /** Says something that may get lost, where a board is open. */
  mention(to: string, payload: Uint8Array): void {
    const board = this.#chats.get(keyOf(to))?.board
    if (board?.isWith(to)) board.mention(payload)
  }

  /** Goes where somebody calls us. Never rejects. */
  async answer(ring: Ring): Promise<void> {
    const { log } = this.#options
    if (this.#boards.size + this.#answering >= mostBoards)
      return log.warn({ from: ring.handle }, 'msn: called by too many at once; not answered')
    let board: Switchboard | undefined
    this.#answering++
    try {
      board = await this.#open(ring.address)
      await board.answer(ring.ticket, ring.session)
      // An empty board: whoever called left before we came. But another place of ours calls us before anybody else.
      if (board.participants.length === 0 && keyOf(ring.handle) !== keyOf(this.#options.account)) board.leave()
      else this.#adopt(board)
    } catch (error) {
      board?.leave()
      log.info({ from: ring.handle, error: error instanceof Error ? error.message : '' }, 'msn: a call could not be answered')
    } finally {
      this.#answering--
    }
  }

  /** Opens a chat of several under this id, and gives those who do not come. Rejects with a ClientError when nobody comes. */
  async gather(id: string, handles: readonly string[]): Promise<readonly string[]> {
    const board = await this.#enter()
    board.openToSeveral(id)
    const absences: ClientError[] = []
    const call = async (handle: string): Promise<string[]> => {
      try {
        await this.#patiently(() => board.call(handle))
        return []
      } catch (error) {
        if (!isAbsence(error)) throw error
        absences.push(error)
        return [handle]
      }
    }
    try {
      const absent = (await Promise.all(handles.map(call))).flat()
      if (absences[0] && absent.length === handles.length) throw absences[0]
      return absent
    } catch (error) {
      board.leave()
      throw error
    }
  }

  /** Whether a chat of several goes on: somebody would hear what is said in it. */
  isAlive(id: string): boolean {
    const board = this.#find(id)
    return board !== undefined && board.participants.length > 0
  }

  /** Calls somebody into a chat of several, and waits until they are there. Rejects with a ClientError. */
  async invite(id: string, handle: string): Promise<void> {
    const board = this.#several(id)
    await this.#patiently(() => board.call(handle))
  }

  /** Says something in a chat of several. Rejects with a ClientError. */
  async sayOn(id: string, payload: Uint8Array): Promise<void> {
    const board = this.#several(id)
    // Nobody would hear it.
    if (board.participants.length === 0) throw over()
    await board.say(payload)
  }

  /** Leaves a chat of several. Harmless when it is over. */
  leave(id: string): void {
    this.#find(id)?.leave()
  }

  /** Says something in a chat of several that may get lost. */
  mentionOn(id: string, payload: Uint8Array): void {
    this.#find(id)?.mention(payload)
  }

  /** Leaves every board. Resolves when everything heard is safe, or known not to be, or after 8 s. */
  async close(): Promise<void> {
    this.#closed = true
    const boards = [...this.#boards.keys()]
    const stored = Promise.all([...boards.map((board) => board.drained()), ...this.#draining])
    await within(this.#options.timers, farewell, stored)
    for (const board of this.#boards.keys()) board.leave()
  }

  async #say(chat: Chat, to: string, payload: Uint8Array, called: () => void): Promise<void> {
    for (let tries = 0; ; tries++) {
      const open = chat.board?.isWith(to) ? chat.board : undefined
      const board = open ?? (await this.#call(chat, to))
      if (!open) called()
      try {
        return await board.say(payload)
      } catch (error) {
        const safe = error instanceof ClientError && error.code === 'connection-lost' && !error.sent
        if (!safe || tries > 0) throw error
      }
    }
  }

  /** A board with the contact on it: the one that they left, or a new one. */
  async #call(chat: Chat, to: string): Promise<Switchboard> {
    const left = chat.board
    const board = left?.isOpen && !left.group && left.participants.length === 0 ? left : await this.#enter()
    try {
      await this.#patiently(() => board.call(to))
    } catch (error) {
      board.leave()
      // They may have called us in the meantime.
      if (chat.board?.isWith(to)) return chat.board
      throw error
    }
    chat.board = board
    return board
  }

  async #enter(): Promise<Switchboard> {
    const { address, ticket } = await this.#patiently(() => this.#options.request())
    const board = await this.#open(address)
    try {
      await board.enter(ticket)
    } catch (error) {
      board.leave()
      throw error
    }
    return board
  }

  /** Does something again after a while when the server wants us slower. Rejects with a ClientError. */
  async #patiently<T>(step: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await step()
      } catch (error) {
        const isThrottled = error instanceof ClientError && error.code === 'throttled'
        if (!isThrottled || tries >= mostTries || this.#closed) throw error
        await pause(this.#options.timers, slower)
      }
    }
  }

  #several(id: string): Switchboard {
    const board = this.#find(id)
    if (!board) throw over()
    return board
  }

  #find(id: string): Switchboard | undefined {
    for (const board of this.#boards.keys()) if (board.isOpen && board.group && board.id === id) return board
    return undefined
  }

  async #open(address: string): Promise<Switchboard> {
    const { account, seat, timers, hosted, log } = this.#options
    const connection = await this.#options.dial(address)
    if (this.#closed) {
      connection.leave()
      throw new ClientError('not-signed-in', 'the account signed out meanwhile')
    }
    const board = new Switchboard(connection, {
      account,
      seat,
      timers,
      hosted,
      log,
      listener: {
        said: (from, said) => this.#said(from, said),
        typing: (from, who) => this.#options.typing(who, from.group ? from.id : undefined),
        people: (from, participants) => this.#options.people(from.id, participants),
        closed: (closed) => this.#forget(closed),
      },
    })
    if (board.isOpen) this.#watch(board)
    return board
  }

  #said(board: Switchboard, said: Said): Promise<void> {
    this.#adopt(board)
    return this.#options.said(said)
  }

  /** The last board that was used with a contact alone is the one to answer on. */
  #adopt(board: Switchboard): void {
    const [contact, another] = board.participants
    if (contact === undefined || another !== undefined || !board.isWith(contact)) return
    this.#chatWith(contact).board = board
  }

  #watch(board: Switchboard): void {
    const cancel = this.#options.timers.after(idle, () => {
      // Nobody can call us back into a chat of several that we left.
      const isOver = board.group ? board.participants.length === 0 : !board.wasActive()
      if (isOver) board.leave()
      else this.#watch(board)
    })
    this.#boards.set(board, cancel)
  }

  #forget(board: Switchboard): void {
    this.#boards.get(board)?.()
    this.#boards.delete(board)
    for (const [key, chat] of this.#chats) {
      if (chat.board !== board) continue
      chat.board = undefined
      if (chat.waiting === 0) this.#chats.delete(key)
    }
    const drained = board.drained().finally(() => this.#draining.delete(drained))
    this.#draining.add(drained)
  }

  #chatWith(contact: string): Chat {
    const key = keyOf(contact)
    const known = this.#chats.get(key)
    if (known) return known
    const chat: Chat = { board: undefined, waiting: 0, turn: Promise.resolve() }
    this.#chats.set(key, chat)
    return chat
  }

  #ended(chat: Chat, contact: string): void {
    chat.waiting--
    if (chat.waiting === 0 && !chat.board) this.#chats.delete(keyOf(contact))
  }
}

/** Whether somebody was called in vain; a server lets us do that only so often (713). */
function isAbsence(error: unknown): error is ClientError {
  return error instanceof ClientError && (error.code === 'contact-offline' || error.code === 'throttled')
}

function over(): ClientError {
  return new ClientError('not-delivered', 'the chat of several is over')
}
