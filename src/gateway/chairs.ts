// Who a user is on a network where they do not live: their own account, lent to us, or a ghost of ours.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import { isFriend } from '../core/contact.ts'
import type { Login } from '../core/login.ts'
import { editsContactList } from '../core/network.ts'
import type { Logins, Users } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Networks } from './networks.ts'

/** Finds the chair of a user, and the user of a chair. */
export class Chairs {
  readonly #networks: Networks
  readonly #users: Users
  readonly #logins: Logins

  constructor({ networks, users, logins }: { networks: Networks; users: Users; logins: Logins }) {
    this.#networks = networks
    this.#users = users
    this.#logins = logins
  }

  /**
   * Where a user sits to talk with somebody: themselves where they are hosted, otherwise an account of theirs. Of several it is the one that has the
   * contact on its list, and else one that is online.
   */
  async of(user: User, contact: Address): Promise<Address | undefined> {
    const network = this.#networks.of(contact)
    if (network.face === 'hosted') return network.ghostOf(user.homes[0])
    const logins = (await this.#logins.of(user.id)).filter((login) => login.address.network === network.id)
    const ordered = [...logins].sort((a, b) => Number(b.state === 'online') - Number(a.state === 'online'))
    const best = ordered.length > 1 ? await this.#knowing(contact, ordered) : undefined
    return (best ?? ordered[0])?.address
  }

  /** The first of these accounts that has somebody on its list; one whose list cannot be read now has nobody. */
  async #knowing(contact: Address, logins: readonly Login[]): Promise<Login | undefined> {
    const network = this.#networks.of(contact)
    if (!editsContactList(network)) return undefined
    const knows = await Promise.all(
      logins.map(({ address }) =>
        network.contacts(address).then(
          (list) => list.some((listed) => isFriend(listed) && sameAddress(listed.address, contact)),
          () => false,
        ),
      ),
    )
    return logins[knows.indexOf(true)]
  }

  /** Every chair of a user. */
  async all(user: User): Promise<Address[]> {
    const hosted = this.#networks.all().filter(({ face }) => face === 'hosted')
    const linked = (await this.#logins.of(user.id)).map(({ address }) => address)
    const isElsewhere = ({ network }: Address) => this.#networks.find(network)?.face === 'linked'
    return [...hosted.flatMap((network) => network.ghostOf(user.homes[0]) ?? []), ...linked.filter(isElsewhere)]
  }

  /** Who sits in a chair. Undefined when the login was taken away meanwhile. */
  async userIn(chair: Address): Promise<User | undefined> {
    const network = this.#networks.of(chair)
    if (network.face === 'hosted') {
      const home = network.behind(chair)
      return home && this.#users.at(home)
    }
    const login = await this.#logins.find(chair)
    return login && this.#users.get(login.user)
  }
}
