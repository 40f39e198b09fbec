// The policies that a server pushes with GCF from MSNP13 on (msnp-core.md 3.18). A client may check each by its sum.

import { createHash } from 'node:crypto'
import { EncodeError } from '../wire/errors.ts'

export interface Policy {
  /** SHIELDS, ABCH, ERRORRESPONSETABLE, P2P. */
  readonly type: string
  /** XML, byte for byte. */
  readonly inner: string
}

export interface SummedPolicy extends Policy {
  /** As it was sent; a sum of other bytes means a policy that was changed on its way. */
  readonly checksum: string
}

const opening = /<Policy type="([^"<>]*)" checksum="([^"<>]*)">/g
const closing = '</Policy>'

/** The check sum of a policy: MD5 of its inner XML, in capital hex digits. */
export function policyChecksum(inner: string): string {
  return createHash('md5').update(inner).digest('hex').toUpperCase()
}

/**
 * The payload of a GCF.
 * @throws EncodeError when the name of a type cannot stand in XML
 */
export function writePolicies(policies: readonly Policy[]): string {
  const written = policies.map(({ type, inner }) => {
    if (!/^\w+$/.test(type)) throw new EncodeError('the type of a policy is not one word')
    return `<Policy type="${type}" checksum="${policyChecksum(inner)}">${inner}${closing}`
  })
  return `<Policies>${written.join('')}</Policies>`
}

/** The policies of a payload; what has no end is none. The XML inside them, which may hold another `Policy`, is not looked at. */
export function readPolicies(payload: string): SummedPolicy[] {
  const starts = [...payload.matchAll(opening)]
  return starts.flatMap((start, index) => {
    const [tag, type = '', checksum = ''] = start
    const from = start.index + tag.length
    const to = payload.slice(from, starts[index + 1]?.index).lastIndexOf(closing)
    return to === -1 ? [] : [{ type, checksum, inner: payload.slice(from, from + to) }]
  })
}
