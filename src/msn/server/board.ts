// One live chat: who is on it, and how what one says reaches the others (msnp-core.md 4). Nothing that is said is kept.

import { randomInt } from 'node:crypto'
import { type AckType, type RollCall, writeJoined, writeLeft, writeRollCall, writeSaid } from '../dialect/board.ts'
import type { Command } from '../wire/command.ts'
import { encode } from '../wire/encoder.ts'
import { type Reply, silence } from './command-table.ts'
import type { Handle } from './handle.ts'
import type { SwitchboardSession } from './switchboard-session.ts'

/** So long somebody who was called counts as on the way. */
const ringing = 30_000

interface Called {
  /** Which of their sessions it rang at. */
  readonly session: number
  readonly until: number
}

/** All boards of this node. */
export class Boards {
  readonly #boards = new Map<string, Board>()
  /** Who is on a board, by the number of the notification session that brought them. */
  readonly #guests = new Map<number, Set<SwitchboardSession>>()

  get size(): number {
    return this.#boards.size
  }

  /** A new board, with an id of digits that no other board has. */
  open(): Board {
    let id: string
    do id = String(randomInt(10_000_000, 4_000_000_000))
    while (this.#boards.has(id))
    const board = new Board(id, () => this.#boards.delete(id))
    this.#boards.set(id, board)
    return board
  }

  find(id: string): Board | undefined {
    return this.#boards.get(id)
  }

  /** Somebody has joined a board. */
  entered(guest: SwitchboardSession): void {
    const { session } = guest.who
    const guests = this.#guests.get(session)
    if (guests) guests.add(guest)
    else this.#guests.set(session, new Set([guest]))
  }

  /** Somebody has left theirs. */
  left(guest: SwitchboardSession): void {
    const { session } = guest.who
    const guests = this.#guests.get(session)
    guests?.delete(guest)
    if (guests?.size === 0) this.#guests.delete(session)
  }

  /** Whoever came by this notification session is hung up on, and the others hear of it. */
  dismiss(session: number): void {
    for (const { peer } of this.#guests.get(session) ?? []) peer.close()
  }
}

export class Board {
  readonly id: string
  readonly #present = new Map<Handle, SwitchboardSession>()
  readonly #called = new Map<Handle, Called>()
  readonly #emptied: () => void

  constructor(id: string, emptied: () => void) {
    this.id = id
    this.#emptied = emptied
  }

  /** Whether somebody is here. */
  has(handle: Handle): boolean {
    return this.#present.has(handle)
  }

  /** Whether somebody was called, at this session of theirs, and is still expected. */
  expects(handle: Handle, session: number, now: number): boolean {
    const called = this.#called.get(handle)
    return called !== undefined && called.session === session && now < called.until
  }

  /** Somebody was called. */
  called(handle: Handle, session: number, now: number): void {
    this.#called.set(handle, { session, until: now + ringing })
  }

  /**
   * Somebody comes; the others hear of it. Gives those who were there before, one line each under the TrID of the command.
   * Whoever comes a second time takes the place of their first connection.
   */
  join(session: SwitchboardSession, trId: number): Command[] {
    const { handle } = session.who
    this.#present.get(handle)?.replaced()
    this.#present.delete(handle)
    this.#called.delete(handle)
    const there = [...this.#present.values()]
    this.#present.set(handle, session)
    for (const other of there) other.peer.send(writeJoined(other.dialect, session.who))
    return there.map((other, index) => {
      const line: RollCall = { ...other.who, index: index + 1, count: there.length }
      return writeRollCall(session.dialect, trId, line)
    })
  }

  /** Somebody is gone; the others hear of it. */
  leave(session: SwitchboardSession): void {
    const { handle } = session.who
    if (this.#present.get(handle) !== session) return
    this.#present.delete(handle)
    for (const other of this.#present.values()) other.peer.send(writeLeft(handle))
    if (this.#present.size === 0) this.#emptied()
  }

  /**
   * Brings what one says to the others. A client's own connection counts as delivery; our own sessions say when they have it stored, and ACK or NAK
   * follow then. While somebody here cannot keep up, the sender waits.
   */
  relay(from: SwitchboardSession, trId: number, type: AckType, payload: Uint8Array): Reply | Promise<Reply> {
    const others: SwitchboardSession[] = []
    for (const session of this.#present.values()) if (session !== from) others.push(session)
    if (others.length === 0) return outcome(type, trId, false)
    const storing = type === 'U' ? [] : others.filter((other) => other.receipts)
    const said = writeSaid(from.who, payload)
    const bytes = encode(said)
    for (const other of others) if (!storing.includes(other)) other.peer.write(bytes, said)
    if (storing.length > 0) this.#relayToStore(from, trId, type, payload, storing)
    const slow = others.filter((other) => other.isCongested)
    const reply = storing.length > 0 ? silence : outcome(type, trId, true)
    return slow.length === 0 ? reply : Promise.all(slow.map((other) => other.roomy())).then(() => reply)
  }

  /** Each of them has to say that it is stored; the first that does not decides. */
  #relayToStore(
    from: SwitchboardSession,
    trId: number,
    type: AckType,
    payload: Uint8Array,
    storing: readonly SwitchboardSession[],
  ): void {
    let left = storing.length
    let told = false
    const done = (stored: boolean) => {
      left -= 1
      if (told || (stored && left > 0)) return
      told = true
      for (const command of outcome(type, trId, stored)) from.peer.send(command)
    }
    for (const other of storing) other.peer.send(writeSaid(from.who, payload, other.receipts?.expect(done)))
  }
}

/** What a sender is told (msnp-core.md 4.4). */
function outcome(type: AckType, trId: number, delivered: boolean): Reply {
  if (delivered) return type === 'A' || type === 'D' || type === 'S' ? [{ verb: 'ACK', trId, args: [] }] : silence
  return type === 'A' || type === 'D' || type === 'N' ? [{ verb: 'NAK', trId, args: [] }] : silence
}
