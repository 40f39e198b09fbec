// How present somebody on Matrix is, in the words of the core, and back. Matrix knows three states: there, not at the keyboard, and gone.

import type { Presence, Status } from '../core/signal.ts'
import { say } from '../core/words.ts'
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
export interface PresenceBody {
  readonly presence: 'online' | 'unavailable' | 'offline' | 'org.matrix.msc3026.busy'
  readonly status_msg?: string
}

/** MSN knows eight states: what Matrix has no state for is said in words. */
export function presenceBody(presence: Presence, { knowsBusy }: { readonly knowsBusy: boolean }): PresenceBody {
  const text = statusText(presence)
  const shown = text === '' ? {} : { status_msg: text }
  switch (presence.status) {
    case 'online':
      return { presence: 'online', ...shown }
    case 'busy':
    case 'phone':
      return { presence: knowsBusy ? 'org.matrix.msc3026.busy' : 'online', ...shown }
    case 'idle':
    case 'away':
    case 'brb':
    case 'lunch':
      return { presence: 'unavailable', ...shown }
    case 'offline':
      return { presence: 'offline' }
  }
}

/** How somebody is in words, where the state alone does not say it, and their personal message. */
export function statusText({ status, message: said }: Presence): string {
  const message = cleanText(said ?? '').trim()
  const isPlain = status === 'online' || status === 'idle' || status === 'offline'
  if (isPlain) return shortened(message)
  const state = say({ key: `presence.${status}` })
  return shortened(message === '' ? state : say({ key: 'presence.with-message', params: { state, message } }))
}

function shortened(text: string): string {
  return [...text].slice(0, longestStatus).join('')
}
