// rename-contact, group, ungroup, rename-group, remove-group: each `[account] what`, where the account may be left out when only one fits; in a
// chat with whoever is meant, so may their address.

import type { Address } from '../core/address.ts'
import type { Arrangement, ListedContact } from '../core/contact.ts'
import { isFriend } from '../core/contact.ts'
import type { Phrase } from '../core/words.ts'
import { chairNames, chairsWith, namedChair } from './chair.ts'
import type { Command } from './command.ts'
import { contactHere } from './command.ts'
import type { Desk } from './desk.ts'
import { refusal } from './refusal.ts'

/** What a user asked for, before it is known on which list. */
interface Wish {
  /** Which contacts show that a list is meant. */
  readonly fits: (contact: ListedContact) => boolean
  readonly of: (chair: Address) => Arrangement
  readonly done: Phrase
}

/** In letters; what networks take is shorter and said by them. */
const longestName = 387

/** An address, and a name behind it. */
const aboutSomebody = /^(?<id>[^\s@]+@[^\s@]+)\s+(?<name>\S.*)$/
/** Two names of groups: groups may have blanks in theirs. */
const twoGroups = /^(?<group>\S.*?)\s*->\s*(?<name>\S.*)$/

export const renameContact = arrange({ key: 'contacts.usage-rename' }, (text) => {
  const { id = '', name = '' } = aboutSomebody.exec(text)?.groups ?? {}
  const who = id.toLowerCase()
  return wishAbout(who, name, { key: 'contacts.renamed', params: { account: who, name } }, (network) => {
    return { kind: 'name', who: { network, id: who }, name }
  })
})

export const group = arrange({ key: 'contacts.usage-group' }, (text) => grouping(text, 'put-in', 'contacts.grouped'))
export const ungroup = arrange({ key: 'contacts.usage-ungroup' }, (text) => grouping(text, 'take-out', 'contacts.ungrouped'))

export const renameGroup = arrange({ key: 'contacts.usage-rename-group' }, (text) => {
  const { group: from = '', name = '' } = twoGroups.exec(text)?.groups ?? {}
  if (from === '' || name.length > longestName) return undefined
  const done: Phrase = { key: 'contacts.group-renamed', params: { group: from, name } }
  return { fits: isIn(from), of: () => ({ kind: 'rename-group', group: from, name }), done }
})

export const removeGroup = arrange({ key: 'contacts.usage-remove-group' }, (text) => {
  if (text === '') return undefined
  const done: Phrase = { key: 'contacts.group-removed', params: { group: text } }
  return { fits: isIn(text), of: () => ({ kind: 'remove-group', group: text }), done }
})

function grouping(text: string, kind: 'put-in' | 'take-out', key: 'contacts.grouped' | 'contacts.ungrouped'): Wish | undefined {
  const { id = '', name = '' } = aboutSomebody.exec(text)?.groups ?? {}
  const who = id.toLowerCase()
  return wishAbout(who, name, { key, params: { account: who, group: name } }, (network) => {
    return { kind, who: { network, id: who }, group: name }
  })
}

function wishAbout(who: string, name: string, done: Phrase, of: (network: Address['network']) => Arrangement): Wish | undefined {
  if (who === '' || name.length > longestName) return undefined
  const fits = (contact: ListedContact) => contact.address.id === who && isFriend(contact)
  return { fits, of: ({ network }) => of(network), done }
}

function isIn(name: string): Wish['fits'] {
  return ({ groups }) => groups.includes(name)
}

/** A command that arranges a list. `read` gives nothing for what it cannot read. */
function arrange(usage: Phrase, read: (text: string) => Wish | undefined): Command {
  return {
    async run(ask, desk) {
      const { user, text } = ask
      const chairs = await desk.chairs(user)
      if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
      const named = namedChair(text, chairs)
      const here = contactHere(ask)
      const wishHere = here && read(`${here.who.id} ${text}`)
      const wish = read(named.rest.trim()) ?? wishHere
      const chair = wish === wishHere ? here?.chair : named.chair
      if (!wish) return { say: [usage] }
      try {
        return { say: [await carriedOut(wish, chair ? [chair] : await chairsWith(chairs, desk, wish.fits), desk)] }
      } catch (error) {
        return { say: [refusal(error, user.locale)] }
      }
    },
  }
}

async function carriedOut({ of, done }: Wish, meant: readonly Address[], desk: Desk): Promise<Phrase> {
  const [only, another] = meant
  if (!only) return { key: 'contacts.nothing-such' }
  if (another) return { key: 'contacts.which', params: { accounts: chairNames(meant) } }
  await desk.arrange(only, of(only))
  return done
}
