// What may be a password is taken out of the room in which it was written.

import type { Phrase } from '../core/words.ts'
import type { Ask } from './command.ts'

/** Takes out what was asked. Whether that could be done. */
export async function takeOut({ redact }: Pick<Ask, 'redact'>): Promise<boolean> {
  try {
    await redact()
    return true
  } catch {
    return false
  }
}

/** Takes out what was written where we are alone, and says so only where it cannot be done. */
export async function takeOutQuietly(ask: Ask): Promise<Phrase[]> {
  return (await takeOut(ask)) ? [] : [{ key: 'login.not-redacted' }]
}
