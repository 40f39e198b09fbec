// A gateway reduced to its Redis, as a process of its own that a test can kill: node supervisor-process.ts <data folder>.

import { Redis } from 'ioredis'
import { silent } from '../../src/core/log.ts'
import { RedisSupervisor } from '../../src/redis/supervisor.ts'

const [folder = ''] = process.argv.slice(2)
const supervisor = await RedisSupervisor.start(folder, silent)
const redis = new Redis({ path: supervisor.socket })
await redis.set('said', 'by the one that was killed')
process.send?.(supervisor.pid)
