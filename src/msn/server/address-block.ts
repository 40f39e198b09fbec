// Where people come from, as limits count them.

import { isIPv6 } from 'node:net'

/** The part of an IP address that stands for one place: people have one IPv4 address, but a whole network of IPv6 addresses, whose first 64 bits count. */
export function addressBlock(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = ''] = new URL(`http://[${plain.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  return head.split(':').slice(0, 4).join(':')
}
