// The networks of this gateway, by id.

import type { Address, NetworkId } from '../core/address.ts'
import type { Network } from '../core/network.ts'

/** Every network that was put together at the start; they do not change while we run. */
export class Networks {
  readonly #byId: ReadonlyMap<NetworkId, Network>

  constructor(networks: readonly Network[]) {
    this.#byId = new Map(networks.map((network) => [network.id, network]))
  }

  /** The network, which must exist: an unknown id is a record of a network that was taken out of the config. */
  get(id: NetworkId): Network {
    const network = this.#byId.get(id)
    if (!network) throw new UnknownNetwork(id)
    return network
  }

  find(id: NetworkId): Network | undefined {
    return this.#byId.get(id)
  }

  all(): Network[] {
    return [...this.#byId.values()]
  }

  /** The network on which a person lives. */
  of(address: Address): Network {
    return this.get(address.network)
  }
}

/** Something stored belongs to a network that the config no longer has. */
class UnknownNetwork extends Error {
  override readonly name = 'UnknownNetwork'

  constructor(id: NetworkId) {
    super(`there is no network "${id}" in the config, but something stored belongs to it`)
  }
}
