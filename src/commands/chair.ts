// Which of a user's accounts a command means: the one that is named first, by its network or whole, or else whichever fits.

import type { Address } from '../core/address.ts'
import type { ListedContact } from '../core/contact.ts'
import type { Desk } from './desk.ts'

/** `network/account`: the same account name may exist on two networks. */
export function chairName({ network, id }: Address): string {
  return `${network}/${id}`
}

/** The account that a text names at its beginning, if it names one, and what follows. */
export function namedChair(text: string, chairs: readonly Address[]): { chair?: Address; rest: string } {
  const [, first = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(text) ?? []
  const word = first.toLowerCase()
  const onNetwork = chairs.filter(({ network }) => network === word)
  const chair = chairs.find((each) => chairName(each) === word) ?? (onNetwork.length === 1 ? onNetwork[0] : undefined)
  return chair ? { chair, rest } : { rest: text.trim() }
}

/** Several accounts, as a sentence lists them. */
export function chairNames(chairs: readonly Address[]): string {
  return chairs.map(chairName).join(', ')
}

/** The accounts on whose list there is such a contact. Throws the DeliveryError of one that cannot be looked at, where none has: it may be the one. */
export async function chairsWith(
  chairs: readonly Address[],
  desk: Desk,
  fits: (contact: ListedContact) => boolean,
): Promise<readonly Address[]> {
  const looked = await Promise.allSettled(chairs.map(async (chair) => ((await desk.contacts(chair)).some(fits) ? [chair] : [])))
  const found = looked.flatMap((look) => (look.status === 'fulfilled' ? look.value : []))
  if (found.length === 0) for (const look of looked) if (look.status === 'rejected') throw look.reason
  return found
}
