// Tickets for a password at a token service, RST or RST2 (msnp-services.md A5, A6). Tickets are told apart by the address of their service, never
// by their Id, which servers number differently.

import type { Clock } from '../../../core/clock.ts'
import type { Secret } from '../../../core/secret.ts'
import { type ReceivedToken, readTokenAnswer } from '../../soap/token-answer.ts'
import { legacyAddress, type TokenForm, type WantedToken, writeTokenRequest } from '../../soap/tokens.ts'
import { ClientError } from '../errors.ts'
import type { ObtainTicket } from '../sign-in.ts'
import type { SignInTicket, TicketOffice } from '../web-ports.ts'
import { nextPlace, type WebCall } from './call.ts'

/** A web service that takes tickets. */
export type Service = 'messenger.msn.com' | 'contacts.msn.com' | 'messengersecure.live.com'

export interface TokenService {
  /** With `RST2` in its path it is spoken to in that form. */
  readonly rst: string
  readonly call: WebCall
  readonly clock: Clock
}

export interface WebTokensOptions extends TokenService {
  readonly account: string
  readonly password: Secret
}

/** The sign-in to the notification server; its token alone has a secret. */
const signInService = 'messengerclear.live.com'
const policies: Readonly<Record<Service, string>> = {
  'messenger.msn.com': '?id=507',
  'contacts.msn.com': 'MBI',
  'messengersecure.live.com': 'MBI_SSL',
}
/** A ticket with less time left than this is asked for anew, in milliseconds. */
const margin = 10 * 60 * 1000
const mostRedirects = 5
/** What may stand in a line of the notification server. */
const ticketForm = /^[\x21-\x7e]{1,4000}$/

/** The tickets of one account. */
export class WebTokens implements TicketOffice {
  readonly #options: WebTokensOptions
  #tokens: readonly ReceivedToken[] = []
  #renewal: Promise<readonly ReceivedToken[]> | undefined

  constructor(options: WebTokensOptions) {
    this.#options = options
  }

  /** Always a fresh one; tickets of the services come along with it. */
  async signInTicket(policy: string): Promise<SignInTicket> {
    this.#tokens = await this.#obtain([{ address: signInService, policy }])
    const token = find(this.#tokens, signInService)
    if (!token?.secret) throw new ClientError('server-error', 'the token service gave no ticket for the sign-in')
    return { ticket: token.ticket, secret: token.secret }
  }

  /**
   * Does something with the ticket of a service. When the service says that the ticket is over, which `attempt` tells as `stale`, it is done once
   * more with a fresh one.
   */
  async use<Result>(service: Service, attempt: (ticket: Secret) => Promise<Result | 'stale'>): Promise<Result> {
    const token = await this.#tokenOf(service)
    const first = await attempt(token.ticket)
    if (first !== 'stale') return first
    this.#tokens = this.#tokens.filter((known) => known !== token)
    const second = await attempt((await this.#tokenOf(service)).ticket)
    if (second !== 'stale') return second
    throw new ClientError('server-error', `${service} takes no ticket that we are given`)
  }

  async #tokenOf(service: Service): Promise<ReceivedToken> {
    const known = find(this.#tokens, service)
    if (known && (known.expires ?? Number.POSITIVE_INFINITY) - this.#options.clock() >= margin) return known
    this.#renewal ??= this.#obtain([]).finally(() => {
      this.#renewal = undefined
    })
    this.#tokens = await this.#renewal
    const fresh = find(this.#tokens, service)
    if (!fresh) throw new ClientError('server-error', `the token service gave no ticket for ${service}`)
    return fresh
  }

  #obtain(first: readonly Omit<WantedToken, 'number'>[]): Promise<readonly ReceivedToken[]> {
    const services = Object.entries(policies).map(([address, policy]) => ({ address, policy }))
    return obtainTokens(this.#options, this.#options, [...first, ...services])
  }
}

/**
 * Makes tickets of passwords for `USR TWN` where a network has no nexus but a token service, as MSN 7.5 does: the parameters of the notification
 * server are the policy.
 */
export function tokenSignIn(service: TokenService): ObtainTicket {
  return async ({ account, password, challenge }) => {
    const address: Service = 'messenger.msn.com'
    const wanted = [{ address, policy: `?${challenge.replaceAll(',', '&')}` }]
    const token = find(await obtainTokens(service, { account, password }, wanted), address)
    if (!token) throw new ClientError('server-error', 'the token service gave no ticket for the sign-in')
    return token.ticket
  }
}

async function obtainTokens(
  { rst, call, clock }: TokenService,
  { account, password }: { readonly account: string; readonly password: Secret },
  wanted: readonly Omit<WantedToken, 'number'>[],
): Promise<readonly ReceivedToken[]> {
  const all = [{ address: legacyAddress }, ...wanted].map((token, number) => ({ ...token, number }))
  let place = new URL(rst)
  const form: TokenForm = /rst2/i.test(place.pathname) ? 'RST2' : 'RST'
  const type = form === 'RST' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8'
  const body = writeTokenRequest(form, { account, password, wanted: all }, clock()).reveal()
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const headers = { 'Content-Type': type, ...(form === 'RST' && { SOAPAction: '""' }) }
    const { status, text } = await call({ method: 'POST', url: place.href, headers, body, follows: true, reads: true })
    const answer = readTokenAnswer(text)
    if (answer?.kind === 'tokens') return answer.tokens.filter(isSound)
    if (answer?.kind === 'refused' || status === 401)
      throw new ClientError('refused', 'the token service does not accept the address and the password', { number: 911 })
    if (answer?.kind !== 'redirect')
      throw new ClientError('server-error', `the token service at ${place.host} gave no tickets (status ${status})`)
    place = nextPlace(place, answer.to)
  }
  throw new ClientError('server-error', 'the token service sends us from one place to the next')
}

function find(tokens: readonly ReceivedToken[], address: string): ReceivedToken | undefined {
  return tokens.find((token) => token.address.toLowerCase() === address)
}

function isSound({ address, ticket }: ReceivedToken): boolean {
  return address === legacyAddress || ticketForm.test(ticket.reveal())
}
