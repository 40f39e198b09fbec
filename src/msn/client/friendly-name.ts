// The name that others see, in a form that MSN takes.

import { escapeFully } from '../wire/escape.ts'

/** In bytes, with all encoded that some server may encode (msnp-core.md 1.6). */
const longest = 387

/** The name without control characters, cut between characters to what fits; the account where nothing is left of it. */
export function friendlyName(name: string, account: string): string {
  let fitting = ''
  let length = 0
  for (const character of name
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()) {
    length += escapeFully(character).length
    if (length > longest) break
    fitting += character
  }
  return fitting.trim() || account
}
