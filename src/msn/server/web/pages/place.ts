// Where clients find this server, as the pages tell it.

import { BlockList, isIPv4 } from 'node:net'
import type { FastifyRequest } from 'fastify'

export interface Place {
  readonly domain: string
  readonly notificationPort: number
  readonly switchboardPort: number
  readonly httpPort: number
  /** Of the listener for old clients; absent: there is none. */
  readonly httpsPort?: number | undefined
  /** What the operator says that clients reach: a host or an address, maybe with a port. */
  readonly advertise?: string | undefined
}

const ours = new BlockList()
ours.addSubnet('10.0.0.0', 8)
ours.addSubnet('172.16.0.0', 12)
ours.addSubnet('192.168.0.0', 16)
ours.addSubnet('169.254.0.0', 16)

/**
 * The IPv4 address for a hosts file: what the operator says, what the browser was told, or where it arrived. Undefined when none of these can be
 * told, or when the one that we see is not the one that the browser sees (behind a proxy or a NAT).
 */
export function addressFor(request: FastifyRequest, { advertise = '' }: Place): string | undefined {
  const said = [advertise, request.host].map((text) => text.replace(/:\d+$/, '')).find(isIPv4)
  if (said !== undefined) return said
  const [here, there] = [request.socket.localAddress, request.socket.remoteAddress].map(plainAddress)
  if (here === undefined || here.startsWith('127.') || request.ip !== request.socket.remoteAddress) return undefined
  const isOurs = (address = '') => isIPv4(address) && ours.check(address)
  return isOurs(here) && !isOurs(there) ? undefined : here
}

function plainAddress(address = ''): string | undefined {
  const plain = address.replace(/^::ffff:/, '')
  return isIPv4(plain) ? plain : undefined
}
