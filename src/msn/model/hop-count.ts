// How often a client was sent on to another server, as the last argument of a late CVR (msnp-core.md 3.2).

import { EncodeError } from '../wire/errors.ts'
import { formatHeaders, headerOf, parseMime } from '../wire/mime.ts'

/**
 * The argument for so many transfers.
 * @throws EncodeError when it is no count
 */
export function writeHopCount(transfers: number): string {
  if (!Number.isSafeInteger(transfers) || transfers < 0) throw new EncodeError('a count of transfers is no whole number')
  const text = formatHeaders([
    ['Version', '1'],
    ['XfrCount', String(transfers)],
  ])
  return Buffer.from(text).toString('base64')
}

/** The count in such an argument; undefined when it has none. */
export function readHopCount(argument: string): number | undefined {
  const count = headerOf(parseMime(Buffer.from(argument, 'base64')).headers, 'XfrCount')
  return count !== undefined && /^\d{1,9}$/.test(count) ? Number(count) : undefined
}
