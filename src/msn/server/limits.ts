// How much one client, one address and all together may ask of the server. Nobody who talks, or sends files, meets any of these.

import { z } from 'zod'

const count = z.int().min(1)

export const limitsConfig = z.strictObject({
  connections: count
    .default(20_000)
    .describe(
      'How many connections MSN clients may have in all; one for each of them, and one for each open conversation. As many to the web server.',
    ),
  connectionsPerAddress: count
    .default(2000)
    .describe(
      'How many may come from one address, or from one network of IPv6. Behind a proxy or a NAT, everybody may have the same one.',
    ),
  messagesPerSecond: count
    .default(1000)
    .describe('How many messages one client may say in a conversation, each second; what is more waits. Pieces of files count.'),
  changesPerMinute: count
    .default(120)
    .describe(
      'How often one client may change how it is seen or its lists, or ask for a list, in a minute; what is more waits. Others are told of most of it.',
    ),
  boardsPerMinute: count
    .default(60)
    .describe('How many conversations one client may open in a minute; what is more is refused (error 800).'),
  wrongPasswords: count
    .default(10)
    .describe(
      'How many wrong passwords for one account may come from one address before it is refused for a quarter of an hour; five times as many from one address for any account, twenty times as many for one account from anywhere, which does not shut out an address from which it was signed in to before. The addresses of one IPv6 network count as one.',
    ),
  strangersPerDay: z
    .int()
    .min(0)
    .default(20)
    .describe(
      'How many people whom somebody of another network does not know may add them or write to them in a day. Each is an invitation to a chat.',
    ),
  hostedPerDay: count
    .default(100)
    .describe('How many people of other networks whom they do not know one account may add or write to in a day.'),
  idleBoardMinutes: z
    .number()
    .positive()
    .max(10_000)
    .default(60)
    .describe(
      'After how many minutes in which nobody says anything a conversation is closed. Clients open it again by themselves.',
    ),
})

export type Limits = z.output<typeof limitsConfig>
