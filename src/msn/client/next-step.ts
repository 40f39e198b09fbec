// What a session does when its connection ended: try again, and when; or stop, and why (msnp-core.md 3.20). Pure.

import type { LoginState } from '../../core/login.ts'
import type { Phrase } from '../../core/words.ts'
import { ClientError } from './errors.ts'
import type { Farewell } from './notification.ts'

/** `wait` is in milliseconds; absent: as long as the back-off says. */
export type Next =
  | { readonly kind: 'again'; readonly wait?: number; readonly reason: Phrase }
  | { readonly kind: 'stop'; readonly state: LoginState; readonly reason: Phrase }

const lost: Phrase = { key: 'msn.connection-lost' }
const closing: Phrase = { key: 'msn.server-closing' }
const minute = 60_000
const mostMinutes = 60
/** A fresh ticket may fail because it came too late; so often in a row it is not that. */
const mostRefusals = 3

/** After the server sent us away. */
export function afterFarewell({ reason, minutes }: Farewell): Next {
  switch (reason) {
    case 'OTH':
      return { kind: 'stop', state: 'displaced', reason: { key: 'msn.displaced' } }
    case 'TOU':
      return { kind: 'stop', state: 'refused', reason: { key: 'msn.terms-of-use' } }
    case 'MIG':
      return { kind: 'again', wait: 0, reason: lost }
    case 'RCT':
      return { kind: 'again', wait: Math.min(mostMinutes, Math.max(1, minutes)) * minute, reason: closing }
    case 'SSD':
      return { kind: 'again', reason: closing }
    default:
      return { kind: 'again', reason: lost }
  }
}

/** After a connection broke or a sign-in failed. `refusals` counts those in a row. */
export function afterError(error: unknown, refusals: number): Next {
  if (!(error instanceof ClientError)) return { kind: 'again', reason: lost }
  if (error.code === 'no-common-dialect') return { kind: 'stop', state: 'refused', reason: { key: 'msn.no-common-dialect' } }
  if (error.code !== 'refused' || refusals < mostRefusals) return { kind: 'again', reason: lost }
  const { number } = error
  const wrong = number === undefined || number === 911 || number === 917
  return {
    kind: 'stop',
    state: 'refused',
    reason: wrong ? { key: 'msn.wrong-password' } : { key: 'msn.barred', params: { number } },
  }
}
