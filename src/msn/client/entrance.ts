// How a session gets in: which dialects it offers, in which order, and where the servers send it (msnp-core.md 3.2, 3.4).

import type { SignedIn } from '../dialect/sign-in.ts'
import { authFamily } from '../dialect/sign-in.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { Place } from './dialler.ts'
import { placeOf } from './dialler.ts'
import { ClientError } from './errors.ts'
import type { NotificationServer } from './notification.ts'
import type { Applicant } from './sign-in.ts'
import type { WebServices } from './web-ports.ts'

const mostHops = 5
/** An offer that the server took, and with which we never got in: so often it is tried before the next one comes first. */
const mostTries = 3
/** A ticket that is no good here, and an account that lives elsewhere: from a server that we were sent to, back to where we began. */
const lostOnes: ReadonlySet<number | undefined> = new Set([928, 931])

export interface EntranceOptions {
  readonly applicant: Applicant
  readonly home: Place
  readonly dialects: readonly Dialect[]
  readonly web: WebServices | undefined
  /** Connects to a notification server. Rejects with a ClientError. */
  readonly dial: (place: Place) => Promise<NotificationServer>
}

/** A connection that is signed in. */
export interface Entered {
  readonly server: NotificationServer
  readonly who: SignedIn
}

/**
 * The offers to make, one connection each, best first. A client never offered dialects of two ways to sign in together, so some servers
 * expect those of one.
 */
export function offers(dialects: readonly Dialect[]): Dialect[][] {
  const best = [...new Set(dialects)].sort((a, b) => b - a)
  const families = (['sso', 'twn', 'md5'] as const).map((family) => best.filter((dialect) => authFamily(dialect) === family))
  return families.filter((offer) => offer.length > 0)
}

/** Those of the dialects for which we have what they need. */
function possible(dialects: readonly Dialect[], { credential }: Applicant, web: WebServices | undefined): Dialect[] {
  return dialects.filter((dialect) => {
    if (dialect >= 13 && !web?.book) return false
    if (authFamily(dialect) === 'sso') return web?.tickets !== undefined
    return authFamily(dialect) === 'twn' || credential.kind === 'password'
  })
}

export class Entrance {
  readonly #options: EntranceOptions
  /** The offer that got us in the last time goes first the next time. */
  #offers: Dialect[][]
  #proven = false
  /** The offer that the server took, this time. */
  #taken: readonly Dialect[] | undefined
  #tries = 0

  constructor(options: EntranceOptions) {
    this.#options = options
    this.#offers = offers(possible(options.dialects, options.applicant, options.web))
  }

  /** Makes one offer after the other until one is taken, and goes where the server sends us. Rejects with a ClientError. */
  async enter(): Promise<Entered> {
    let refusal = new ClientError('no-common-dialect', 'there is no dialect to offer')
    this.#taken = undefined
    for (const offer of this.#offers) {
      const entered = await this.#enterWith(offer)
      if (!(entered instanceof ClientError)) return entered
      refusal = entered
    }
    throw refusal
  }

  /** We are in, with the list and all. */
  settled(): void {
    this.#proven = true
    this.#offers = this.#offers.toSorted((a, b) => Number(b === this.#taken) - Number(a === this.#taken))
  }

  /** It did not come to that, though nobody refused us: a web service that the offer needs may not be there. */
  failed(): void {
    if (this.#proven || !this.#taken || ++this.#tries < mostTries) return
    this.#tries = 0
    this.#offers = this.#offers.toSorted((a, b) => Number(a === this.#taken) - Number(b === this.#taken))
  }

  /** Gives the error when the server does not take the offer. */
  async #enterWith(offer: readonly Dialect[]): Promise<Entered | ClientError> {
    let place = this.#options.home
    for (let hops = 0; hops <= mostHops; hops++) {
      const server = await this.#options.dial(place)
      const refusal = await this.#negotiate(server, offer)
      if (refusal) return refusal
      this.#taken = offer
      try {
        const result = await server.signIn(this.#options.applicant)
        if (result.kind === 'in') return { server, who: result.who }
        place = placeOf(result.address)
      } catch (error) {
        if (place === this.#options.home || !(error instanceof ClientError && lostOnes.has(error.number))) throw error
        place = this.#options.home
      }
      server.leave()
    }
    throw new ClientError('server-error', 'the server sends us from one place to the next')
  }

  /**
   * A server that hangs up on an offer may not know what to say to it. But where we were in already it is only unwell: to come back in an older
   * dialect would sign out whoever else uses the account.
   */
  async #negotiate(server: NotificationServer, offer: readonly Dialect[]): Promise<ClientError | undefined> {
    try {
      await server.negotiate(offer)
      return undefined
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      const hungUp = error.code === 'connection-lost' && !this.#proven && this.#offers.length > 1
      if (error.code !== 'no-common-dialect' && !hungUp) throw error
      server.leave()
      return error
    }
  }
}
