// A link to a file ends a while after it was made. What waited for somebody who was away gets a new one when it goes out.

import type { Content } from '../core/content.ts'
import type { Delivery } from '../core/delivery.ts'
import { linksFiles } from '../core/network.ts'
import type { Networks } from './networks.ts'

/** What waits no longer than this goes out as it came in, in milliseconds. */
const aMoment = 10_000

/** What a delivery says, with a link that is good from now on. */
export async function withFreshLink(delivery: Delivery, networks: Networks, now: number): Promise<Content> {
  const { content, origin, queuedAt = now } = delivery
  if (content.kind !== 'media' || !origin || now - queuedAt <= aMoment) return content
  const home = networks.find(origin.conversation.network)
  if (!home || !linksFiles(home)) return content
  const { link: _, ...file } = content
  const link = await home.linkToFile(content, origin)
  return link === undefined ? file : { ...file, link }
}
