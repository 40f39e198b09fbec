// `nudge start` as an operator meets it: what it refuses, how it stops, what it prints.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MsnUser } from '../support/msn-user.ts'
import { NudgeProcess, runNudge } from '../support/nudge-process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const token = 'a-token-of-verona-that-is-long-enough'
const msn = { domain: 'verona.test', notificationPort: 0, switchboardPort: 0, http: { port: 0 } }
const matrix = {
  homeserver: 'http://127.0.0.1:1',
  domain: 'hs.test',
  listen: { port: 0 },
  asToken: `${token}-1`,
  hsToken: `${token}-2`,
}
const log = { format: 'json' }

let folder: string
let ends: (() => unknown)[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nudge-start-'))
  ends = []
})

afterEach(async () => {
  for (const end of ends.reverse()) await end()
  await rm(folder, { recursive: true, force: true })
})

async function nudgeWith(config: unknown): Promise<NudgeProcess> {
  const nudge = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), config)
  ends.push(() => nudge.stop())
  return nudge
}

/** A start that is refused: gives the one line, and leaves nothing running. */
async function refusal(config: unknown): Promise<string> {
  const { configFile } = await nudgeWith(config)
  const { code, errors } = await runNudge(['start', '--config', configFile], { cwd: folder })
  expect(errors).toMatch(/^nudge: .+\n$/)
  expect(code).toBe(2)
  return errors
}

/** A port that somebody else has. */
async function takenPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function redisWith(...settings: string[]): Promise<string> {
  await mkdir(join(folder, 'r'))
  const socket = join(folder, 'r', 's')
  const child: ChildProcess = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--dir', join(folder, 'r'), ...settings],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  ends.push(() => child.kill('SIGKILL'))
  if (!child.stdout) throw new Error('no output of Redis')
  for await (const line of createInterface({ input: child.stdout })) if (/ready to accept/i.test(line)) break
  child.stdout.resume()
  return `unix://${socket}`
}

/** A Redis that says whatever it is told to say of itself. */
async function redisThatSays(info: string): Promise<string> {
  const socket = join(folder, 'old')
  const server = createServer((peer) => {
    peer.on('error', () => {})
    peer.on('data', (chunk) => {
      for (const word of chunk
        .toString()
        .toLowerCase()
        .match(/\r\n(info|client|config|hello)\r\n/g) ?? [])
        peer.write(word.includes('info') ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
    })
  }).listen(socket)
  await once(server, 'listening')
  ends.push(() => server.close())
  return `unix://${socket}`
}

describe('a start is refused in one line, and the process ends', () => {
  it('with a Redis that throws messages away', async () => {
    const url = await redisWith('--maxmemory-policy', 'allkeys-lru')
    expect(await refusal({ log, msn, redis: { url } })).toContain('has maxmemory-policy allkeys-lru')
  })

  it('with a Redis that is too old', async () => {
    const url = await redisThatSays('redis_version:5.0.14\r\n')
    expect(await refusal({ log, msn, redis: { url } })).toContain('is version 5.0.14; Nudge needs 6.2 or newer')
  })

  it('with a Redis that cannot be reached, without its password', async () => {
    const url = 'redis://romeo:hunter2@127.0.0.1:1/0'
    const line = await refusal({ log, msn, redis: { url } })
    expect(line).toContain('Redis at 127.0.0.1:1/0 could not be reached: connect ECONNREFUSED')
    expect(line).not.toContain('hunter2')
  })

  it.each([
    ['sign-in of clients', (port: number) => ({ msn: { ...msn, notificationPort: port } })],
    ['conversations of clients', (port: number) => ({ msn: { ...msn, switchboardPort: port } })],
    ['web pages', (port: number) => ({ msn: { ...msn, http: { port } } })],
    ['homeserver', (port: number) => ({ msn, matrix: { ...matrix, listen: { port } } })],
  ])('with a port for the %s that somebody else has', async (_, config) => {
    const port = await takenPort()
    const line = await refusal({ log, ...config(port) })
    expect(line).toContain(`address already in use 127.0.0.1:${port}`)
    expect(line).toMatch(/Change .*(msn|matrix\.listen)/)
  })

  it('with a key that is none', async () => {
    const line = await refusal({ log, msn, seal: { key: 'hunter2' } })
    expect(line).toContain('seal.key must be 32 bytes in base64')
    expect(line).not.toContain('hunter2')
  })

  it('beside one that runs on the same folder', async () => {
    const nudge = await nudgeWith({ log, msn })
    await nudge.start()
    const line = await refusal({ log, msn })
    expect(line).toContain(`belongs to a Nudge that is running (process ${nudge.pid})`)
  })
})

describe('a gateway that runs', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends well at %s', async (signal) => {
    const nudge = await nudgeWith({ log, msn })
    await nudge.start()
    const before = nudge.pid
    process.kill(before, signal)
    expect(await nudge.stop()).toBe(0)
    expect(nudge.log.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['Nudge is up', 'stopping: finishing what is in flight', 'stopped']),
    )
  })

  it('ends well though the homeserver is down', async () => {
    const nudge = await nudgeWith({ log, msn, matrix })
    await nudge.start()
    expect(await nudge.stop()).toBe(0)
  })

  it('keeps what it remembers to itself', async () => {
    const nudge = await nudgeWith({ log, msn })
    await nudge.start()
    await nudge.stop()
    expect((await stat(join(folder, 'data', 'key'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'data', 'redis'))).mode & 0o077).toBe(0)
  })

  it('says on a terminal-like format what it says in JSON', async () => {
    const { configFile } = await nudgeWith({ log: { format: 'pretty' }, msn })
    const child = spawn(process.execPath, [main, 'start', '--config', configFile], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    ends.push(() => child.kill('SIGKILL'))
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.includes('Nudge is up')) child.kill('SIGTERM')
    }
    expect(lines.join('\n')).toMatch(/INFO.*: Nudge is up[\s\S]*INFO.*: stopped/)
  })
})

