// What is known of the MSN networks of today and of the software that they run (msnp-services.md A21, msnp-core.md 7.2, real-clients.md). Nothing
// here was seen on a network's own servers unless it says so: "nudge probe" asks them.

import type { WebPlaces } from './client/web/services.ts'
import type { Dialect } from './wire/dialect.ts'

export interface Profile {
  /** The notification server; absent where the reference names none, or where it is somebody's own. */
  readonly host?: string
  /** Where the web services are on their host, which is that of the notification server unless the settings say otherwise. */
  readonly paths: WebPlaces
  /** Best first. */
  readonly dialects: readonly Dialect[]
}

/** The contact services and offline messages are at the paths of old wherever there are any. */
const services = {
  contacts: '/abservice/abservice.asmx',
  offlineRead: '/rsi/rsi.asmx',
  offlineSend: '/OimWS/oim.asmx',
} as const

/** Those of Escargot's public code. */
const escargotPaths: WebPlaces = { nexus: '/nexus-mock', rst: '/RST.srf', ...services }

/** The lists come from the notification server: one web service less that can be missing. */
const listsOnTheWire: readonly Dialect[] = [12, 11, 10, 9, 8]

export const profiles = {
  // Its code speaks 2 to 18, and libpurple and aMSN were seen at 18 on it; 19 to 21 it accepts and does not do. The host is the one that its
  // patched clients name. That the web services answer there, too, is the code's own way and was not seen: the patched clients name others for
  // contacts and offline messages, which the reference cuts short.
  escargot: { host: 'm1.escargot.log1p.xyz', paths: escargotPaths, dialects: [18, ...listsOnTheWire] },
  // A tester of a client named this host as server and for RST; the rest is expected to be like Escargot, and nobody wrote down that 18 works.
  nina: { host: 'ds.escargot.nina.chat', paths: escargotPaths, dialects: listsOnTheWire },
  // No source says where it is or what it runs: the host is for the settings, the paths are those of Escargot.
  crosstalk: { paths: escargotPaths, dialects: listsOnTheWire },
  // rusty-retro-messaging, at home on somebody's own host: Passport 1.4 and RST, lists over the notification server, 11 and 12 alone.
  rusty: { paths: { nexus: '/rdr/pprdr.asp', rst: '/RST.srf' }, dialects: [12, 11] },
  // Another Nudge.
  nudge: { paths: { nexus: '/rdr/pprdr.asp', rst: '/RST.srf', ...services }, dialects: [18, ...listsOnTheWire] },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles

export const profileNames = Object.keys(profiles) as [ProfileName, ...ProfileName[]]
