// The personal message and what is playing, and how somebody's window looks (msnp-core.md 3.13).

/** What somebody says about themselves. An absent field keeps its value, an empty one clears it. */
export interface Personal {
  readonly message?: string
  /** Split by the two characters `\0`; kept as it came. */
  readonly media?: string
  /** From MSNP13 on. */
  readonly machineGuid?: string
  /** From MSNP16 on. */
  readonly signatureSound?: string
  /** From MSNP18 on: a moving picture, the background and its colours. */
  readonly movingPicture?: string
  readonly scene?: string
  readonly colorScheme?: string
}
