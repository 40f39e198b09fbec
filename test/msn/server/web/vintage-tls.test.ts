import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, getCiphers } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Pair } from '../../../../src/authority/authority.ts'
import { issue, newAuthority } from '../../../../src/authority/authority.ts'
import { silent } from '../../../../src/core/log.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import { openSite } from '../../../../src/msn/server/web/site.ts'
import { closeVintageTls, openVintageTls } from '../../../../src/msn/server/web/vintage-tls.ts'
import { ask } from '../../../support/ask.ts'
import { listening } from '../../../support/log.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'

const now = Date.now()
let authority: Pair
let server: Pair
let folder: string
let fixture: TestServer
let site: FastifyInstance
let listener: Server | undefined

beforeAll(async () => {
  authority = await newAuthority('Nudge CA', { now })
  server = await issue(authority, ['msn.example.com', 'nexus.passport.com'], now)
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nudge-tls-'))
  await writeFile(join(folder, 'cert'), server.certificate.toString())
  await writeFile(join(folder, 'key'), server.key.reveal())
  fixture = await startServer()
  const { accounts, tokens, signInTries } = fixture.server
  site = openSite({ plugins: [passportHttp({ accounts, tokens, signInTries })], log: silent })
})

afterEach(async () => {
  if (listener) await closeVintageTls(listener)
  listener = undefined
  await site.close()
  await fixture.stop()
  await rm(folder, { recursive: true })
})

const files = () => ({ certFile: join(folder, 'cert'), keyFile: join(folder, 'key') })

async function open(log = silent, clock = Date.now): Promise<number> {
  listener = await openVintageTls({ host: '127.0.0.1', port: 0, ...files(), site, clock, log })
  const address = listener.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** What a client with these abilities is answered at the nexus. Neither does it say which host it wants (SNI), as none did. */
async function nexus(port: number, options: ConnectionOptions) {
  const socket = connect({
    ...{ host: '127.0.0.1', port, ca: authority.certificate.toString(), servername: '' },
    checkServerIdentity: (_name, certificate) => {
      expect(certificate.subjectaltname).toContain('DNS:nexus.passport.com')
      return undefined
    },
    ...options,
  })
  socket.write('GET /rdr/pprdr.asp HTTP/1.1\r\nHost: nexus.passport.com\r\nConnection: close\r\n\r\n')
  let protocol: string | null = null
  socket.once('secureConnect', () => {
    protocol = socket.getProtocol()
  })
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return { protocol, answer }
}

describe('the listener for old clients', () => {
  test.each([
    ['TLSv1', 'AES128-SHA'],
    ['TLSv1', 'AES256-SHA'],
    ['TLSv1', 'DHE-RSA-AES128-SHA'],
    ['TLSv1.1', 'AES128-SHA'],
    ['TLSv1.2', 'AES128-SHA256'],
  ] as const)('speaks %s with %s, and serves what the modern one serves', async (version, cipher) => {
    const port = await open()
    const { protocol, answer } = await nexus(port, {
      ...{ minVersion: version, maxVersion: version, ciphers: `${cipher}:@SECLEVEL=0` },
    })
    expect(protocol).toBe(version)
    expect(answer).toContain('\r\nPassportURLs: DARealm=Passport.Net,DALogin=nexus.passport.com/login2.srf,')
  })

  test('speaks with clients of today, too', async () => {
    expect((await nexus(await open(), {})).protocol).toBe('TLSv1.3')
  })

  test('understands the first words of Windows where SSL 2.0 is still ticked: TLS 1.0, offered in the frame of SSL 2.0', async () => {
    const offered = Buffer.from('00002f0000ff', 'hex')
    const hello = Buffer.concat([Buffer.from('010301000600000010', 'hex'), offered, Buffer.alloc(16, 7)])
    const socket = connectTcp({ host: '127.0.0.1', port: await open() })
    socket.write(Buffer.concat([Buffer.from([0x80, hello.length]), hello]))
    const [answer] = await once(socket, 'data')
    socket.destroy()
    // A handshake in TLS 1.0, and in it the server's hello.
    expect(answer.subarray(0, 3).toString('hex')).toBe('160301')
    expect(answer[5]).toBe(2)
  })

  test('needs stunnel for Windows XP without AES, because Node has neither 3DES nor RC4', () => {
    expect(getCiphers().filter((name) => /3des|des-cbc3|rc4/i.test(name))).toEqual([])
  })

  test('lets nobody in who will not say who they are talking to', async () => {
    await expect(nexus(await open(), { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' })).rejects.toThrow()
  })

  test('stays up when somebody speaks no TLS to it', async () => {
    const port = await open()
    await expect(nexus(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'AES128-SHA' })).rejects.toThrow()
    await ask(port, 'GET / HTTP/1.0\r\n\r\n').catch(() => '')
    expect((await nexus(port, {})).answer).toContain('200 OK')
  })

  test('says what to do when its files are missing, belong to others, or its port is taken', async () => {
    const port = await open()
    const again = (other: object) =>
      openVintageTls({ host: '127.0.0.1', port: 0, ...files(), site, clock: Date.now, log: silent, ...other })
    await expect(again({ port })).rejects.toThrow(/cannot listen: .*EADDRINUSE/)
    await expect(again({ certFile: join(folder, 'none') })).rejects.toThrow(/none: cannot be read \(ENOENT\).*nudge ca init/)
    await writeFile(join(folder, 'key'), authority.key.reveal())
    await expect(again({})).rejects.toThrow(/cannot listen: .*key values mismatch/i)
  })

  test('says when its certificate runs out within a month', async () => {
    const { log, said } = listening()
    await open(log, () => now + 710 * 24 * 60 * 60 * 1000)
    expect(said.map(({ message }) => message).join()).toContain('"nudge ca issue" renews it')
  })
})
