// Errors that carry their decision, so that the catcher needs no list of cases.

import type { Address } from './address.ts'
import type { Phrase } from './words.ts'

/** retry: try again soon. wait: until somebody returns. fail: tell the sender. */
export type Fate = 'retry' | 'wait' | 'fail'

/** Why a delivery did not happen. `phrase` is what its sender may read. */
export abstract class DeliveryError extends Error {
  abstract readonly code: string
  abstract readonly fate: Fate
  readonly phrase: Phrase

  constructor(phrase: Phrase, options?: ErrorOptions & { detail?: string }) {
    super(options?.detail ?? phrase.key, options)
    this.name = new.target.name
    this.phrase = phrase
  }
}

/** The network cannot be reached; it may come back any moment. */
export class NetworkUnreachable extends DeliveryError {
  readonly code = 'network-unreachable'
  readonly fate = 'retry' as const
  /** How long the network itself asked us to wait, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(options?: ErrorOptions & { detail?: string; retryAfter?: number }) {
    super({ key: 'delivery.unreachable' }, options)
    this.retryAfter = options?.retryAfter
  }
}

/** Somebody has to come back first: the recipient, or the login that we speak as. */
export class Absent extends DeliveryError {
  readonly code = 'absent'
  readonly fate = 'wait' as const
  /** Whose return ends the wait. */
  readonly until: Address
  /** Whether a part of it arrived before they were gone. */
  readonly isBegun: boolean

  constructor(until: Address, phrase: Phrase, { isBegun = false, ...options }: ErrorOptions & { isBegun?: boolean } = {}) {
    super(phrase, options)
    this.until = until
    this.isBegun = isBegun
  }
}

/** The network will never take this. */
export class ContentRefused extends DeliveryError {
  readonly code = 'content-refused'
  readonly fate = 'fail' as const
}

/** Nothing can be said in this conversation any more; the same may be said in another. */
export class ConversationGone extends ContentRefused {}

/** A setting is wrong. The message names the key, what was found and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The start cannot go on, for a reason that the operator can mend. The message says which and how. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
