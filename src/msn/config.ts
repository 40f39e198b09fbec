// The settings of an MSN network out there, to which users link their own accounts.

import { z } from 'zod'

/** The dialects that our client speaks, best first. */
const spokenDialects = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2] as const

export const linkedConfig = z
  .strictObject({
    host: z.string().min(1).describe('The notification server of the network, a host name or an address.'),
    port: z.int().min(1).max(65535).default(1863).describe('Its port.'),
    nexus: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
      .optional()
      .describe(
        'Where the Passport sign-in of the network begins ("nexus"), as http://… or https://… with its path /rdr/pprdr.asp. Needed for dialect 8 and newer.',
      ),
    dialects: z
      .array(z.int().refine((number) => spokenDialects.some((one) => one === number), 'must be numbers from 2 to 12'))
      .min(1)
      .default([12, 11, 10, 9, 8])
      .describe('The dialects that we offer, best first: 8 to 12 sign in with Passport, 2 to 7 with MD5.'),
  })
  .refine((config) => config.nexus !== undefined || config.dialects.every((number) => number < 8), {
    path: ['nexus'],
    error: 'an address that begins with http:// or https://, because dialects 8 and newer sign in there',
  })

export type LinkedConfig = z.output<typeof linkedConfig>
