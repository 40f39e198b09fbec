// Where people come from, as limits count them.

import { isIPv6 } from 'node:net'

/** The part of an IP address that stands for one place: people have one IPv4 address, but a whole network of IPv6 addresses, whose first 64 bits count. */
export function addressBlock(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (!isIPv6(plain)) return plain
  const whole = new URL(`http://[${plain.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = [], tail = []] = whole.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
