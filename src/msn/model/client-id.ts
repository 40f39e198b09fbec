// What a client says it can do: 32 flags whose top four bits are its version, and from MSNP16 on 32 more (msnp-core.md 3.11).

/** The number of a client: `flags`, and `extended` where the client gave a second one. */
export interface ClientId {
  readonly flags: number
  readonly extended?: number
}

/** The bits of the first number. */
export const clientFlag = {
  mobileDevice: 0x1,
  inkGif: 0x4,
  inkIsf: 0x8,
  webcam: 0x10,
  chunking: 0x20,
  mobileEnabled: 0x40,
  webWatch: 0x80,
  activities: 0x100,
  webMessenger: 0x200,
  federated: 0x800,
  space: 0x1000,
  mediaCenter: 0x2000,
  directIm: 0x4000,
  winks: 0x8000,
  sharedSearch: 0x1_0000,
  bot: 0x2_0000,
  voiceClips: 0x4_0000,
  secureChannel: 0x8_0000,
  sipInvite: 0x10_0000,
  multipartyMedia: 0x20_0000,
  sharedDrive: 0x40_0000,
  pageMode: 0x80_0000,
  oneCare: 0x100_0000,
  p2pTurn: 0x200_0000,
  p2pBootstrap: 0x400_0000,
  alias: 0x800_0000,
} as const

/** A client of the 7.0 generation that claims nothing else: what a contact without an MSN client shows. */
export const plainClient: ClientId = { flags: 0x4000_0000 }

const form = /^(\d{1,10})(?::(\d{1,10}))?$/

/** Reads `flags` or `flags:extended`; AMSN writes the second at every dialect. Undefined when it is neither, or more than 32 bits. */
export function readClientId(text: string): ClientId | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const flags = Number(match[1])
  const extended = match[2] === undefined ? undefined : Number(match[2])
  if (flags > 0xffff_ffff || (extended ?? 0) > 0xffff_ffff) return undefined
  return extended === undefined ? { flags } : { flags, extended }
}

/** The first number alone, as dialects below 16 write it. */
export function shortClientId(id: ClientId): string {
  return String(id.flags)
}

/** Both numbers, as dialects from 16 on write them; a client that gave no second one has none of its features. */
export function longClientId(id: ClientId): string {
  return `${id.flags}:${id.extended ?? 0}`
}

/** The version of the client, 0 (5.x or none) to 12 (2012). */
export function clientVersion(id: ClientId): number {
  return id.flags >>> 28
}

/** Whether a client has a feature. */
export function clientCan(id: ClientId, feature: keyof typeof clientFlag): boolean {
  return (id.flags & clientFlag[feature]) !== 0
}
