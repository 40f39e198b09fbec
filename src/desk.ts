// The desk behind the bot's commands: joins commands/ with the gateway's parts.

import type { Desk } from './commands/desk.ts'
import { isFriend } from './core/contact.ts'
import { editsContactList, showsLooks } from './core/network.ts'
import type { Contacts, Logins as LoginStore } from './core/stores.ts'
import type { User } from './core/user.ts'
import type { Logins } from './gateway/logins.ts'
import type { Networks } from './gateway/networks.ts'

interface Parts {
  readonly logins: Logins
  readonly networks: Networks
  readonly stores: { readonly logins: LoginStore; readonly contacts: Contacts }
}

/** What the commands can have done. */
export function openDesk({ logins, networks, stores }: Parts): Desk {
  const withFace = (face: 'linked' | 'hosted') => networks.all().filter((network) => network.face === face)
  const hostedAs = (user: User) =>
    withFace('hosted')
      .map((network) => network.ghostOf(user.homes[0]))
      .filter((address) => address !== undefined)
  return {
    linkable: () => withFace('linked').map((network) => network.id),
    hostedAs,
    logins: (user) => stores.logins.of(user.id),
    friends: async (login) => (await stores.contacts.of(login.id)).filter(isFriend).length,
    link: (user, account, credentials, cause) => logins.link(user, account, credentials, cause),
    unlink: (login) => logins.unlink(login),
    relogin: (login, cause) => logins.relogin(login, cause),
    chairs: async (user) => [...hostedAs(user), ...(await stores.logins.of(user.id)).map((login) => login.address)],
    contacts: async (chair) => {
      const network = networks.of(chair)
      return editsContactList(network) ? network.contacts(chair) : []
    },
    edit: async (chair, change, who) => {
      const network = networks.of(chair)
      if (editsContactList(network)) await network.edit(chair, change, who)
    },
    arrange: async (chair, arrangement) => {
      const network = networks.of(chair)
      if (editsContactList(network)) await network.arrange(chair, arrangement)
    },
    show: async (chair, look) => {
      const network = networks.of(chair)
      if (showsLooks(network)) await network.show(chair, look)
    },
  }
}
