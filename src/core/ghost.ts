// An account that we own on one network and that stands for somebody from another.

import type { Address, NetworkId } from './address.ts'

/** Whom a ghost stands for, and how they look. Made when first needed. */
export interface Ghost {
  /** The person, where they really live. */
  readonly of: Address
  /** The network on which the ghost lives. */
  readonly on: NetworkId
  /** The name that the person goes by; their address where they have none. */
  readonly name: string
}
