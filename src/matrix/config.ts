// The settings of the Matrix side.

import { z } from 'zod'
import { levels } from '../core/level.ts'
import { Secret } from '../core/secret.ts'
import { mediaConfig } from './media/config.ts'

const serverForm = '(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?'

const serverName = z.string().regex(new RegExp(`^${serverForm}$`), 'must be the name of a Matrix server, such as example.org')

/** Whom a level is for. */
const people = z
  .string()
  .regex(
    new RegExp(`^(?:\\*|(?:@[^:\\s]+:)?${serverForm})$`),
    'must be "*", the name of a Matrix server, or a user id such as @romeo:example.org',
  )

const token = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{32,255}$/, 'must be 32 to 255 letters, digits, ".", "_", "~" or "-"; "nudge init" makes one')
  .transform((text) => new Secret(text))

const homeserverUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .transform((url) => url.replace(/\/+$/, ''))

/** The schema of the Matrix side: how to reach the homeserver, and how it reaches us. */
export const matrixConfig = z.strictObject({
  homeserver: homeserverUrl.describe('Where the homeserver answers clients, as seen from Nudge.'),
  domain: serverName.describe('The name of the homeserver: what stands behind the colon of a user id.'),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('The address on which Nudge waits for the homeserver.'),
      port: z
        .int()
        .min(0)
        .max(65535)
        .default(29318)
        .describe('The port on which Nudge waits for the homeserver; 0 takes a free one.'),
    })
    .prefault({})
    .describe('Where Nudge waits for the homeserver.'),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .optional()
    .describe('Where Nudge answers, as seen from the homeserver. Left out: the address and port of "listen".'),
  asToken: token.describe('Shows Nudge to the homeserver. The same as as_token of the registration file.'),
  hsToken: token.describe('Shows the homeserver to Nudge. The same as hs_token of the registration file.'),
  puppetToken: token
    .optional()
    .describe(
      'Lets Nudge speak as users of "domain": the same as as_token of the file that "nudge registration --puppets" writes. Left out: only as those who write "login-matrix".',
    ),
  puppetServers: z
    .record(serverName, homeserverUrl)
    .default({})
    .describe('Where other homeservers answer clients, by their names, for those of their users who write "login-matrix".'),
  registrationId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')
    .default('nudge')
    .describe('The id of the registration at the homeserver. It must not change.'),
  senderLocalpart: z
    .string()
    .regex(/^[a-z0-9._-]{1,64}$/, 'must be 1 to 64 small letters, digits, ".", "_" or "-"')
    .default('msnbot')
    .describe('The name of the bot, without "@" and the domain.'),
  commandPrefix: z
    .string()
    .regex(/^[^\s\p{C}]{2,32}$/u, 'must be 2 to 32 visible letters without a blank')
    .default('!msn')
    .describe(
      'What a command to the bot begins with in rooms with others. In a room with nobody but the bot, nothing is needed.',
    ),
  federatePortals: z
    .boolean()
    .default(true)
    .describe(
      'Whether people of other homeservers can be in the rooms that Nudge makes. A room keeps what it was made with. Must stay on for users of other homeservers.',
    ),
  nudgeReaction: z
    .string()
    .regex(/^\S{1,32}$/, 'must be an emoji')
    .default('📳')
    .describe('The reaction that sends a nudge, put to any message of a chat.'),
  permissions: z
    .record(people, z.enum(levels))
    .optional()
    .describe(
      `What people may do: for a user id, the name of a server, or "*" for everybody else one of ${levels.join(', ')}. "relay" is only carried along in the chats of others, "commands" may talk with the bot, "user" may link accounts and have chats, "admin" may everything. Left out: the people of "domain" are users, and nobody else is anything.`,
    ),
  presence: z
    .boolean()
    .default(true)
    .describe(
      'Whether people see on one side who is there on the other. Costs a call every 22 seconds for each contact who is there and has a chat.',
    ),
  outcomes: z
    .enum(['receipt', 'status', 'both', 'none'])
    .default('receipt')
    .describe(
      'How you see that a message arrived: "receipt" is a read receipt of the bot, "status" an event that some clients show as a tick, "both" is both. What did not arrive is always said in words.',
    ),
  portalNames: z
    .boolean()
    .default(true)
    .describe(
      'Whether the room of a chat bears the name and the picture of the contact, for clients that do not show those of who is in it. A name that you give it yourself stays.',
    ),
  spaces: z
    .boolean()
    .default(true)
    .describe('Whether each account has a Space with its chats, and in it one for each group of its contact list.'),
  oldestEventHours: z
    .number()
    .positive()
    .max(87_600)
    .default(72)
    .describe(
      'After how many hours what was said on Matrix is left out instead of delivered, as when a homeserver was away for days. Its sender is told.',
    ),
  media: mediaConfig
    .optional()
    .describe('Links by which people on MSN get pictures and files that were sent on Matrix. Left out: they get none.'),
})

export type MatrixConfig = z.output<typeof matrixConfig>
