// Values of every kind, for round trips over all dialects.

import fc from 'fast-check'

export const dialects = Array.from({ length: 17 }, (_, index) => index + 2)

export const dialect = fc.constantFrom(...dialects)
export const between = (first: number, last: number) => fc.integer({ min: first, max: last })
export const trId = fc.integer({ min: 0, max: 0xffff_ffff })
/** Free text without half characters. */
const text = fc.string({ unit: 'grapheme' }).map((raw) => raw.toWellFormed())
export const name = text.filter((raw) => raw !== '')
export const handle = fc
  .tuple(fc.stringMatching(/^[a-z0-9._+-]{1,20}$/), fc.stringMatching(/^[a-z0-9-]{1,20}\.example$/))
  .map(([local, host]) => `${local}@${host}`)
export const guid = fc.uuid()
export const token = fc.stringMatching(/^[A-Za-z0-9._=&-]{1,40}$/)
export const status = fc.constantFrom('NLN', 'BSY', 'IDL', 'BRB', 'AWY', 'PHN', 'LUN', 'HDN', 'FLN')
const word = fc.integer({ min: 0, max: 0xffff_ffff })
export const clientId = fc.record({ flags: word, extended: word })
export const object = name.map((raw) => `<msnobj Creator="${raw}"/>`)
