// The settings of links to pictures and files.

import { z } from 'zod'

/** The schema of media links. */
export const mediaConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe(
      'Where everybody out there reaches Nudge for pictures and files that were sent on Matrix. Clients of before 2005 need http://, without a certificate.',
    ),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('The address on which Nudge waits for those who fetch a file.'),
      port: z
        .int()
        .min(0)
        .max(65535)
        .default(29319)
        .describe('The port on which Nudge waits for those who fetch a file; 0 takes a free one.'),
    })
    .prefault({})
    .describe('Where Nudge waits for those who fetch a file.'),
  trustedProxies: z
    .array(z.string().min(1))
    .default([])
    .describe('Addresses of proxies in front of Nudge, whose word on who asks is believed.'),
  hours: z.number().positive().max(8760).default(72).describe('How many hours a link is good.'),
  largest: z.int().min(1).max(10_240).default(100).describe('The largest file that is passed on, in MiB.'),
})

export type MediaConfig = z.output<typeof mediaConfig>
