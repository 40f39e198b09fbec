// add-contact, remove-contact, accept, decline, block, unblock: each `[account] address`, where the account may be left out when only one fits, and both in a chat with
// whoever is meant.

import type { Address } from '../core/address.ts'
import type { ContactChange, ListedContact } from '../core/contact.ts'
import { isAsking } from '../core/contact.ts'
import type { Phrase } from '../core/words.ts'
import { isAccount } from './account.ts'
import { chairNames, chairsWith, namedChair } from './chair.ts'
import type { Command } from './command.ts'
import { contactHere } from './command.ts'
import type { Desk } from './desk.ts'
import { refusal } from './refusal.ts'

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
    async run(ask, desk) {
      const { user, text } = ask
      const chairs = await desk.chairs(user)
      if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
      const here = text === '' ? contactHere(ask) : undefined
      const { chair, rest } = here ? { chair: here.chair, rest: here.who.id } : namedChair(text, chairs)
      const who = rest.trim().toLowerCase()
      if (!isAccount(who)) return { say: [{ key: 'contacts.usage', params: { command } }] }
      try {
        const meant = chair ? [chair] : await fitting(chairs, change, who, desk)
        const [only] = meant
        if (!only) return { say: [{ key: asksOnly(change) ? 'contacts.nobody-asks' : 'contacts.nobody', params: { who } }] }
        if (meant.length > 1) return { say: [{ key: 'contacts.which', params: { accounts: chairNames(meant) } }] }
        await desk.edit(only, change, { network: only.network, id: who })
        return { say: [{ key: done[change], params: { account: who } }] }
      } catch (error) {
        return { say: [refusal(error, user.locale)] }
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