describe('the trace', () => {
  it('is the MSN traffic in transcript form, without passwords and tickets', async () => {
    const nudge = await nudgeWith({ log: { ...log, level: 'trace' }, msn })
    await nudge.start()
    const password = 'dagger-17'
    for (const name of ['juliet', 'nurse'])
      await runNudge(['account', 'add', `${name}@verona.test`, '--old-clients', '--config', nudge.configFile], {
        input: password,
      })
    const { notification: server, http } = nudge.places
    if (!server || http === undefined) throw new Error('this Nudge has no MSN server')
    const juliet = new MsnUser({ account: 'juliet@verona.test', password, server, http })
    const nurse = new MsnUser({ account: 'nurse@verona.test', password, server, http, dialects: [7] })
    await juliet.signsIn()
    await nurse.signsIn()
    await juliet.says(nurse.account, 'What news?')
    await nurse.hears('What news?')
    await juliet.signsOut()
    await nurse.signsOut()
    await nudge.stop()

    const traced = nudge.log.filter(({ level }) => level === 'trace').map(({ msg }) => msg)
    expect(traced).toEqual(
      expect.arrayContaining(['C: VER 1 MSNP12 MSNP11 MSNP10 MSNP9 MSNP8 CVR0', 'S: VER 1 MSNP12', 'C: OUT']),
    )
    const lines = traced.join('\n')
    expect(lines).toMatch(/^C: USR \d+ TWN I juliet@verona\.test$/m)
    expect(lines).toMatch(/^C: USR \d+ TWN S •••$/m)
    expect(lines).toMatch(/^C: USR \d+ MD5 S •••$/m)
    expect(lines).toMatch(/^S: XFR \d+ SB 127\.0\.0\.1:\d+ CKI •••$/m)
    expect(lines).toMatch(/^S: RNG \d+ 127\.0\.0\.1:\d+ CKI ••• juliet@verona\.test /m)
    expect(lines).toMatch(/^C: ANS \d+ nurse@verona\.test ••• \d+$/m)
    expect(lines).toMatch(/^C: MSG \d+ A \d+\nMIME-Version: 1\.0\n[\s\S]*?\n\nWhat news\?$/m)
    const everything = JSON.stringify(nudge.log)
    expect(everything).not.toContain(password)
    expect(everything).not.toMatch(/t=[\w-]{10,}/)
  })

  it('is not there at the level above', async () => {
    const nudge = await nudgeWith({ log: { ...log, level: 'debug' }, msn })
    await nudge.start()
    await runNudge(['account', 'add', 'juliet@verona.test', '--config', nudge.configFile], { input: 'dagger-17' })
    const { notification: server, http } = nudge.places
    if (!server || http === undefined) throw new Error('this Nudge has no MSN server')
    const juliet = new MsnUser({ account: 'juliet@verona.test', password: 'dagger-17', server, http })
    await juliet.signsIn()
    await juliet.signsOut()
    await nudge.stop()
    expect(nudge.log.some(({ level }) => level === 'trace')).toBe(false)
    expect(JSON.stringify(nudge.log)).not.toMatch(/[CS]: (USR|VER)/)
  })
})
