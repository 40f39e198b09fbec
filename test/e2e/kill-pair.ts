// Two people who write to each other without a pause, one at an MSN client and one on Matrix, and what each of them saw.

import { setTimeout as pause } from 'node:timers/promises'
import { ClientError } from '../../src/msn/client/errors.ts'
import type { MatrixUser, SeenEvent } from '../support/matrix-user.ts'
import type { MsnUser } from '../support/msn-user.ts'
import type { World } from '../support/world.ts'
import { domains, ghostOf } from '../support/world.ts'
import type { Progress } from './kill-progress.ts'
import type { Fate, Verdict } from './kill-verdict.ts'
import { judge } from './kill-verdict.ts'

/** How long a message may take while things are killed, in milliseconds. */
const patience = 90_000

interface People {
  readonly name: string
  readonly vintage: MsnUser
  readonly matrix: MatrixUser
  /** The address of the Matrix user on MSN, and the ghost of the other on Matrix. */
  readonly address: string
  readonly ghost: string
  readonly room: string
  /** So many messages may be under way in each direction. */
  readonly window: number
  /** Told of every message that was sent for sure. */
  readonly progress: Progress
}

interface Meeting extends Pick<People, 'window' | 'progress'> {
  /** Tells the people of this pair from those of others. */
  readonly name: string
  /** Of the MSN client. */
  readonly dialect: number
}

export class Pair {
  readonly #people: People
  readonly #toMatrix = new Map<number, Fate>()
  readonly #toMsn = new Map<number, Fate>()

  private constructor(people: People) {
    this.#people = people
  }

  /** Two new people whose chat is open. */
  static async meet(world: World, { name, dialect, ...rest }: Meeting): Promise<Pair> {
    const vintage = await world.msnUser(world.nudge, `juliet${name}@${domains.msn}`, 'Juliet', [dialect])
    vintage.insists()
    const matrix = await world.matrixUser(`romeo${name}`)
    const ghost = ghostOf('msn', vintage.account)
    const room = await matrix.startChat(ghost)
    await matrix.sees(room, (event) => event.state_key === ghost && event.content['membership'] === 'join', patience)
    const address = `romeo${name}@matrix.${domains.msn}`
    return new Pair({ name: `juliet${name} (MSNP${dialect})`, vintage, matrix, address, ghost, room, ...rest })
  }

  /** Writes so many messages in both directions, beginning with this number. */
  async write(from: number, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => from + index)
    await Promise.all([this.#writeToMatrix(numbers), this.#writeToMsn(numbers)])
  }

  /** Waits until everything up to this number has arrived that was sent for sure. */
  async hasAll(upTo: number): Promise<void> {
    await Promise.all([this.#arrivedOnMatrix(upTo), this.#arrivedOnMsn(upTo)])
  }

  /** What became of both lines. */
  async verdict(kills: number): Promise<{ toMatrix: Verdict; toMsn: Verdict; counts: Record<Fate, number> }> {
    const { name, matrix, room, vintage } = this.#people
    const shown = (await matrix.history(room)).flatMap((event) => this.#numberOf(event) ?? [])
    const heard = vintage.heard.map(({ text }) => Number(text))
    const fates = [...this.#toMatrix.values(), ...this.#toMsn.values()]
    return {
      toMatrix: judge(`${name} into Matrix`, this.#toMatrix, shown, 0),
      toMsn: judge(`${name} into MSN`, this.#toMsn, heard, kills),
      counts: {
        sure: fates.filter((fate) => fate === 'sure').length,
        unsure: fates.filter((fate) => fate === 'unsure').length,
      },
    }
  }

  /** Both directions keep pace with what arrives at the MSN client: to ask a homeserver all the time would slow it down for everybody. */
  async #writeToMatrix(numbers: readonly number[]): Promise<void> {
    const { vintage, address, window, progress } = this.#people
    for (const number of numbers) {
      await this.#heardSince(number - window)
      const fate = await untilSent(
        () => vintage.says(address, String(number)),
        reachedMsn,
        () => vintage.sees('to be online', () => vintage.state === 'online' || undefined, patience),
      )
      this.#toMatrix.set(number, fate)
      if (fate === 'sure') progress.count('to-matrix')
    }
  }

  async #writeToMsn(numbers: readonly number[]): Promise<void> {
    const { matrix, room, window, progress } = this.#people
    for (const number of numbers) {
      await this.#arrivedOnMsn(number - window)
      const fate = await untilSent(
        () => matrix.says(room, String(number)),
        reachedMatrix,
        () => pause(100),
      )
      this.#toMsn.set(number, fate)
      if (fate === 'sure') progress.count('to-msn')
    }
  }

  async #heardSince(least: number): Promise<void> {
    const { vintage } = this.#people
    if (least <= 0) return
    await vintage.sees(`message ${least} or later`, () => vintage.heard.find(({ text }) => Number(text) >= least), patience)
  }

  async #arrivedOnMatrix(upTo: number): Promise<void> {
    const { matrix, room } = this.#people
    const last = lastSure(this.#toMatrix, upTo)
    if (last !== undefined) await matrix.sees(room, (event) => this.#numberOf(event) === last, patience)
  }

  async #arrivedOnMsn(upTo: number): Promise<void> {
    const { vintage } = this.#people
    const last = lastSure(this.#toMsn, upTo)
    if (last === undefined) return
    const awaited = String(last)
    await vintage.sees(`message ${last}`, () => vintage.heard.find(({ text }) => text === awaited), patience)
  }

  /** The number that the ghost says; notices have none. */
  #numberOf({ type, sender, content }: SeenEvent): number | undefined {
    if (type !== 'm.room.message' || sender !== this.#people.ghost || content['msgtype'] !== 'm.text') return undefined
    return Number(content['body'])
  }
}

function lastSure(sent: ReadonlyMap<number, Fate>, upTo: number): number | undefined {
  return [...sent].findLast(([number, fate]) => number <= upTo && fate === 'sure')?.[0]
}

/** Sends, and again where it is certain that nothing was sent. */
async function untilSent(
  send: () => Promise<unknown>,
  mayHaveArrived: (error: unknown) => boolean,
  ready: () => Promise<unknown>,
): Promise<Fate> {
  for (;;) {
    try {
      await send()
      return 'sure'
    } catch (error) {
      if (mayHaveArrived(error)) return 'unsure'
      await ready()
      await pause(20)
    }
  }
}

/** Throws what is no fault of a connection. */
function reachedMsn(error: unknown): boolean {
  if (!(error instanceof ClientError)) throw error
  if (error.code === 'connection-lost') return error.sent
  return error.code === 'not-delivered'
}

/** Nothing was sent where nobody listened. */
function reachedMatrix(error: unknown): boolean {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) throw error
  return !('code' in error.cause && error.cause.code === 'ECONNREFUSED')
}
