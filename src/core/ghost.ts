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
  /** Their display picture, where it is known. */
  readonly picture?: PictureRef
}

/** A display picture: not the bytes, but which. The same `hash` is the same picture. */
export interface PictureRef {
  readonly hash: string
  /** What the network on which the person lives calls it. */
  readonly ref: string
}

/** The bytes of a display picture. */
export interface Picture {
  readonly bytes: Uint8Array
  /** `image/png`. */
  readonly type: string
}
