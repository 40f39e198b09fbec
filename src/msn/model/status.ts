// What MSN means, without its lines: status, lists, capabilities, objects, challenges. Pure. Follows msnp-core.md, section 3.
// This file: status codes (3.11).

import type { Status } from '../../core/signal.ts'

/** A status as MSN writes it. HDN is "appear offline" and only ever one's own. */
export type StatusCode = 'NLN' | 'BSY' | 'IDL' | 'BRB' | 'AWY' | 'PHN' | 'LUN' | 'HDN' | 'FLN'

const meanings: Readonly<Record<StatusCode, Status>> = {
  NLN: 'online',
  BSY: 'busy',
  IDL: 'idle',
  BRB: 'brb',
  AWY: 'away',
  PHN: 'phone',
  LUN: 'lunch',
  HDN: 'offline',
  FLN: 'offline',
}

const codes: Readonly<Record<Status, StatusCode>> = {
  online: 'NLN',
  busy: 'BSY',
  idle: 'IDL',
  brb: 'BRB',
  away: 'AWY',
  phone: 'PHN',
  lunch: 'LUN',
  offline: 'FLN',
}

/** Whether some text is a status code. */
export function isStatusCode(text: string): text is StatusCode {
  return Object.hasOwn(meanings, text)
}

/** What a status code means to everybody else; hidden is offline. */
export function statusOf(code: StatusCode): Status {
  return meanings[code]
}

/** The code of a status, as somebody else sees it. */
export function codeOf(status: Status): StatusCode {
  return codes[status]
}

/** Whether somebody with this status looks offline to everybody else. */
export function looksOffline(code: StatusCode): boolean {
  return code === 'HDN' || code === 'FLN'
}
