// What a user is told when a network did not do what they asked for.

import { DeliveryError } from '../core/errors.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'

/** Says why a network refused. Anything else that was thrown is a fault of ours, and is thrown on. */
export function refusal(error: unknown, locale: Locale): Phrase {
  if (!(error instanceof DeliveryError)) throw error
  return { key: 'contacts.failed', params: { reason: say(error.phrase, locale) } }
}
