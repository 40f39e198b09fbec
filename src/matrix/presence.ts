// How present somebody on Matrix is, in the words of the core, and back. Matrix knows three states: there, not at the keyboard, and gone.

import type { Presence, Status } from '../core/signal.ts'
import type { PresenceUpdate } from './events.ts'
import { cleanText } from './style.ts'

/** In characters. */
const longestStatus = 500

const statuses: Readonly<Record<string, Status>> = {
  online: 'online',
  unavailable: 'idle',
  offline: 'offline',
  // MSC3026, under its two names.
  busy: 'busy',
  'org.matrix.msc3026.busy': 'busy',
}

/** What an update says. A state that we do not know is somebody who is not at the keyboard. */
export function presenceOf({ presence, statusMessage }: Omit<PresenceUpdate, 'user'>): Presence {
  const status = (Object.hasOwn(statuses, presence) ? statuses[presence] : undefined) ?? 'idle'
  const message = cleanText(statusMessage ?? '')
    .trim()
    .slice(0, longestStatus)
  return message === '' ? { status } : { status, message }
}

/** What the homeserver is told. */
export function presenceBody(presence: Presence): { presence: string; status_msg?: string } {
  const message = cleanText(presence.message ?? '').slice(0, longestStatus)
  const shown = message === '' ? {} : { status_msg: message }
  switch (presence.status) {
    case 'online':
    case 'busy':
    case 'phone':
      return { presence: 'online', ...shown }
    case 'idle':
    case 'away':
    case 'brb':
    case 'lunch':
      return { presence: 'unavailable', ...shown }
    case 'offline':
      return { presence: 'offline', ...shown }
  }
}
