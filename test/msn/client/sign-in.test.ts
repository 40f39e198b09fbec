import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { isSsoBlob } from '../../../src/msn/auth/sso.ts'
import { endpointOf } from '../../../src/msn/client/endpoint.ts'
import { offers } from '../../../src/msn/client/entrance.ts'
import { ClientError } from '../../../src/msn/client/errors.ts'
import type { SessionOptions } from '../../../src/msn/client/session.ts'
import { FakeWeb, friends, veronese } from '../../support/fake-web.ts'
import { password, play, playText, transcript, transcriptUntil } from '../../support/play.ts'

const romeo = { account: 'romeo@example.com', name: 'Romeo', lists: ['forward', 'allow', 'reverse'], groups: ['Friends'] }
const tybalt = { account: 'tybalt@example.net', name: 'Tybalt', lists: ['block'], groups: [] }

describe('signing in', () => {
  for (let dialect = 2; dialect <= 18; dialect++) {
    it(`shows the list and who is there in MSNP${dialect}`, async () => {
      const web = new FakeWeb(veronese, [friends])
      const { client } = await play(`sign-in-msnp${dialect}`, { dialects: [dialect], credential: password, web })
      expect(client.states).toEqual(['connecting', 'online'])
      expect(client.contacts).toEqual([dialect < 7 ? { ...romeo, groups: [] } : romeo, tybalt])
      expect(client.session.contacts).toEqual(client.contacts)
      // From MSNP16 on the server also tells of ourselves.
      expect(new Set(client.presences.map(({ account }) => account))).toEqual(new Set(['romeo@example.com']))
      expect(client.presences.at(-1)).toEqual({
        account: 'romeo@example.com',
        name: 'Romeo',
        status: 'away',
        message: dialect < 11 ? '' : 'but soft',
      })
    })
  }

  it('proves the password with the salt of the server, and does not send it', async () => {
    const { server } = await play('sign-in-msnp7', { dialects: [7], credential: password })
    const salt = server.remembered('salt') ?? ''
    expect(server.remembered('proof')).toBe(createHash('md5').update(`${salt}rosaline`).digest('hex'))
  })

  it('signs the nonce of the server from MSNP15 on, with the secret of the ticket', async () => {
    const web = new FakeWeb(veronese, [friends])
    const { server } = await play('sign-in-msnp15', { dialects: [15], credential: password, web })
    expect(server.remembered('ticket')).toBe('t=clear&p=')
    expect(web.asked[0]).toBe('ticket MBI_KEY_OLD')
    const secret = new Secret(Buffer.alloc(24, 7).toString('base64'))
    expect(isSsoBlob(server.remembered('blob') ?? '', `${'A'.repeat(63)}=`, secret)).toBe(true)
  })

  it('names its place in braces from MSNP16 on: always the same one, another for another account or installation', async () => {
    const placeOf = async (options: Partial<SessionOptions>) => {
      const web = new FakeWeb(veronese, [friends])
      const { server } = await play('sign-in-msnp18', { dialects: [18], credential: password, web, ...options })
      return server.remembered('place')
    }
    const here = await placeOf({ installation: 'verona' })
    expect(here).toMatch(/^\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}\}$/)
    expect(await placeOf({ installation: 'verona' })).toBe(here)
    expect(await placeOf({ installation: 'mantua' })).not.toBe(here)
    expect(await placeOf({})).not.toBe(await placeOf({}))
    expect(endpointOf('romeo@example.com', 'verona')).not.toBe(here)
  })

  it('shows the ticket exactly as it was got, made for the challenge of the server', async () => {
    const { server } = await play('sign-in-msnp12', { credential: password })
    expect(server.remembered('ticket')).toBe('t=challenge&p=')
  })

  it('is refused with the wrong password in MSNP7, and does not try again', async () => {
    const { client } = await play('wrong-password-msnp7', { dialects: [7], credential: password })
    expect(client.states).toEqual(['connecting', 'refused'])
    expect(client.reasons).toEqual([undefined, 'msn.wrong-password'])
    expect(client.timers.waiting).toBe(0)
  })

  it('is refused with a ticket that does not fit in MSNP12', async () => {
    const { client } = await play('wrong-password-msnp12', { credential: password })
    expect(client.states).toEqual(['connecting', 'refused'])
  })

  it('is refused when there is no ticket for the password', async () => {
    const signIn = async () => {
      throw new ClientError('refused', 'no', { number: 911 })
    }
    const { client } = await playText(
      'C: VER 1 MSNP12 CVR0\nS: VER 1 MSNP12\nC: CVR {client}\nS: CVR 2 {versions}\nC: USR 3 TWN I {who}\nS: USR 3 TWN S {challenge}\nC!',
      { credential: { kind: 'password', password: new Secret('rosaline'), signIn } },
    )
    expect(client.states).toEqual(['connecting', 'refused'])
    expect(client.reasons.at(-1)).toBe('msn.wrong-password')
  })

  it('tries a fresh ticket twice more before it takes a refusal for an answer', async () => {
    const once = (ns: string) =>
      `@${ns}\nC: VER 1 MSNP12 CVR0\nS: VER 1 MSNP12\nC: CVR {}\nS: CVR 2 x\nC: USR 3 TWN I {who}\nS: USR 3 TWN S x\nC: USR 4 TWN S ${ns}\nS: 911 4\nS!\n`
    let tickets = 0
    const ticket = async () => new Secret(`NS${++tickets === 1 ? '' : tickets}`)
    const { client } = await playText(
      once('NS') + once('NS2') + once('NS3'),
      { credential: { kind: 'ticket', ticket } },
      async (play) => {
        await play.client.timers.pass(1000)
        await play.client.timers.pass(2000)
      },
    )
    expect(client.states).toEqual(['connecting', 'reconnecting', 'refused'])
  })

  it('offers the older dialects on a new connection when the server speaks none of the newer', async () => {
    const { client } = await playText(
      '@NS\nC: VER 1 MSNP12 MSNP8 CVR0\nS: VER 1 0\nS!\nC: OUT\n@NS2\nC: VER 1 MSNP7 MSNP2 CVR0\nS: VER 1 CVR0\nS!\nC: OUT\n',
      { dialects: [8, 2, 12, 7], credential: password },
    )
    expect(client.states).toEqual(['connecting', 'refused'])
    expect(client.reasons.at(-1)).toBe('msn.no-common-dialect')
  })

  it('offers what it has the web services for, each family on a connection of its own, and falls back by itself', async () => {
    const all = Array.from({ length: 17 }, (_, index) => index + 2)
    const refused = (ns: string, from: number, to: number) => {
      const names = all.filter((dialect) => dialect >= from && dialect <= to).reverse()
      return `@${ns}\nC: VER 1 ${names.map((dialect) => `MSNP${dialect}`).join(' ')} CVR0\nS: VER 1 0\nC: OUT\n`
    }
    const options = { dialects: all, credential: password }
    const whole = refused('NS', 15, 18) + refused('NS2', 8, 14) + refused('NS3', 2, 7)
    expect((await playText(whole, { ...options, web: new FakeWeb() })).client.states).toEqual(['connecting', 'refused'])
    await playText(refused('NS', 8, 12) + refused('NS2', 2, 7), options)
    await playText(refused('NS', 8, 14) + refused('NS2', 2, 7), { ...options, web: { book: new FakeWeb().book } })
  })

  it('takes a server that hangs up on an offer for one that does not know it, until it was in once', async () => {
    const second = (await transcriptUntil('displaced-msnp12', 'S: OUT')).replace('# The', '# the')
    const text = `@NS\nC: VER 1 MSNP18 CVR0\nS!\n@NS2\n${second}S!\n@NS3\nC: VER 1 MSNP12 CVR0\nS!\n`
    const { client } = await playText(text, { dialects: [18, 12], web: new FakeWeb() }, ({ client }) => client.timers.pass(1000))
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting'])
  })

  it('begins again at its home server when the one it was sent to does not know the account or the ticket', async () => {
    const hop = (ns: string, end: string) =>
      `@${ns}\nC: VER 1 MSNP12 CVR0\nS: VER 1 MSNP12\nC: CVR {}\nS: CVR 2 x\nC: USR 3 TWN I {who}\n${end}`
    const away = 'S: XFR 3 NS ns2.example.org:1863 0 x\n'
    const challenge = 'S: USR 3 TWN S x\nC: USR 4 TWN S {}\n'
    const text =
      hop('NS', away) +
      hop('NS2', `${challenge}S: 928 4\n`) +
      hop('NS3', away) +
      hop('NS4', 'S: 931 3\n') +
      hop('NS5', 'S: 600 3\n')
    const { server } = await playText(text)
    expect(server.dialled.map((place) => place.split(' ')[1])).toEqual(
      ['msn', 'ns2', 'msn', 'ns2', 'msn'].map((host) => `${host}.example.org:1863`),
    )
  })

  it('does not take a dialect that it did not offer', async () => {
    const { client } = await playText('C: VER 1 MSNP12 CVR0\nS: VER 1 MSNP18\n')
    expect(client.states).toEqual(['connecting', 'refused'])
  })

  it('goes to the notification server that the dispatch server names', async () => {
    const { client, server } = await playText(
      [
        'C: VER 1 MSNP7 CVR0',
        'S: VER 1 MSNP7',
        'C: INF 2',
        'S: INF 2 MD5',
        'C: USR 3 MD5 I juliet@example.com',
        'S: XFR 3 NS ns7.example.org:1999 0 192.0.2.1:1863',
        '@NS2',
        'C: VER 1 MSNP7 CVR0',
        'S: VER 1 MSNP7',
        'C: INF 2',
        'S: 600 2',
      ].join('\n'),
      { dialects: [7], credential: password },
    )
    expect(server.dialled).toEqual(['NS msn.example.org:1863', 'NS ns7.example.org:1999'])
    expect(client.states).toEqual(['connecting', 'reconnecting'])
  })

  it('does not follow dispatch servers in a circle', async () => {
    const hop = (n: number) =>
      `@NS${n}\nC: VER 1 MSNP7 CVR0\nS: VER 1 MSNP7\nC: INF 2\nS: INF 2 MD5\nC: USR {}\nS: XFR 3 NS ns.example.org:1863 0 x\n`
    const { client, server } = await playText([1, 2, 3, 4, 5, 6].map(hop).join(''), { dialects: [7], credential: password })
    expect(server.dialled).toHaveLength(6)
    expect(client.states).toEqual(['connecting', 'reconnecting'])
  })

  it('takes the list for whole when the server counted wrong and falls silent for 5 s', async () => {
    const wrong = (await transcript('sign-in-msnp12')).replace(' 2 1\n', ' 7 1\n')
    const { client } = await playText(wrong, { credential: password }, undefined, async (early) => {
      await early.client.timers.pass(4999)
      expect(early.client.states).toEqual(['connecting'])
      await early.client.timers.pass(1)
    })
    expect(client.states).toEqual(['connecting', 'online'])
    expect(client.contacts).toEqual([romeo, tybalt])
  })
})

describe('offers', () => {
  it('never mixes dialects that sign in in different ways', () => {
    expect(offers([7, 12, 2, 15, 12, 8, 18])).toEqual([
      [18, 15],
      [12, 8],
      [7, 2],
    ])
    expect(offers([3])).toEqual([[3]])
  })
})
