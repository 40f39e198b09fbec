import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../../src/core/errors.ts'
import { silent } from '../../src/core/log.ts'
import { redisConfig } from '../../src/redis/config.ts'
import { type OpenRedis, openRedis } from '../../src/redis/open.ts'
import { listening } from '../support/log.ts'
import { TestRedis } from '../support/redis.ts'

const program = fileURLToPath(new URL('../support/supervisor-process.ts', import.meta.url))

let folder: string
let ends: (() => Promise<unknown>)[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nudge-open-'))
  ends = [() => rm(folder, { recursive: true, force: true })]
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
})

async function open(options: { dataDir?: string; attach?: boolean } = {}): Promise<OpenRedis> {
  const { dataDir = folder, attach = false } = options
  const redis = await openRedis(redisConfig.parse({ dataDir }), { log: silent, attach })
  ends.push(redis.close)
  return redis
}

async function processOf(redis: OpenRedis): Promise<number> {
  const info = await redis.connect().info('server')
  return Number(/process_id:(\d+)/.exec(info)?.[1])
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await pause(5)
  }
}

describe('a Redis of our own', () => {
  it('keeps what it was given over a restart, closed to others, without a port', async () => {
    const first = await open()
    await first.connect().set('said', 'hi')
    expect((await stat(join(folder, 'redis.sock'))).mode & 0o777).toBe(0o700)
    expect(await first.connect().config('GET', 'port', 'maxmemory-policy', 'appendonly', 'appendfsync', 'save')).toEqual(
      expect.arrayContaining(['port', '0', 'noeviction', 'yes', 'everysec', '']),
    )
    await first.close()
    const second = await open()
    expect(await second.connect().get('said')).toBe('hi')
  })

  it('writes to disk before it acknowledges, where that is asked for', async () => {
    const redis = await openRedis(redisConfig.parse({ dataDir: folder, appendfsync: 'always' }), { log: silent })
    try {
      expect(await redis.connect().config('GET', 'appendfsync')).toEqual(['appendfsync', 'always'])
    } finally {
      await redis.close()
    }
  })

  it('stops its Redis when it is closed', async () => {
    const redis = await open()
    const pid = await processOf(redis)
    await redis.close()
    await gone(pid)
    await expect(access(join(folder, 'lock'))).rejects.toThrow('ENOENT')
  })

  it('starts it again when it dies, with what was in it, and connections carry on', async () => {
    const redis = await open()
    const connection = redis.connect()
    await connection.set('said', 'hi')
    const pid = await processOf(redis)
    process.kill(pid, 'SIGKILL')
    await gone(pid)
    expect(await connection.get('said')).toBe('hi')
    expect(await processOf(redis)).not.toBe(pid)
  })

  it('refuses a data folder that a living gateway has, naming it', async () => {
    await open()
    await expect(open()).rejects.toThrow(`process ${process.pid}`)
    await expect(open()).rejects.toThrow(StartError)
  })

  it('lets a tool attach to the Redis of a living gateway, and leaves that running', async () => {
    const gateway = await open()
    const tool = await open({ attach: true })
    expect(await processOf(tool)).toBe(await processOf(gateway))
    await tool.close()
    expect(await gateway.connect().ping()).toBe('PONG')
  })

  it('starts one for a tool when no gateway is running, and stops it with the tool', async () => {
    const tool = await open({ attach: true })
    const pid = await processOf(tool)
    await tool.close()
    await gone(pid)
  })

  it('takes over from a gateway that was killed and left its Redis alone', async () => {
    const child = fork(program, [folder], { execArgv: [] })
    const [orphan] = (await once(child, 'message')) as [number]
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const redis = await open()
    await gone(orphan)
    expect(await redis.connect().get('said')).toBe('by the one that was killed')
  })

  it('stops a Redis that was left before it could listen', async () => {
    const orphan = spawn('redis-server', ['--port', '0', '--dir', folder, '--appendonly', 'yes', '--save', ''], {
      cwd: folder,
      detached: true,
    })
    const pid = orphan.pid ?? 0
    orphan.unref()
    await once(orphan, 'spawn')
    await open()
    await gone(pid)
  })

  it('finds a place for its socket when the path of its folder is too long for one', async () => {
    const dataDir = join(folder, 'long'.repeat(40))
    const gateway = await open({ dataDir })
    const tool = await open({ dataDir, attach: true })
    expect(await processOf(tool)).toBe(await processOf(gateway))
  })

  it('says what Redis said when it does not start', async () => {
    await writeFile(join(folder, 'appendonlydir'), 'not a folder')
    await expect(open()).rejects.toThrow(/Its last words: .*appendonlydir/)
    await expect(access(join(folder, 'lock'))).rejects.toThrow('ENOENT')
  })

  it('names the package when there is no server to start', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = folder
    ends.push(async () => {
      process.env['PATH'] = path
    })
    await expect(open()).rejects.toThrow('apt install redis-server')
  })
})

describe('a Redis of the operator', () => {
  let redis: TestRedis
  beforeEach(async () => {
    redis = await TestRedis.start()
    ends.push(() => redis.stop())
  })

  it('is used as it is, and left running', async () => {
    const { log, said } = listening()
    const opened = await openRedis(redisConfig.parse({ url: `unix://${redis.socket}` }), { log })
    await opened.connect().set('said', 'hi')
    await opened.close()
    expect(await redis.connect().get('said')).toBe('hi')
    expect(said.filter(({ level }) => level === 'warn')).toEqual([])
  })

  it('is refused when it throws keys away', async () => {
    await redis.connect().config('SET', 'maxmemory-policy', 'allkeys-lru')
    const opening = openRedis(redisConfig.parse({ url: `unix://${redis.socket}` }), { log: silent })
    await expect(opening).rejects.toThrow('redis-cli CONFIG SET maxmemory-policy noeviction')
  })

  it('is used with a warning when it keeps nothing', async () => {
    const { log, said } = listening()
    await redis.connect().config('SET', 'appendonly', 'no')
    const opened = await openRedis(redisConfig.parse({ url: `unix://${redis.socket}` }), { log })
    await opened.close()
    expect(said.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('keeps nothing over a restart'),
    ])
  })

  it('that is not there is named without its password', async () => {
    const config = redisConfig.parse({ url: 'redis://romeo:wherefore@127.0.0.1:1/0' })
    const error = await openRedis(config, { log: silent, patience: 50 }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(StartError)
    expect(String(error)).toContain('127.0.0.1:1')
    expect(String(error)).not.toContain('wherefore')
  })

  it('that goes away and comes back is said once each, however many connections there are', async () => {
    const { log, said } = listening()
    const opened = await openRedis(redisConfig.parse({ url: `unix://${redis.socket}` }), { log })
    ends.push(opened.close)
    const connections = [opened.connect(), opened.connect(), opened.connect()]
    await Promise.all(connections.map((connection) => connection.ping()))
    await redis.kill()
    const answers = Promise.all(connections.map((connection) => connection.incr('count')))
    await redis.restart()
    expect((await answers).sort()).toEqual([1, 2, 3])
    expect(said.map(({ message }) => message)).toEqual([expect.stringContaining('is away'), 'Redis is back'])
  })
})
