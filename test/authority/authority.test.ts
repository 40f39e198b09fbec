import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Pair } from '../../src/authority/authority.ts'
import { issue, newAuthority } from '../../src/authority/authority.ts'

const now = Date.now()
const year = 365 * 24 * 60 * 60 * 1000
const hosts = ['msn.example.org', 'login.live.com', '192.0.2.7'] as const

describe.each(['sha256', 'sha1'] as const)('an authority with %s', (sum) => {
  let authority: Pair
  let server: Pair

  beforeAll(async () => {
    authority = await newAuthority('Nudge CA of msn.example.org', { sha1: sum === 'sha1', now })
    server = await issue(authority, hosts, now)
  })

  test('is one, for ten years, and signs nothing below what it issues', () => {
    const { certificate } = authority
    expect([certificate.ca, certificate.checkIssued(certificate), certificate.verify(certificate.publicKey)]).toEqual([
      true,
      true,
      true,
    ])
    expect(certificate.subject).toBe('O=Nudge\nCN=Nudge CA of msn.example.org')
    expect(certificate.signatureAlgorithm).toBe(`${sum}WithRSAEncryption`)
    expect(certificate.validToDate.getTime() - now).toBeGreaterThan(9.9 * year)
    expect(certificate.raw.toString('hex')).toContain('30060101ff020100')
  })

  test('issues certificates for servers of all the names, for two years', () => {
    const { certificate } = server
    expect(certificate.checkIssued(authority.certificate)).toBe(true)
    expect(certificate.verify(authority.certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(server.key.reveal()))).toBe(true)
    expect([certificate.ca, certificate.signatureAlgorithm]).toEqual([false, `${sum}WithRSAEncryption`])
    expect(hosts.slice(0, 2).map((host) => certificate.checkHost(host))).toEqual(hosts.slice(0, 2))
    expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7')
    expect(certificate.checkHost('login.example.org')).toBeUndefined()
    expect(certificate.validToDate.getTime() - now).toBeLessThanOrEqual(2 * year)
    expect(certificate.validFromDate.getTime()).toBeLessThan(now)
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
  })

  test('is believed in TLS by who has its certificate, and by nobody else', async () => {
    const { certificate, key } = server
    // Level 0: today's OpenSSL believes SHA-1 nowhere else.
    const ciphers = 'DEFAULT@SECLEVEL=0'
    const listener = createServer({ cert: certificate.toString(), key: key.reveal(), ciphers }, (socket) => socket.end())
    listener.on('tlsClientError', () => {})
    await once(listener.listen(0, '127.0.0.1'), 'listening')
    const address = listener.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const dial = (servername: string, ca?: string) =>
      new Promise<string>((resolve) => {
        const options = { host: '127.0.0.1', port, servername, ciphers, ...(ca !== undefined && { ca }) }
        const socket = connect(options, () => {
          socket.destroy()
          resolve('believed')
        })
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      })
    expect(await dial('login.live.com', authority.certificate.toString())).toBe('believed')
    expect(await dial('login.example.org', authority.certificate.toString())).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await dial('login.live.com')).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/)
    await new Promise((resolve) => listener.close(resolve))
  })
})

test('what is issued does not outlive the authority', async () => {
  const old = await newAuthority('Nudge CA', { now: now - 9 * year })
  const late = await issue(old, ['msn.example.org'], now)
  expect(late.certificate.validTo).toBe(old.certificate.validTo)
  expect(new X509Certificate(late.certificate.toString()).verify(old.certificate.publicKey)).toBe(true)
})

test('a host name that is longer than a name may be is cut there, and whole where clients look', async () => {
  const long = `${'montague.'.repeat(9)}example.org`
  const { certificate } = await issue(await newAuthority(long, { now }), [long], now)
  expect(certificate.subject).toBe(`O=Nudge\nCN=${long.slice(0, 64)}`)
  expect(certificate.checkHost(long)).toBe(long)
})

test('a key shows itself to nobody who only prints it', async () => {
  const { key } = await newAuthority('Nudge CA', { now })
  expect(`${key} ${JSON.stringify({ key })}`).not.toContain('PRIVATE')
})
