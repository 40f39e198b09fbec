// The server under fire, in a process of its own: what kills it, hangs it or fills its memory does not take the fuzzer along. Talks with its parent
// by messages; what it logs as an error is told, too, because no stranger may cause one.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, silent } from '../src/core/log.ts'
import { Secret } from '../src/core/secret.ts'
import { keySpace } from '../src/mapping/keys.ts'
import { RedisRecords } from '../src/mapping/records.ts'
import { RedisTickets } from '../src/mapping/tickets.ts'
import type { Handle } from '../src/msn/server/handle.ts'
import { Invites } from '../src/msn/server/invites.ts'
import { limitsConfig } from '../src/msn/server/limits.ts'
import { MsnServer } from '../src/msn/server/server.ts'
import type { TokenUse } from '../src/msn/server/tokens.ts'
import { webPlugins } from '../src/msn/server/web/plugins.ts'
import { openSite } from '../src/msn/server/web/site.ts'
import { redisConfig } from '../src/redis/config.ts'
import { openRedis } from '../src/redis/open.ts'

export type Asked = { readonly ask: 'token'; readonly account: string; readonly use: TokenUse } | { readonly ask: 'memory' }
export type Told =
  | { readonly tell: 'up'; readonly notification: number; readonly switchboard: number; readonly web: number }
  | { readonly tell: 'token'; readonly ticket: string; readonly secret: string }
  | { readonly tell: 'memory'; readonly bytes: number }
  | { readonly tell: 'error'; readonly message: string }

const tell = (message: Told) => process.send?.(message)
const error = (context: unknown, message?: string) => {
  const cause = (context as { err?: { stack?: string } }).err?.stack ?? ''
  tell({ tell: 'error', message: `${message ?? String(context)} ${cause}` })
}

const many = 1_000_000
const dataDir = await mkdtemp(join(tmpdir(), 'nudge-fuzz-'))
const redis = await openRedis(redisConfig.parse({ dataDir }), { log: silent })
const keys = keySpace('fuzz')
// Real stores, so that what the process holds is the server's own.
const records = new RedisRecords(redis.connect(), keys)
const log: Logger = { ...silent, error, fatal: error, child: () => log }
const server = new MsnServer({
  domain: 'msn.example.com',
  listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0 },
  // The fuzzers all come from one address, and are to get further than a stranger may.
  limits: limitsConfig.parse({ connections: many, connectionsPerAddress: many, wrongPasswords: 1000 }),
  records,
  tickets: new RedisTickets(redis.connect(), keys),
  isHostedAddress: () => false,
  summon: async () => false,
  log,
})

for (const name of ['juliet', 'nurse', 'romeo', 'tybalt', 'paris'])
  await server.accounts.add(`${name}@example.com`, new Secret('rosaline'), { md5: true })
await server.start()
const limited = { domain: 'msn.example.com', notificationPort: 1863, switchboardPort: 1864, httpPort: 80 }
const site = openSite({
  plugins: webPlugins({
    server,
    invites: new Invites(records, Date.now),
    registration: 'open',
    place: () => limited,
    authority: async () => undefined,
  }),
  log,
})
await site.listen({ host: '127.0.0.1', port: 0 })
tell({ tell: 'up', ...server.ports, web: Number(new URL(site.listeningOrigin).port) })

process.on('message', (asked: Asked) => {
  if (asked.ask === 'memory') {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    tell({ tell: 'memory', bytes: heapUsed + external })
  } else {
    void server.tokens.issue(asked.account as Handle, asked.use, 600).then(({ ticket, secret }) => {
      tell({ tell: 'token', ticket: ticket.reveal(), secret: secret.reveal() })
    })
  }
})
process.on('disconnect', async () => {
  await redis.close()
  await rm(dataDir, { recursive: true, force: true })
  process.exit()
})
