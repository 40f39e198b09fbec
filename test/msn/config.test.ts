import { describe, expect, it } from 'vitest'
import { linkedConfig } from '../../src/msn/config.ts'
import { profileNames } from '../../src/msn/profiles.ts'

const given = (settings: object) => linkedConfig.parse(settings)

/** The key and the words of the first thing that is wrong. */
function complaint(settings: object): [string, string] {
  const { error } = linkedConfig.safeParse(settings)
  const [issue] = error?.issues ?? []
  return [issue?.path.join('.') ?? '', issue?.message ?? '']
}

describe('a linked network', () => {
  it('is a host and a nexus, as it always was', () => {
    const nexus = 'https://verona.example/rdr/pprdr.asp'
    expect(given({ host: 'verona.example', nexus })).toEqual({
      host: 'verona.example',
      port: 1863,
      nexus,
      dialects: [12, 11, 10, 9, 8],
    })
  })

  it('may be one that has a name, and then is known', () => {
    expect(given({ profile: 'escargot' })).toMatchObject({
      host: 'm1.escargot.log1p.xyz',
      nexus: 'https://m1.escargot.log1p.xyz/nexus-mock',
      rst: 'https://m1.escargot.log1p.xyz/RST.srf',
      contacts: 'https://m1.escargot.log1p.xyz/abservice/abservice.asmx',
      dialects: [18, 12, 11, 10, 9, 8],
    })
    expect(given({ profile: 'nina' })).toMatchObject({ host: 'ds.escargot.nina.chat', dialects: [12, 11, 10, 9, 8] })
  })

  it('may run at home what others run', () => {
    expect(given({ profile: 'nudge', host: 'verona.example', port: 1864 })).toEqual({
      host: 'verona.example',
      port: 1864,
      nexus: 'https://verona.example/rdr/pprdr.asp',
      rst: 'https://verona.example/RST.srf',
      contacts: 'https://verona.example/abservice/abservice.asmx',
      offlineRead: 'https://verona.example/rsi/rsi.asmx',
      offlineSend: 'https://verona.example/OimWS/oim.asmx',
      dialects: [18, 12, 11, 10, 9, 8],
    })
    const rusty = given({ profile: 'rusty', host: 'verona.example' })
    expect([rusty.contacts, rusty.dialects]).toEqual([undefined, [12, 11]])
  })

  it('may have its web services elsewhere, all of them or one', () => {
    const rst = 'https://login.verona.example/RST2.srf'
    const config = given({ profile: 'nudge', host: '::1', web: 'http://[::1]:8080/msn/', rst, dialects: [18] })
    expect(config).toMatchObject({ rst, contacts: 'http://[::1]:8080/msn/abservice/abservice.asmx', dialects: [18] })
    expect(given({ profile: 'nudge', host: '::1' }).rst).toBe('https://[::1]/RST.srf')
  })

  it.each([
    ['has a host', { profile: 'crosstalk' }, 'host'],
    ['has a host that can be one, when its web services are there', { profile: 'nudge', host: 'verona example' }, 'rst'],
    ['has tokens for dialects from 13 on', { host: 'h', nexus: 'http://h/', contacts: 'http://h/', dialects: [13] }, 'rst'],
    ['has an address book for dialects from 13 on', { host: 'h', rst: 'http://h/', dialects: [12, 18] }, 'contacts'],
    ['has a nexus or tokens for dialects from 8 on', { host: 'h', dialects: [7, 8] }, 'nexus'],
    ['has tokens for offline messages', { host: 'h', nexus: 'http://h/', offlineRead: 'http://h/rsi' }, 'rst'],
    ['says what is at its web address', { host: 'h', web: 'http://h', dialects: [7] }, 'web'],
    ['has no password in an address', { host: 'h', nexus: 'http://juliet:rose@h/' }, 'nexus'],
  ])('%s', (_, settings, key) => {
    const [where, words] = complaint(settings)
    expect(where).toBe(key)
    expect(words).not.toContain('rose')
  })

  it('needs no nexus where tokens are made, and no web services for MD5', () => {
    expect(given({ host: 'h', rst: 'http://h/RST.srf' }).dialects).toContain(12)
    expect(given({ host: 'h', dialects: [7, 6] })).toEqual({ host: 'h', port: 1863, dialects: [7, 6] })
  })

  it('of every profile is whole once it has a host', () => {
    for (const profile of profileNames) {
      const config = given({ profile, host: 'verona.example' })
      expect(config.dialects).toEqual([...config.dialects].sort((a, b) => b - a))
      expect(config.rst).toBe('https://verona.example/RST.srf')
    }
  })
})
