// What comes after a delivery that did not happen. Pure: time and chance are parameters.

import type { Address } from '../core/address.ts'
import { Absent, DeliveryError, NetworkUnreachable } from '../core/errors.ts'

/** Something broke on our side: a mistake of ours, or a store that could not be read. */
export class Fault extends DeliveryError {
  readonly code = 'fault'
  readonly fate = 'retry' as const
}

export type Step =
  | { readonly step: 'retry'; readonly afterMs: number }
  | { readonly step: 'wait'; readonly until: Address }
  | { readonly step: 'fail' }
  | { readonly step: 'expire' }

export interface Attempt {
  readonly error: DeliveryError
  /** How many tries came before this one. */
  readonly tries: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** Milliseconds since 1970; absent: patience has no end. */
  readonly deadline?: number | undefined
  /** From 0 to 1. */
  readonly chance: number
}

/** Both in milliseconds. */
const firstPause = 500
const longestPause = 60_000

/** A fault that has no deadline must not hold up its line for ever: most of a day at the longest pause. */
const mostFaults = 1000

/**
 * The next step. A deadline, not a count of tries, ends patience, and never before one try was made.
 * What the network asked us to wait is honoured; where that leads past the deadline there is nothing to wait for.
 */
export function nextStep({ error, tries, now, deadline, chance }: Attempt): Step {
  if (error.fate === 'fail') return { step: 'fail' }
  if (deadline !== undefined && now >= deadline) return { step: 'expire' }
  if (error instanceof Fault && deadline === undefined && tries >= mostFaults) return { step: 'expire' }
  if (error instanceof Absent) return { step: 'wait', until: error.until }
  const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - now
  const asked = error instanceof NetworkUnreachable ? (error.retryAfter ?? 0) : 0
  if (asked > left) return { step: 'expire' }
  const pause = Math.min(firstPause * 2 ** Math.min(tries, 16), longestPause) * (0.5 + chance / 2)
  return { step: 'retry', afterMs: Math.ceil(Math.min(Math.max(pause, asked), left)) }
}
