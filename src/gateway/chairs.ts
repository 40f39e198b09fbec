// Who a user is on a network where they do not live: their own account, lent to us, or a ghost of ours.

import type { Address, NetworkId } from '../core/address.ts'
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

  /** Where a user sits on a network: their login (one that is online first), or themselves where they are hosted. */
  async of(user: User, id: NetworkId): Promise<Address | undefined> {
    const network = this.#networks.get(id)
    if (network.face === 'hosted') return network.ghostOf(user.homes[0])
    const logins = (await this.#logins.of(user.id)).filter((login) => login.address.network === id)
    const best = logins.find((login) => login.state === 'online') ?? logins[0]
    return best?.address
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
