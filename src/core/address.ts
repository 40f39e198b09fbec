// Who somebody is. An address is opaque to everyone but the network that it belongs to.

import type { Brand } from './brand.ts'

/** The permanent id of one network of this gateway: the prefix of its ghosts everywhere else. */
export type NetworkId = Brand<'NetworkId'>

/** A person or a room in one network's own spelling. */
export interface Address {
  readonly network: NetworkId
  readonly id: string
}

/** An address as one string, for maps and keys. */
export type AddressKey = Brand<'AddressKey'>

/** What is left of an address when the spelling of its network is taken off. `host` is absent for the network's own server. */
export interface Name {
  readonly local: string
  readonly host?: string
}

/** How one network spells its people; lets another network make an address for them that turns back without a table. */
export interface Naming {
  split(id: string): Name | undefined
  join(name: Name): string
}

const networkIdForm = /^[a-z][a-z0-9]{0,15}$/

/** Reads a network id: a small letter, then up to 15 small letters or digits. Throws a RangeError otherwise. */
export function networkId(text: string): NetworkId {
  if (!networkIdForm.test(text))
    throw new RangeError(`"${text}" is not a network id: a small letter, then small letters or digits, 16 at most`)
  return text as NetworkId
}

/** The one string that stands for an address. */
export function addressKey(address: Address): AddressKey {
  return `${address.network}/${address.id}` as AddressKey
}

/** Whether two addresses are the same person or room. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.network === b.network && a.id === b.id
}
