// Now or never: not queued, newest wins.

import type { Address } from './address.ts'
import type { Conversation } from './conversation.ts'
import type { RemoteId } from './event.ts'

/** How present somebody is. */
export type Status = 'online' | 'idle' | 'away' | 'busy' | 'brb' | 'phone' | 'lunch' | 'offline'

export interface Presence {
  readonly status: Status
  /** The personal message. */
  readonly message?: string
}

/** To be seen online for so many minutes after one did something at home, and otherwise as said. */
export interface WhileActive {
  readonly minutes: number
  readonly otherwise: 'away' | 'offline'
}

/** How somebody chose to be seen, rather than as they are at home. What is absent was not chosen. */
export interface Look {
  /** `offline`: invisible. `auto`: as at home after all. */
  readonly status?: Status | 'auto' | WhileActive
  /** The personal message. `null`: that at home after all. */
  readonly message?: string | null
}

export interface TypingSignal {
  readonly kind: 'typing'
  readonly conversation: Conversation
  readonly as: Address
  readonly typing: boolean
}

export interface PresenceSignal {
  readonly kind: 'presence'
  readonly as: Address
  readonly presence: Presence
}

/** Whoever we speak as has just done something at home. */
export interface ActivitySignal {
  readonly kind: 'activity'
  readonly as: Address
}

/** A message has arrived, and with it all that the same person said there before. */
export interface DeliveredSignal {
  readonly kind: 'delivered'
  readonly conversation: Conversation
  /** Who tells it: our bot. */
  readonly as: Address
  readonly of: RemoteId
}

export type Signal = TypingSignal | PresenceSignal | ActivitySignal | DeliveredSignal
