// The settings of the embedded server, joined to the others in src/config.ts.

import { z } from 'zod'
import { limitsConfig } from './limits.ts'

const port = z.int().min(0).max(65_535)

export const serverConfig = z.strictObject({
  domain: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
      'a host name in small letters, such as msn.example.org',
    )
    .describe('Host name of the MSN server. People of other networks get addresses under it.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on for MSN clients. 0.0.0.0 for everybody.'),
  notificationPort: port
    .default(1863)
    .describe('Port that clients sign in to; most of them know only 1863. 0 takes any free port.'),
  switchboardPort: port.default(1864).describe('Port of the conversations. 0 takes any free port.'),
  dispatchPort: port
    .optional()
    .describe(
      'Port of a dispatch server, which sends clients on to notificationPort. Only for clients that insist on beginning at one. Without it there is none.',
    ),
  advertise: z
    .string()
    .regex(/^[^\s:]+(:\d{1,5})?$/, 'a host name or an address, with or without a port')
    .optional()
    .describe(
      'Host, or host:port, at which clients reach the conversations. Without it, clients are sent to the address that they came to.',
    ),
  loginUrl: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .optional()
    .describe(
      'Public address of the sign-in page, for MSN 5.0 and later; its path must be /login2.srf. Needed behind a proxy that does TLS. Without it, the address at which the sign-in was asked for.',
    ),
  registration: z
    .enum(['closed', 'invite', 'open'])
    .default('closed')
    .describe(
      'Who may make an account on the web page: nobody, those who have a code ("nudge invite create"), or everybody who reaches it.',
    ),
  challenge: z
    .boolean()
    .default(false)
    .describe('Whether clients have to prove that they are official ones. Some cannot, and time out.'),
  oldestClient: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,5}){0,3}$/, 'a version of a client, such as 7.5 or 8.5.1302')
    .optional()
    .describe('Clients of lower versions are told to upgrade, and give up. Without it, every version may sign in.'),
  limits: limitsConfig.prefault({}).describe('How much clients may ask for. People do not notice these limits.'),
})
