// The desk behind the bot's commands: joins commands/ with the gateway's parts.

import type { Desk } from './commands/desk.ts'
import type { Address } from './core/address.ts'
import type { Contacts, Logins as LoginStore } from './core/stores.ts'
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
  return {
    linkable: () => withFace('linked').map((network) => network.id),
    hostedAs: (user) =>
      withFace('hosted')
        .map((network) => network.ghostOf(user.homes[0]))
        .filter((address): address is Address => address !== undefined),
    logins: (user) => stores.logins.of(user.id),
    friends: async (login) => (await stores.contacts.of(login.id)).filter((contact) => contact.lists.includes('forward')).length,
    link: (user, account, credentials, cause) => logins.link(user, account, credentials, cause),
    unlink: (login) => logins.unlink(login),
  }
}
