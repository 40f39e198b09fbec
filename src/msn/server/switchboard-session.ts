// One client on a switchboard (msnp-core.md 4). Its dialect is that of the notification session that got its ticket.

import type { Cancel } from '../../core/timers.ts'
import { writeSaid } from '../dialect/board.ts'
import type { Command } from '../wire/command.ts'
import { lineOf } from '../wire/encoder.ts'
import type { Board, Boards } from './board.ts'
import type { Comer } from './board-ticket.ts'
import type { Reply } from './command-table.ts'
import { runCommand } from './command-table.ts'
import { Pace } from './pace.ts'
import type { Peer, PeerListener } from './peer.ts'
import { Receipts } from './receipts.ts'
import type { Services } from './services.ts'
import { switchboardCommands } from './switchboard/table.ts'

const nothing = new Uint8Array()

/** connected → joined. */
export type SwitchboardState = 'connected' | 'joined'

/** So long a client has to say who it is. */
const identifyPatience = 60_000
/** Who has read nothing for so long, while others wait to write to them, is cut off. */
const readPatience = 30_000

export class SwitchboardSession implements PeerListener {
  readonly peer: Peer
  readonly services: Services
  readonly boards: Boards
  state: SwitchboardState = 'connected'
  /** Only for sessions of ours: what they have yet to store. */
  receipts: Receipts | undefined
  /** How fast this client may talk, and call in vain. */
  readonly talk: Pace
  readonly vainCalls = new Pace(5, 60_000)
  #joined: { readonly who: Comer; readonly board: Board } | undefined
  #saying: string | undefined
  readonly #watch: Cancel

  constructor(peer: Peer, services: Services, boards: Boards) {
    this.peer = peer
    this.services = services
    this.boards = boards
    this.talk = new Pace(services.limits.messagesPerSecond, 1000)
    this.#watch = services.timers.after(identifyPatience, () => this.peer.close())
  }

  /** 0 until the ticket says. */
  get dialect(): number {
    return this.#joined?.who.dialect ?? 0
  }

  /** Who this is. Only a session that joined has that. */
  get who(): Comer {
    return this.#there().who
  }

  /** The line with which others hear what this client says. */
  get saying(): string {
    this.#saying ??= lineOf(writeSaid(this.who, nothing))
    return this.#saying
  }

  get board(): Board {
    return this.#there().board
  }

  command(command: Command): Reply | Promise<Reply> {
    return runCommand(switchboardCommands, this, command)
  }

  /** The ticket was good. Gives those who are on the board, one line each. */
  join(who: Comer, board: Board, trId: number): Command[] {
    this.#watch()
    this.#joined = { who, board }
    this.boards.entered(this)
    this.state = 'joined'
    this.peer.dialect = who.dialect
    if (this.peer.inProcess && this.services.isHostedAddress(who.handle)) this.receipts = new Receipts(this.services.timers)
    return board.join(this, trId)
  }

  /** The same person came in by another connection. */
  replaced(): void {
    this.receipts?.giveUp()
    this.peer.close()
  }

  /** Whether those who write to this client have to wait. */
  get isCongested(): boolean {
    return this.peer.isOpen && (this.peer.isCongested || (this.receipts?.isFull ?? false))
  }

  /** Resolves when this client can take more, or was cut off because it did not read. */
  async roomy(): Promise<void> {
    await this.receipts?.roomy()
    if (!this.peer.isCongested) return
    const cancel = this.services.timers.after(readPatience, () => this.peer.destroy())
    await this.peer.drained()
    cancel()
  }

  closed(): void {
    this.#watch()
    this.receipts?.giveUp()
    if (!this.#joined) return
    this.#joined.board.leave(this)
    this.boards.left(this)
  }

  #there(): { readonly who: Comer; readonly board: Board } {
    if (!this.#joined) throw new Error('asked a switchboard session for its board before it had joined one')
    return this.#joined
  }
}
