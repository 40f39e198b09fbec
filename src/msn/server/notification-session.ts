// One client on the notification server: what it may say now, and what it is told (msnp-core.md 3).

import { type Cancel, pause } from '../../core/timers.ts'
import type { Command } from '../wire/command.ts'
import type { Reply } from './command-table.ts'
import { runCommand, silence } from './command-table.ts'
import type { Change, DirectorySession } from './directory.ts'
import type { Handle } from './handle.ts'
import type { Notice } from './notice.ts'
import { noticeLines } from './notice-lines.ts'
import { notificationCommands, pacedVerbs } from './notification/table.ts'
import { Pace } from './pace.ts'
import type { Peer, PeerListener } from './peer.ts'
import type { Services } from './services.ts'
import { type SightingNotice, sightingLines } from './sightings.ts'

/** connected → versioned → identified → signed-in; reporting is for clients that have no dialect of ours. */
export type NotificationState = 'connected' | 'reporting' | 'versioned' | 'identified' | 'signed-in'

/** So long a client has to sign in. */
const signInPatience = 60_000
/** A client that pings is silent for so long only when it is gone; MSNP2 to 7 may never ping. */
const longestSilence = 150_000
const pingingFrom = 8

export class NotificationSession implements DirectorySession, PeerListener {
  readonly peer: Peer
  readonly services: Services
  /** Whether clients are only told here where the notification server is. */
  readonly dispatches: boolean
  /** How often the owner may open a board. */
  readonly boardPace: Pace
  readonly #changePace: Pace
  state: NotificationState = 'connected'
  /** By which the directory knows this session, once it is signed in; 0 before. */
  number = 0
  /** Who wants in; proven once the state is `signed-in`. */
  claimed: string | undefined
  /** Which of the owner's places this is; absent below MSNP16. */
  endpoint: string | undefined
  /** Whether the owner has said, here, how they show themselves; nobody calls and nothing is told before. */
  ready = false
  /** Whether the owner wants to be called; a client may say that it does not (IMS). */
  takesCalls = true
  /** What a signature has to be made of, from MSNP15 on; good once. */
  nonce: string | undefined
  /** The question that was asked last and not answered. */
  challenge: { readonly digits: string; readonly cancel: Cancel } | undefined
  #dialect = 0
  #handle: Handle | undefined
  #leaving = false
  /** What is told about others while the owner is being told how they are. */
  #newer: SightingNotice[] | undefined
  #watch: Cancel

  constructor(peer: Peer, services: Services, dispatches = false) {
    this.peer = peer
    this.services = services
    this.dispatches = dispatches
    this.boardPace = new Pace(services.limits.boardsPerMinute, 60_000)
    this.#changePace = new Pace(services.limits.changesPerMinute, 60_000)
    this.#watch = services.timers.after(signInPatience, () => this.peer.close())
  }

  get dialect(): number {
    return this.#dialect
  }

  set dialect(dialect: number) {
    this.#dialect = dialect
    this.peer.dialect = dialect
  }

  /** The owner. Only a signed-in session has one. */
  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('asked a session for its owner before it was signed in')
    return this.#handle
  }

  /** Who does too much of what others are told of is not heard until it is no more too much. */
  command(command: Command): Reply | Promise<Reply> {
    const run = () => runCommand(notificationCommands, this, command)
    const wait = pacedVerbs.has(command.verb) && !this.peer.inProcess ? this.#waitOf() : 0
    return wait > 0 ? pause(this.services.timers, wait).then(run) : run()
  }

  /** What was asked counts as so many more. */
  asksMore(times: number): void {
    this.#changePace.count(this.services.clock(), times)
  }

  /** The owner has proven who they are. */
  signedIn(handle: Handle): void {
    this.#handle = handle
    this.state = 'signed-in'
    this.#watch()
    this.#watchSilence(this.peer.activity)
  }

  /** The owner says something about themselves, or about this place; everybody who may is told. */
  async show(change: Change): Promise<void> {
    const { directory, presence } = this.services
    await presence.announce(this.handle, await directory.show(this, change))
  }

  /** Tells the owner how others are. Whoever changes while that is found out is told of afterwards, so that the newest is heard last. */
  async tellHowOthersAre(find: () => Promise<Reply>): Promise<Reply> {
    const newer: SightingNotice[] = []
    this.#newer = newer
    try {
      for (const command of await find()) this.peer.send(command)
    } finally {
      this.#newer = undefined
      for (const notice of newer) this.notice(notice)
    }
    return silence
  }

  notice(notice: Notice): void {
    if (notice.kind === 'presence' || notice.kind === 'self') {
      if (this.#newer) this.#newer.push(notice)
      else if (this.ready)
        for (const { command, bytes } of sightingLines(this.#dialect, notice)) this.peer.write(bytes, () => command)
      return
    }
    for (const command of noticeLines(this, notice)) this.peer.send(command)
    if (notice.kind === 'displaced') this.#makeRoom()
  }

  /** Says goodbye and hangs up, because the server is going; nobody is told, since everybody has to go. */
  signOut(): void {
    if (this.state === 'signed-in') this.peer.send({ verb: 'OUT', args: ['SSD'] })
    this.#leaving = true
    this.peer.close()
  }

  closed(): void {
    this.#watch()
    this.challenge?.cancel()
    if (this.state === 'signed-in') void this.#leave()
  }

  async #leave(): Promise<void> {
    try {
      const shift = await this.services.directory.leave(this)
      if (!this.#leaving) await this.services.presence.announce(this.handle, shift)
    } catch (err) {
      this.services.log.error({ err }, 'msn server: contacts could not be told that somebody signed out')
    }
  }

  /** The client may have died, and somebody on a board with it would go on writing to nobody. */
  #makeRoom(): void {
    this.services.leaveBoards(this.number)
    this.peer.close()
  }

  #waitOf(): number {
    const now = this.services.clock()
    const wait = this.#changePace.wait(now)
    this.#changePace.count(now)
    return wait
  }

  #watchSilence(before: number): void {
    if (this.#dialect < pingingFrom || this.peer.inProcess) return
    this.#watch = this.services.timers.after(longestSilence, () => {
      if (this.peer.activity === before) this.peer.close()
      else this.#watchSilence(this.peer.activity)
    })
  }
}
