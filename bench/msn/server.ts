// Our MSN server with its sign-in pages, on the Redis whose socket is the first argument.

import fastify from 'fastify'
import { Redis } from 'ioredis'
import { silent } from '../../src/core/log.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import { RedisRecords } from '../../src/mapping/records.ts'
import { RedisTickets } from '../../src/mapping/tickets.ts'
import { limitsConfig } from '../../src/msn/server/limits.ts'
import { MsnServer } from '../../src/msn/server/server.ts'
import { passportHttp } from '../../src/msn/server/web/passport.ts'
import { serve } from './child.ts'
import { prefix } from './people.ts'

const [socket = ''] = process.argv.slice(2)
const redis = new Redis(socket)
const keys = keySpace(prefix)
const many = 1_000_000
const server = new MsnServer({
  domain: 'msn.example.com',
  listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0 },
  // Everybody comes from one address here, and talks as fast as they can.
  limits: limitsConfig.parse({
    connections: many,
    connectionsPerAddress: many,
    messagesPerSecond: many,
    changesPerMinute: many,
    boardsPerMinute: many,
  }),
  records: new RedisRecords(redis, keys),
  tickets: new RedisTickets(redis, keys),
  isHostedAddress: () => false,
  summon: async () => false,
  log: silent,
})
await server.start()
const web = fastify({ logger: false })
const { accounts, tokens, signInTries } = server
await web.register(passportHttp({ accounts, tokens, signInTries }))
await web.listen({ host: '127.0.0.1', port: 0 })

const { notification, switchboard } = server.ports
serve({ notification, switchboard, http: Number(new URL(web.listeningOrigin).port) }, async () => {
  await web.close()
  await server.stop()
  redis.disconnect()
})
