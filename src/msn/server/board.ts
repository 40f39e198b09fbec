// One live chat: who is on it, and how what one says reaches the others (msnp-core.md 4). Nothing that is said is kept.

import { randomInt } from 'node:crypto'
import type { Cancel, Timers } from '../../core/timers.ts'
import type { AckType, Participant } from '../dialect/board.ts'
import { inSeat, writeJoined, writeLeft, writeRollCall, writeSaid } from '../dialect/board.ts'
import type { Command } from '../wire/command.ts'
import { withPayload } from '../wire/encoder.ts'
import type { Comer } from './board-ticket.ts'
import { type Reply, silence } from './command-table.ts'
import type { Handle } from './handle.ts'
import type { SwitchboardSession } from './switchboard-session.ts'

/** So long somebody who was called counts as on the way. */
const ringing = 30_000
/** So many people can be on a board or on their way to it. No client shows more. */
const mostPeople = 100
/** Where clients give each of their owner's endpoints a line of its own (msnp-core.md 4.6). */
const endpointsFrom = 16

interface Called {
  /** At which of their sessions it rang. */
  readonly sessions: readonly number[]
  readonly until: number
}

/** All boards of this node. */
export class Boards {
  readonly #boards = new Map<string, Board>()
  /** Who is on a board, by the number of the notification session that brought them. */
  readonly #guests = new Map<number, Set<SwitchboardSession>>()
  readonly #timers: Timers
  readonly #idle: number

  /** A board on which nobody says anything for `idle` milliseconds is closed. */
  constructor(timers: Timers, idle: number) {
    this.#timers = timers
    this.#idle = idle
  }

  get size(): number {
    return this.#boards.size
  }

