// Names as the homeserver is given them: of accounts and of rooms.

import { cleanText } from './style.ts'

/** The longest display name, in characters (Synapse: MAX_DISPLAYNAME_LEN). */
const longestName = 256

/** What turns the text around it, and would do so with the text of others: embeddings, overrides and isolates. */
export const turning = /[\u202a-\u202e\u2066-\u2069]/g

/** A name in one line, of a length that is allowed, that changes nothing but itself. May be empty. */
export function displayName(name: string): string {
  const line = cleanText(name).replace(turning, '').replace(/\s+/g, ' ').trim()
  return [...line].slice(0, longestName).join('')
}
