// The name that others see, in a form that MSN takes.

import { escapeFully } from '../wire/escape.ts'

/** In bytes, with all encoded that some server may encode (msnp-core.md 1.6). */
const longest = 387

/** What turns the text around it, and would do so with the text of others: embeddings, overrides and isolates. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g

/** The name without control characters and what turns the text around it, cut between characters to what fits; the account where nothing is left of it. */
export function friendlyName(name: string, account: string): string {
  let fitting = ''
  let length = 0
  for (const character of name
    .toWellFormed()
    .replace(turning, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()) {
    length += escapeFully(character).length
    if (length > longest) break
    fitting += character
  }
  return fitting.trim() || account
}
