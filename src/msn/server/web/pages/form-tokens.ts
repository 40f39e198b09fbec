// Proves that a form that comes back is one that we sent to the same browser: a page elsewhere can send the fields, but knows neither the cookie
// nor what belongs to it.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../../core/clock.ts'

/** How long a form may stay open, in milliseconds. */
const life = 2 * 60 * 60 * 1000
const cookieName = 'nudge-form'
const cookieForm = new RegExp(`(?:^|;\\s*)${cookieName}=([A-Za-z0-9_-]{22})(?:;|$)`)
const tokenForm = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/

export class FormTokens {
  /** Forms do not survive a restart; who sends one then is asked to send it again. */
  readonly #key = randomBytes(32)
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A token for a form, and the cookie that goes with it: the one that the browser has, or a new one. */
  issue(cookies: string | undefined): { readonly token: string; readonly cookie: string } {
    const browser = browserIn(cookies) ?? randomBytes(16).toString('base64url')
    const until = String(this.#clock() + life)
    return { token: `${until}.${this.#sum(browser, until).toString('base64url')}`, cookie: `${cookieName}=${browser}` }
  }

  /** Whether a token was issued to the browser with these cookies, not too long ago. */
  check(cookies: string | undefined, token: string): boolean {
    const browser = browserIn(cookies)
    const [, until = '', sum = ''] = tokenForm.exec(token) ?? []
    if (browser === undefined || Number(until) < this.#clock() || sum === '') return false
    return timingSafeEqual(this.#sum(browser, until), Buffer.from(sum, 'base64url'))
  }

  #sum(browser: string, until: string): Buffer {
    return createHmac('sha256', this.#key).update(`${until} ${browser}`).digest()
  }
}

function browserIn(cookies = ''): string | undefined {
  return cookieForm.exec(cookies)?.[1]
}
