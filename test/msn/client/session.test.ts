import type { Duplex } from 'node:stream'
import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Secret } from '../../../src/core/secret.ts'
import { newAnswer, productKey } from '../../../src/msn/model/challenge.ts'
import { FakeWeb } from '../../support/fake-web.ts'
import { settled } from '../../support/manual-timers.ts'
import { clientAt } from '../../support/msn-client.ts'
import { password, play, playText, transcript, transcriptUntil } from '../../support/play.ts'

const opening = await transcriptUntil('displaced-msnp12', 'S: OUT')
const again = (ns: string) => opening.replace('C: VER', `@${ns}\nC: VER`)

describe('a session', () => {
  it('answers the challenge of the server', async () => {
    await play('challenge-msnp12')
  })

  it.each([
    [13, 'PROD0112J1LW7%NB'],
    [18, 'PROD0119GSJUC$18'],
  ])('answers it as a program of the time of MSNP%i', async (dialect, id) => {
    const web = new FakeWeb()
    web.ownName = undefined
    const challenge = '22210219642164014968'
    const start = await transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
    const text = `${start}S: CHL 0 ${challenge}\nC: QRY {n} ${id} {}\n{answer}\nS: QRY {n}\n`
    const { server } = await playText(text, { dialects: [dialect], credential: password, web })
    expect(server.remembered('answer')).toBe(newAnswer(challenge, { id, key: productKey(id) ?? '' }))
  })

  it('comes back after a while when the server is shutting down, and at once when it leads to another', async () => {
    const moved = `${opening}S: XFR 0 NS 0\nC!\n${again('NS2')}S: OUT SSD\nS!\n${again('NS3')}`
    const { client } = await playText(moved, {}, async ({ client }) => {
      await client.timers.pass(0)
      await client.until(() => client.reasons.at(-1) === 'msn.server-closing')
      await client.timers.pass(1000)
    })
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting', 'online', 'reconnecting', 'online'])
  })

  it('does not fight when the account signs in elsewhere', async () => {
    const { client } = await play('displaced-msnp12')
    expect(client.states).toEqual(['connecting', 'online', 'displaced'])
    expect(client.reasons.at(-1)).toBe('msn.displaced')
    expect(client.timers.waiting).toBe(0)
  })

  it('stops when there are terms to accept first', async () => {
    const { client } = await playText(`${opening}S: OUT TOU\nS!\n`)
    expect(client.states.at(-1)).toBe('refused')
  })

  it('comes back at once when the account moved', async () => {
    const { client } = await playText(`${opening}S: OUT MIG\nS!\n${again('NS2')}`, {}, ({ client }) => client.timers.pass(0))
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting', 'online'])
  })

  it('waits as many minutes as the server asks for', async () => {
    const { client } = await playText(`${opening}S: OUT RCT 3\nS!\n${again('NS2')}`, {}, async ({ client, server }) => {
      await client.timers.pass(3 * 60_000 - 1)
      expect(server.dialled).toHaveLength(1)
      await client.timers.pass(1)
    })
    expect(client.states.at(-1)).toBe('online')
  })

  it('waits longer after each try, and begins anew after a connection that held', async () => {
    const text = `${opening}S!\n@NS2\nS!\nC: VER {}\n@NS3\nS!\nC: VER {}\n${again('NS4')}`
    const { client } = await playText(text, {}, async ({ client }) => {
      await client.timers.pass(0)
      for (const wait of [1000, 2000, 4000]) {
        expect(client.timers.next).toBe(wait)
        await client.timers.pass(wait)
      }
    })
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting', 'online'])
  })

  it('goes on trying when nobody can be reached', async () => {
    const { client } = await playText('', {
      dial: () => Promise.reject(new Error('ECONNREFUSED')),
    })
    await client.timers.pass(60_000)
    expect(client.states).toEqual(['connecting', 'reconnecting'])
    expect(client.timers.waiting).toBe(1)
    await client.session.close()
    expect(client.states.at(-1)).toBe('offline')
    expect(client.timers.waiting).toBe(0)
  })

  it('notices after two pings without an answer that the server is dead', async () => {
    const { client } = await playText(`${opening}C: PNG\nC: PNG\nC!\n`, {}, async ({ client }) => {
      await client.timers.pass(45_000)
      await client.timers.pass(45_000)
      expect(client.session.state).toBe('online')
      await client.timers.pass(45_000)
    })
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting'])
  })

  it('pings at the pace that the server asks for', async () => {
    await playText(`${opening}C: PNG\nS: QNG 30\nC: PNG\nS: QNG 30\nC: PNG\n`, {}, async ({ client }) => {
      await client.timers.pass(45_000)
      // The answer came after the next ping was set.
      await client.timers.pass(45_000)
      await client.timers.pass(30_000)
    })
  })

  it('shows nobody as present once the connection is gone', async () => {
    const { client } = await playText(`${await transcript('sign-in-msnp12')}S!\n`, { credential: password })
    expect(client.presences.at(-1)).toMatchObject({ account: 'romeo@example.com', status: 'offline' })
  })

  it('closes the connection on a payload that no server sends, and comes back', async () => {
    const { client } = await playText(`${opening}S: NOT {}\n${'x'.repeat(70_000)}\nC!\n`)
    expect(client.states).toEqual(['connecting', 'online', 'reconnecting'])
  })

  it('signs out when it is closed, and takes nothing to send any more', async () => {
    const { client } = await playText(`${opening}C: OUT\nC!\n`, {}, ({ client }) => client.session.close())
    expect(client.states).toEqual(['connecting', 'online', 'offline'])
    await expect(client.session.send('romeo@example.com', Buffer.from('hi'))).rejects.toMatchObject({ code: 'not-signed-in' })
    expect(client.timers.waiting).toBe(0)
  })

  it('survives whatever the server says, or ends the connection', async () => {
    const verb = fc.constantFrom(
      'RNG',
      'XFR 0',
      'CHL 0',
      'LST',
      'BPR',
      'ADC 0',
      'REM 0',
      'NLN',
      'ILN 6',
      'FLN',
      'UBX x',
      'OUT',
      'QNG',
      '911 6',
      'ABC',
    )
    const word = fc.oneof(
      fc.stringMatching(/^[!-z]{0,12}$/),
      fc.constantFrom('FL', 'N=romeo@example.com', 'NS', '1', '%', '%F0%9F', 'a:99999', 'CKI', 'SB', ':1', '__proto__'),
    )
    const line = fc.tuple(verb, fc.array(word, { maxLength: 7 })).map(([start, words]) => [start, ...words].join(' ').trim())
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const raw = lines.map((text) => `${text}\r\n`).join('')
        const { client } = await playText(opening, {}, ({ server }) => server.interrupt(raw))
        await settled()
        expect(client.states.slice(0, 2)).toEqual(['connecting', 'online'])
        expect(['online', 'reconnecting', 'displaced', 'refused']).toContain(client.session.state)
        await client.session.close()
        await settled()
        expect(client.timers.waiting).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('survives whatever a server of MSNP18 says, or ends the connection', async () => {
    const start = await transcriptUntil('chat-msnp18', 'C: XFR')
    const payloads = [
      '<ml><d n="example.com"><c n="romeo" l="8" t="1"/></d></ml>',
      '<Data><PSM>x</PSM></Data>',
      'Content-Type: text/x-msmsgsoimnotification\r\n\r\nMail-Data: <MD><M><E>a@b</E><I>1</I></M></MD>\r\n',
      'gtfo!',
      'ABCHInternal',
    ]
    const verb = fc.constantFrom('ADL 0', 'RML 0', 'NOT', 'UBX', 'UBN', 'UBM', 'MSG', 'NFY', 'SDG 0', 'GCF 0', 'PUT 4', '241 4')
    const word = fc.oneof(
      fc.stringMatching(/^[!-z]{0,12}$/),
      fc.constantFrom('1:romeo@example.com', 'juliet@example.com', '4', '6'),
    )
    const payload = fc.oneof(
      fc.constantFrom(...payloads).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 60 }),
    )
    const command = fc.tuple(verb, fc.array(word, { maxLength: 5 }), payload)
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 8 }), async (commands) => {
        const web = new FakeWeb()
        web.ownName = undefined
        const raw = commands.map(([name, words, bytes]) => {
          return `${[name, ...words, bytes.length].join(' ')}\r\n${Buffer.from(bytes).toString('latin1')}`
        })
        const options = { dialects: [18], credential: password, web }
        const { client } = await playText(start, options, ({ server }) => server.interrupt(raw.join('')))
        await client.timers.pass(5000)
        expect(client.states.slice(0, 2)).toEqual(['connecting', 'online'])
        await client.session.close()
        await settled()
        expect(client.timers.waiting).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('can be closed while it signs in', async () => {
    const { client } = await playText('C: VER {}\nC: OUT\nC!\n', {}, undefined, async ({ client }) => {
      await settled()
      await client.session.close()
    })
    expect(client.states).toEqual(['connecting', 'offline'])
  })

  it('can be closed while nobody answers its dial, and does not take who comes later', async () => {
    const answer = Promise.withResolvers<Duplex>()
    const client = clientAt({ dial: () => answer.promise })
    const connecting = client.session.connect()
    await settled()
    await client.session.close()
    expect(await connecting).toBe('offline')
    const [late] = duplexPair()
    answer.resolve(late)
    await settled()
    expect(late.destroyed).toBe(true)
    expect(client.timers.waiting).toBe(0)
  })

  it('waits 30 s for an answer to its dial', async () => {
    const client = clientAt({ dial: () => new Promise(() => {}) })
    void client.session.connect()
    await client.timers.pass(29_999)
    expect(client.states).toEqual(['connecting'])
    await client.timers.pass(1)
    expect(client.states).toEqual(['connecting', 'reconnecting'])
    await client.session.close()
  })

  it('can be closed while its ticket is made', async () => {
    const ticket = () => new Promise<Secret>(() => {})
    const text = 'C: VER {}\nS: VER 1 MSNP12\nC: CVR {}\nS: CVR 2 x\nC: USR {}\nS: USR 3 TWN S x\nC: OUT\nC!\n'
    const { client } = await playText(text, { credential: { kind: 'ticket', ticket } }, undefined, async ({ client }) => {
      await settled()
      await client.session.close()
    })
    expect(client.states).toEqual(['connecting', 'offline'])
  })

  it('does not hurry back a second time in a row', async () => {
    const moved = (ns: string) => `${again(ns)}S: OUT MIG\nS!\n`
    const { client } = await playText(moved('NS') + moved('NS2'), {}, ({ client }) => client.timers.pass(0))
    expect(client.states.at(-1)).toBe('reconnecting')
    expect(client.timers.next).toBe(1000)
  })

  it('changes its status, and remembers one that was set before', async () => {
    const text = opening.replaceAll('CHG 6 NLN', 'CHG 6 BSY')
    await playText(
      `${text}C: CHG 7 HDN 1073741856\nS: CHG 7 HDN 1073741856\n`,
      {},
      ({ client }) => client.session.setStatus('offline'),
      ({ client }) => client.session.setStatus('busy'),
    )
  })

  it('tells its name to a server that has another', async () => {
    await playText(
      opening.replace('C: CHG 6', 'C: PRP 6 MFN Julia\nS: PRP 6 MFN Julia\nC: CHG 7').replace('S: CHG 6', 'S: CHG 7'),
      {
        name: 'Julia',
      },
    )
  })

  it('is online also when the server does not take its name', async () => {
    const text = opening.replace('C: CHG 6', 'C: PRP 6 MFN Julia\nS: 209 6\nC: CHG 7').replace('S: CHG 6', 'S: CHG 7')
    const { client } = await playText(text, { name: 'Julia' })
    expect(client.states).toEqual(['connecting', 'online'])
  })

  it('adds a contact: on the list, allowed, and answered when they wait for that', async () => {
    const guid = 'c1f9a363-4ee9-4a33-a434-b056a4c55b98'
    const text = `${opening.replace('{settings} 0 0', '{settings} 1 0').replace('C: CHG', 'S: LST N=romeo@example.com F=Romeo 16 1\nC: CHG')}C: ADC 7 FL N=romeo@example.com F={}
S: ADC 7 FL N=romeo@example.com F=Romeo%20M C=${guid}
S: ILN 7 NLN romeo@example.com Romeo%20M 0
C: ADC 8 AL N=romeo@example.com
S: ADC 8 AL N=romeo@example.com
C: ADC 9 RL N=romeo@example.com
S: 215 9
C: REM 10 PL romeo@example.com
S: REM 10 PL romeo@example.com
C: REM 11 AL romeo@example.com
S: REM 11 AL romeo@example.com
C: ADC 12 BL N=romeo@example.com
S: ADC 12 BL N=romeo@example.com
S: ADC 0 RL N=tybalt@example.net F=Tybalt
`
    const { client } = await playText(text, {}, async ({ client: { session } }) => {
      await session.addContact('romeo@example.com')
      await session.block('romeo@example.com')
    })
    expect(client.contacts).toEqual([
      { account: 'romeo@example.com', name: 'Romeo M', lists: ['forward', 'block', 'reverse'], groups: [] },
      { account: 'tybalt@example.net', name: 'Tybalt', lists: ['reverse', 'pending'], groups: [] },
    ])
    expect(client.presences).toMatchObject([{ account: 'romeo@example.com', status: 'online' }])
  })
})
