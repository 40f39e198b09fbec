import { answer } from './command.mjs'
import { installDebianQuietly } from './debian.mjs'

const byHand = 'put redis-server or valkey-server (6.2 or newer) into PATH, then run `npm run setup` again'

/** A redis-server or valkey-server in PATH, for Nudge to start as its own child; Debian's own service stays off. */
export const redisServer = {
  name: 'redis-server',
  remedy: byHand,
  announcement: () => 'redis-server (apt-get install redis-server; its service on port 6379 is not started)',
  isPresent: () => ['redis-server', 'valkey-server'].some((server) => answer(server, ['--version']) !== undefined),
  install: () => installDebianQuietly('redis-server', 'redis-server.service', byHand),
}
