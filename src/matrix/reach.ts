// Whether the homeserver and we reach each other: tried until it works, in both directions, and said in one line when it does not.

import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../core/log.ts'
import { say } from '../core/words.ts'
import type { Accounts } from './accounts.ts'
import { botPicture } from './bot-picture.ts'
import type { Homeserver } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'

/** Pauses between two tries, in milliseconds. */
const shortestPause = 500
const longestPause = 30_000

interface Options {
  readonly homeserver: Homeserver
  readonly accounts: Accounts
  readonly bot: string
  readonly url: string
  readonly registrationId: string
  readonly log: Logger
}

/** Keeps the way between the homeserver and us open. */
export class Reach {
  readonly #options: Options
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  #transactions = 0
  #refusals = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Begins to try until it works. Throws nothing. */
  start(): void {
    this.#run(async () => {
      if (await this.#tryUntilReached())
        this.#options.log.info({ homeserver: this.#options.url }, 'the homeserver and Nudge reach each other')
    })
  }

  /** A transaction came. */
  begun(): void {
    this.#transactions++
  }

  /**
   * A transaction was taken, or refused. After a refusal the homeserver waits, each time longer, up to minutes, before it sends the
   * transaction again; a ping makes it do so at once (Synapse: `force_retry`).
   */
  ended(wasTaken: boolean): void {
    this.#transactions--
    this.#refusals = wasTaken ? 0 : this.#refusals + 1
    if (!wasTaken) this.#run(() => this.#askAgain())
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  #run(task: () => Promise<void>): void {
    if (this.#running !== undefined || this.#stop.signal.aborted) return
    this.#running = task().finally(() => {
      this.#running = undefined
    })
  }

  /** Pings for as long as the last transaction was refused. Not while one is under way: Synapse would begin a second row of retries. */
  async #askAgain(): Promise<void> {
    while (this.#refusals > 0 && !this.#stop.signal.aborted) {
      await this.#pause(pause(this.#refusals))
      if (this.#transactions === 0 && this.#refusals > 0) await this.#tryUntilReached()
    }
  }

  /** Whether there is a way now; false when we were stopped first. */
  async #tryUntilReached(): Promise<boolean> {
    const { log, url } = this.#options
    let said: string | undefined
    for (let tries = 1; !this.#stop.signal.aborted; tries++) {
      const problem = await this.#problem()
      if (problem === undefined) return true
      if (problem !== said) log.error({ homeserver: url }, `${problem} Trying again until it works.`)
      said = problem
      await this.#pause(pause(tries))
    }
    return false
  }

  async #pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {})
  }

  /** What stands between us, in words for the operator. */
  async #problem(): Promise<string | undefined> {
    const { homeserver, accounts, bot, registrationId } = this.#options
    try {
      accounts.doubt(bot)
      await accounts.ensure(bot)
      await homeserver.call(bot, 'POST', `/_matrix/client/v1/appservice/${encodeURIComponent(registrationId)}/ping`, { body: {} })
      await accounts.show(bot, { name: say({ key: 'matrix.bot-name' }), picture: botPicture })
      return undefined
    } catch (error) {
      if (!(error instanceof HomeserverError)) return `The way to the homeserver broke: ${String(error)}.`
      return diagnosis(error, this.#options)
    }
  }
}

function pause(tries: number): number {
  return Math.min(longestPause, shortestPause * 2 ** Math.min(tries - 1, 10))
}

/** What an operator can do about an answer (Matrix specification, application service API 3.7). Undefined: nothing is wrong. */
function diagnosis(error: HomeserverError, { url, registrationId }: Options): string | undefined {
  if (error.status === undefined) return `The homeserver at ${url} does not answer (${error.message}).`
  switch (error.errcode) {
    case 'M_UNKNOWN_TOKEN':
    case 'M_MISSING_TOKEN':
      return `The homeserver at ${url} does not know our as_token. Give it the file that "nudge registration" writes, and restart it.`
    case 'M_FORBIDDEN':
    case 'M_EXCLUSIVE':
      return `The homeserver at ${url} knows us under another id than "${registrationId}" or another bot. Give it the file that "nudge registration" writes, and restart it (${error.message}).`
    case 'M_URL_NOT_SET':
      return `The homeserver at ${url} has a registration without a url. Give it the file that "nudge registration" writes, and restart it.`
    case 'M_BAD_STATUS':
      return `The homeserver at ${url} calls us with a wrong hs_token, or calls somebody else. Give it the file that "nudge registration" writes, and restart it (${error.message}).`
    case 'M_CONNECTION_FAILED':
    case 'M_CONNECTION_TIMEOUT':
      return `The homeserver at ${url} cannot reach us under the url of its registration file (${error.message}).`
    case 'M_UNRECOGNIZED':
      // A homeserver of before 2023 has no ping.
      return undefined
    default:
      return `The homeserver at ${url} does not work with us (${error.message}).`
  }
}
