// What clients get for a password over HTTP, and sign in or call web services with (msnp-services.md A4 to A7). They keep one as long as they were
// told it lasts and use it again and again, so it is not used up.
//
// The secret that goes with a token signs MSNP15 and later in. It is made of the token, which we do not keep, and of a salt, which never crosses the
// wire: neither who reads the database nor who listens on the (plain) notification server has both.
//
// A token is good for as long as the password that it was given for: with another password, or without the account, it is worth nothing.

import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Secret } from '../../core/secret.ts'
import type { Tickets } from '../../core/stores.ts'
import { ticketFor, tokenIn } from '../auth/passport.ts'
import type { Handle } from './handle.ts'
import { ticketPurpose } from './services.ts'

/**
 * What a token is good for. `sign-in`: `USR SSO`, which needs its secret too. `messenger`: `USR TWN`, and reading offline messages.
 * `services`: the other web services. Who listens on the wire sees the first two, and gets no further with the first.
 */
export type TokenUse = 'sign-in' | 'messenger' | 'services'

const claimForm = z.strictObject({
  handle: z.string(),
  use: z.enum(['sign-in', 'messenger', 'services']),
  salt: z.string(),
  stamp: z.string(),
})

/** A token as it is handed out. */
export interface IssuedToken {
  /** `t=…&p=`, as clients expect it. */
  readonly ticket: Secret
  /** 24 bytes in base64: the `BinarySecret`. */
  readonly secret: Secret
}

export class Tokens {
  readonly #tickets: Tickets
  readonly #stampOf: (handle: Handle) => Promise<string>

  /** `stampOf` gives another text when somebody's password is another one. */
  constructor(tickets: Tickets, stampOf: (handle: Handle) => Promise<string>) {
    this.#tickets = tickets
    this.#stampOf = stampOf
  }

  /** Makes a token for somebody who has proven who they are, good for so many seconds. */
  async issue(handle: Handle, use: TokenUse, seconds: number): Promise<IssuedToken> {
    const salt = randomBytes(24).toString('base64')
    const stamp = await this.#stampOf(handle)
    const token = await this.#tickets.issue(ticketPurpose.token, { handle, use, salt, stamp }, seconds)
    return { ticket: ticketFor(token), secret: secretOf(token, salt) }
  }

  /** Who a ticket stands for, and its secret, if it is good for one of these uses. The token may stand alone or as `t=…&p=…`. */
  async check(ticket: Secret, ...uses: readonly TokenUse[]): Promise<{ handle: Handle; secret: Secret } | undefined> {
    const token = tokenIn(ticket)
    const claim = claimForm.safeParse(await this.#tickets.check(ticketPurpose.token, token))
    if (!claim.success || !uses.includes(claim.data.use)) return undefined
    const { salt, stamp } = claim.data
    const handle = claim.data.handle as Handle
    return stamp === (await this.#stampOf(handle)) ? { handle, secret: secretOf(token, salt) } : undefined
  }
}

function secretOf(token: string, salt: string): Secret {
  const sum = createHmac('sha256', Buffer.from(salt, 'base64')).update(token).digest()
  return new Secret(sum.subarray(0, 24).toString('base64'))
}