  /** A new board, with an id of digits that no other board has. */
  open(): Board {
    let id: string
    do id = String(randomInt(10_000_000, 4_000_000_000))
    while (this.#boards.has(id))
    const board = new Board(id, { timers: this.#timers, idle: this.#idle, over: () => this.#boards.delete(id) })
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

interface BoardOptions {
  readonly timers: Timers
  readonly idle: number
  /** Called when nobody is left. */
  readonly over: () => void
}

export class Board {
  readonly id: string
  /** Everybody who is here, by seat: an account may be here from several endpoints, each a connection of its own. */
  readonly #present = new Map<string, SwitchboardSession>()
  readonly #called = new Map<Handle, Called>()
  readonly #options: BoardOptions
  /** Counts what happens here: whoever watches for silence compares. */
  #activity = 0
  #watch: Cancel = () => {}

  constructor(id: string, options: BoardOptions) {
    this.id = id
    this.#options = options
    this.#watchSilence()
  }

  /** Whether somebody is here, from whichever endpoint. */
  has(handle: Handle): boolean {
    for (const { who } of this.#present.values()) if (who.handle === handle) return true
    return false
  }

  /** Whether somebody is here by the notification session of this number. */
  hasSession(handle: Handle, session: number): boolean {
    for (const { who } of this.#present.values()) if (who.handle === handle && who.session === session) return true
    return false
  }

  /** Whether nobody else can be called. */
  isFull(now: number): boolean {
    for (const [handle, { until }] of this.#called) if (now >= until) this.#called.delete(handle)
    return new Set([...this.#called.keys(), ...[...this.#present.values()].map(({ who }) => who.handle)]).size >= mostPeople
  }

  /** Whether somebody was called, at one of these sessions of theirs, and is still expected. */
  expects(handle: Handle, sessions: readonly number[], now: number): boolean {
    const called = this.#called.get(handle)
    return called !== undefined && now < called.until && sessions.some((session) => called.sessions.includes(session))
  }

  /** Somebody was called. */
  called(handle: Handle, sessions: readonly number[], now: number): void {
    this.#called.set(handle, { sessions, until: now + ringing })
  }

  /**
   * Somebody comes; the others hear of it. Gives those who were there before, under the TrID of the command.
   * Whoever comes a second time takes the place of their first connection.
   */
  join(session: SwitchboardSession, trId: number): Command[] {
    const { who } = session
    const seat = inSeat(who)
    this.#activity++
    const before = this.#present.get(seat)
    // First, so that its end is nobody's leaving.
    this.#present.delete(seat)
    before?.replaced()
    this.#called.delete(who.handle)
    const isFirst = !this.has(who.handle)
    const there = [...this.#present.values()]
    this.#present.set(seat, session)
    for (const other of there) for (const line of linesFor(other, who, isFirst)) other.peer.send(writeJoined(other.dialect, line))
    const told = new Set<Handle>([who.handle])
    const lines = there.flatMap((other) => {
      const isNew = !told.has(other.who.handle)
      told.add(other.who.handle)
      return linesFor(session, other.who, isNew)
    })
    return lines.map((line, at) => writeRollCall(session.dialect, trId, { ...line, index: at + 1, count: lines.length }))
  }

  /** Somebody is gone; the others hear of it. */
  leave(session: SwitchboardSession): void {
    const { who } = session
    const seat = inSeat(who)
    if (this.#present.get(seat) !== session) return
    this.#present.delete(seat)
    const wasLast = !this.has(who.handle)
    for (const other of this.#present.values())
      for (const { handle } of linesFor(other, who, wasLast)) other.peer.send(writeLeft(handle))
    if (this.#present.size === 0) this.#end()
  }

  /**
   * Brings what one says to the others. A client's own connection counts as delivery; our own sessions say when they have it stored, and ACK or NAK
   * follow then. While somebody here cannot keep up, the sender waits.
   */
  relay(from: SwitchboardSession, trId: number, type: AckType, payload: Uint8Array): Reply | Promise<Reply> {
    this.#activity++
    // Their own other endpoints alone are nobody to talk to.
    if (!this.#hasOthers(from.who.handle)) return outcome(type, trId, false)
    const bytes = withPayload(from.saying, payload)
    const said = () => writeSaid(from.who, payload)
    const storing: SwitchboardSession[] = []
    for (const session of this.#present.values()) {
      if (session === from) continue
      if (session.receipts && type !== 'U') storing.push(session)
      else session.peer.write(bytes, said)
    }
    if (storing.length > 0) this.#relayToStore(from, trId, type, payload, storing)
    const reply = storing.length > 0 ? silence : outcome(type, trId, true)
    const slow: Promise<void>[] = []
    for (const session of this.#present.values()) if (session !== from && session.isCongested) slow.push(session.roomy())
    return slow.length === 0 ? reply : Promise.all(slow).then(() => reply)
  }

  #hasOthers(handle: Handle): boolean {
    for (const { who } of this.#present.values()) if (who.handle !== handle) return true
    return false
  }

  #watchSilence(before = this.#activity): void {
    this.#watch = this.#options.timers.after(this.#options.idle, () => {
      if (this.#activity === before) this.#dissolve()
      else this.#watchSilence()
    })
  }

  /** Nobody has said anything for too long: everybody is told that the others are gone for that, and hung up on. */
  #dissolve(): void {
    const there = [...this.#present.values()]
    this.#present.clear()
    for (const session of there) {
      const told = new Set<Handle>()
      for (const { who } of there) {
        if (who === session.who) continue
        for (const { handle } of linesFor(session, who, !told.has(who.handle))) session.peer.send(writeLeft(handle, true))
        told.add(who.handle)
      }
      session.peer.close()
    }
    this.#end()
  }

  #end(): void {
    this.#watch()
    this.#options.over()
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

/**
 * How somebody is called towards a listener. From MSNP16 on an endpoint has a line of its own, and the person one more: with the first endpoint
 * that comes and the last that goes. Nobody is told about their own person.
 */
function linesFor(listener: SwitchboardSession, who: Comer, isPerson: boolean): Participant[] {
  const person = isPerson && listener.who.handle !== who.handle ? [who] : []
  if (listener.dialect < endpointsFrom || who.endpoint === undefined) return person
  return [{ ...who, handle: inSeat(who) }, ...person]
}

/** What a sender is told (msnp-core.md 4.4). */
function outcome(type: AckType, trId: number, delivered: boolean): Reply {
  if (delivered) return type === 'A' || type === 'D' || type === 'S' ? [{ verb: 'ACK', trId, args: [] }] : silence
  return type === 'A' || type === 'D' || type === 'N' ? [{ verb: 'NAK', trId, args: [] }] : silence
}
