// The settings of an MSN network out there, to which users link their own accounts.

import { z } from 'zod'
import type { WebPlaces } from './client/web/services.ts'
import { type Profile, profileNames, profiles } from './profiles.ts'
import { newestDialect, oldestDialect } from './wire/dialect.ts'

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .refine((url) => !/^https?:\/\/[^/]*@/i.test(url), 'must be an address without a name or a password in it')

const dialect = z
  .int()
  .refine(
    (number) => number >= oldestDialect && number <= newestDialect,
    `must be numbers from ${oldestDialect} to ${newestDialect}`,
  )

const keys = z.strictObject({
  profile: z
    .enum(profileNames)
    .optional()
    .describe(
      'What kind of network it is. Fills in whatever is known of it: the host of escargot and nina, the addresses and dialects of all. What is given below comes before it.',
    ),
  host: z
    .string()
    .min(1)
    .optional()
    .describe('The notification server of the network, a host name or an address. Needed unless the profile names one.'),
  port: z.int().min(1).max(65535).default(1863).describe('Its port.'),
  web: webAddress
    .optional()
    .describe('Where the web services of the profile are, as http://… or https://…, if not at https:// and the host.'),
  nexus: webAddress
    .optional()
    .describe(
      'Where the Passport sign-in of the network begins ("nexus"), as http://… or https://… with its path /rdr/pprdr.asp. Dialects 8 to 14 sign in there, or at "rst" without it.',
    ),
  rst: webAddress.optional().describe('The token service, with its path /RST.srf or /RST2.srf. Needed for dialect 13 and newer.'),
  contacts: webAddress
    .optional()
    .describe('The address book, with its path /abservice/abservice.asmx. Needed for dialect 13 and newer.'),
  offlineRead: webAddress
    .optional()
    .describe('Where offline messages are fetched, with its path /rsi/rsi.asmx. It needs "rst". Left out: they are not.'),
  offlineSend: webAddress
    .optional()
    .describe(
      'Where messages for people who are offline are left, with its path /OimWS/oim.asmx. It needs "rst". Without it they wait with Nudge until somebody is back; at dialect 18 they need it not.',
    ),
  dialects: z
    .array(dialect)
    .min(1)
    .optional()
    .describe(
      'The dialects that we offer, best first: 2 to 7 sign in with MD5, 8 to 14 with Passport, 15 to 18 with tokens; from 16 on you stay signed in elsewhere. Left out: those of the profile, else 12 to 8. "nudge probe" finds out what a server speaks.',
    ),
})

type Keys = z.output<typeof keys>

/** Where a network is and what it speaks, with its profile filled in. */
export interface LinkedConfig extends WebPlaces {
  readonly host: string
  readonly port: number
  /** Best first. */
  readonly dialects: readonly number[]
}

const services = ['nexus', 'rst', 'contacts', 'offlineRead', 'offlineSend'] as const satisfies readonly (keyof WebPlaces)[]
const defaultDialects = [12, 11, 10, 9, 8]

export const linkedConfig = keys
  .superRefine((config, context) => {
    for (const [key, message] of faultsOf(config)) context.addIssue({ code: 'custom', path: [key], message })
  })
  .transform(filledIn)

/** What the keys need of each other: the key that is wrong, and what it must be. */
function faultsOf(config: Keys): [keyof Keys, string][] {
  const { host, nexus, rst, contacts, offlineRead, offlineSend, dialects } = filledIn(config)
  const modern = dialects.some((number) => number >= 13)
  const ticketed = dialects.some((number) => number >= 8 && number <= 14)
  const needed = 'an address that begins with http:// or https://, because'
  const faults: [keyof Keys, string | false][] = [
    ['host', host === '' && 'a host name or an address, because no profile names one'],
    ['web', config.web !== undefined && !config.profile && 'nothing without a profile, whose addresses are there'],
    ['nexus', ticketed && !modern && !nexus && !rst && `${needed} dialects 8 and newer sign in there`],
    ['rst', modern && !rst && `${needed} dialects 13 and newer sign in there`],
    ['contacts', modern && !contacts && `${needed} dialects 13 and newer have their list there`],
    ['rst', !modern && !rst && (offlineRead ?? offlineSend) !== undefined && `${needed} offline messages need its tokens`],
  ]
  return faults.filter((fault): fault is [keyof Keys, string] => fault[1] !== false)
}

/** The settings with what their profile knows. The host is empty where nobody names one. */
function filledIn(config: Keys): LinkedConfig {
  const profile: Profile = config.profile ? profiles[config.profile] : { paths: {}, dialects: defaultDialects }
  const host = config.host ?? profile.host ?? ''
  const web = (config.web ?? `https://${host.includes(':') ? `[${host}]` : host}`).replace(/\/$/, '')
  const addresses: { -readonly [Service in keyof WebPlaces]: string } = {}
  for (const service of services) {
    const path = profile.paths[service]
    const address = config[service] ?? (path === undefined || host === '' ? undefined : URL.parse(web + path)?.href)
    if (address !== undefined) addresses[service] = address
  }
  return { host, port: config.port, dialects: config.dialects ?? profile.dialects, ...addresses }
}
