// What every delivery to an end of a portal begins with.

import type { Address } from '../core/address.ts'
import type { Content } from '../core/content.ts'
import type { Delivery } from '../core/delivery.ts'
import { lineTo } from '../core/line.ts'
import type { End } from '../core/portal.ts'
import type { Place } from './portals.ts'

/** Something that is said to one end of a portal, by somebody of ours there. */
export function addressed(
  { portal, user }: Place,
  end: End,
  as: Address,
  content: Content,
): Pick<Delivery, 'line' | 'target' | 'network' | 'as' | 'content'> {
  const network = end === 'anchor' ? portal.anchor.network : user.homes[0].network
  return { line: lineTo(portal, end), target: { kind: 'portal', portal: portal.id, end }, network, as, content }
}
