import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { networkId } from '../../src/core/address.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { newToken, registrationYaml } from '../../src/matrix/registration.ts'

const asToken = newToken()
const hsToken = newToken()
const settings = { homeserver: 'http://127.0.0.1:8008/', domain: 'our.hs', asToken, hsToken }
const networks = [networkId('msn'), networkId('escargot')]

describe('the settings', () => {
  it('need no more than the homeserver and the tokens', () => {
    const config = matrixConfig.parse(settings)
    expect(config).toMatchObject({
      homeserver: 'http://127.0.0.1:8008',
      listen: { host: '127.0.0.1' },
      senderLocalpart: 'msnbot',
    })
    expect(config.permissions).toBeUndefined()
  })

  it('do not show their tokens', () => {
    const config = matrixConfig.parse(settings)
    expect(JSON.stringify(config)).not.toContain(asToken)
    expect(config.hsToken.reveal()).toBe(hsToken)
  })

  it.each([
    ['homeserver', { homeserver: 'matrix.example.org' }],
    ['homeserver', { homeserver: 'file:///etc/passwd' }],
    ['domain', { domain: 'https://our.hs' }],
    ['asToken', { asToken: 'secret' }],
    ['senderLocalpart', { senderLocalpart: '@msnbot' }],
    ['listen', { listen: { port: 70_000 } }],
    ['permissions', { permissions: { 'not a server': 'user' } }],
  ])('refuse a wrong %s', (key, wrong) => {
    const result = matrixConfig.safeParse({ ...settings, ...wrong })
    expect(result.error?.issues[0]?.path[0]).toBe(key)
  })

  it('refuse a key that does not exist', () => {
    expect(matrixConfig.safeParse({ ...settings, homeserverUrl: 'x' }).success).toBe(false)
  })
})

describe('the registration file', () => {
  const registration = parse(registrationYaml(matrixConfig.parse(settings), networks))

  it('asks for ephemeral events under both names, and for no rate limit', () => {
    expect(registration).toMatchObject({
      receive_ephemeral: true,
      'de.sorunome.msc2409.push_ephemeral': true,
      rate_limited: false,
    })
  })

  it('asks for what encryption needs, and for no sign-in of our accounts', () => {
    expect(registration).toMatchObject({ 'org.matrix.msc3202': true, 'io.element.msc4190': true })
  })

  it('carries the tokens in the clear, and our address', () => {
    expect(registration).toMatchObject({ as_token: asToken, hs_token: hsToken, url: 'http://127.0.0.1:29318' })
  })

  it('claims the ghosts of each network and our rooms, and nobody else', () => {
    const claims = (kind: string, id: string) =>
      registration.namespaces[kind].some(({ regex }: { regex: string }) => new RegExp(`^${regex}$`).test(id))
    expect(claims('users', '@msn_juliet=40example.com:our.hs')).toBe(true)
    expect(claims('users', '@escargot_juliet=40example.com:our.hs')).toBe(true)
    expect(claims('users', '@romeo:our.hs')).toBe(false)
    expect(claims('users', '@msn_juliet:our-hs')).toBe(false)
    expect(claims('aliases', '#nudge_abc:our.hs')).toBe(true)
    expect(claims('aliases', '#lobby:our.hs')).toBe(false)
  })

  it('names the address that the homeserver sees, where that is another', () => {
    const behindProxy = matrixConfig.parse({ ...settings, url: 'https://nudge.example' })
    expect(parse(registrationYaml(behindProxy, networks)).url).toBe('https://nudge.example')
    const everywhere = matrixConfig.parse({ ...settings, listen: { host: '::', port: 1 } })
    expect(parse(registrationYaml(everywhere, networks)).url).toBe('http://127.0.0.1:1')
    const six = matrixConfig.parse({ ...settings, listen: { host: '::1', port: 1 } })
    expect(parse(registrationYaml(six, networks)).url).toBe('http://[::1]:1')
  })

  it('has new tokens each time', () => {
    expect(newToken()).not.toBe(newToken())
    expect(newToken()).toMatch(/^[\w-]{43}$/)
  })
})
