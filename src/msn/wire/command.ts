// One line of MSNP and its payload (msnp-core.md, section 1.2).

/** Who is speaking. The same verb can differ between the two. */
export type Speaker = 'client' | 'server'

/** A command as it stood on the wire: arguments are not unescaped, the payload's length is not among them. */
export interface Command {
  /** Three capital letters or, for an error, three digits. */
  readonly verb: string
  /** The transaction id, where this verb has one; 0 is a number like any other from a client, and "on its own account" from a server. */
  readonly trId?: number
  readonly args: readonly string[]
  readonly payload?: Uint8Array
}
