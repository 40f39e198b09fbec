// add-contact, remove-contact, accept, decline, block, unblock: each `[account] address`, where the account may be left out when only one fits.

import type { Address } from '../core/address.ts'
import type { ContactChange, ListedContact } from '../core/contact.ts'
import { isAsking } from '../core/contact.ts'
import { DeliveryError } from '../core/errors.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { chairNames, chairsWith, namedChair } from './chair.ts'
import type { Command } from './command.ts'
import type { Desk } from './desk.ts'

/** `name@example.com`, in what MSN accepts: msnp-core.md 1.6. */
const addressForm = /^[^\s@]+@[^\s@]+$/
const longestAddress = 129

const done = {
  add: 'contacts.added',
  remove: 'contacts.removed',
  accept: 'contacts.accepted',
  decline: 'contacts.declined',
  block: 'contacts.blocked',
  unblock: 'contacts.unblocked',
} as const satisfies Record<ContactChange, Phrase['key']>

/** The command that makes one change of a contact list. */
export function editContact(command: string, change: ContactChange): Command {
  return {
    async run({ user, text }, desk) {
      const chairs = await desk.chairs(user)
      if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
      const { chair, rest } = namedChair(text, chairs)
      const who = rest.trim().toLowerCase()
      if (!addressForm.test(who) || Buffer.byteLength(who) > longestAddress)
        return { say: [{ key: 'contacts.usage', params: { command } }] }
      try {
        const meant = chair ? [chair] : await fitting(chairs, change, who, desk)
        const [only] = meant
        if (!only) return { say: [{ key: asksOnly(change) ? 'contacts.nobody-asks' : 'contacts.nobody', params: { who } }] }
        if (meant.length > 1) return { say: [{ key: 'contacts.which', params: { accounts: chairNames(meant) } }] }
        await desk.edit(only, change, { network: only.network, id: who })
        return { say: [{ key: done[change], params: { account: who } }] }
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error
        return { say: [{ key: 'contacts.failed', params: { reason: say(error.phrase, user.locale) } }] }
      }
    },
  }
}

/** The accounts that a change can mean: any to add or block somebody who is nowhere yet, those on whose list they are for the rest. */
async function fitting(chairs: readonly Address[], change: ContactChange, who: string, desk: Desk): Promise<readonly Address[]> {
  if (change === 'add') return chairs
  const fits = (contact: ListedContact) => contact.address.id === who && (!asksOnly(change) || isAsking(contact))
  const found = chairsWith(chairs, desk, fits)
  if (change !== 'block') return found
  const known = await found.catch(() => [])
  return known.length > 0 ? known : chairs
}

function asksOnly(change: ContactChange): boolean {
  return change === 'accept' || change === 'decline'
}
