import { describe, expect, it } from 'vitest'
import { plainText, wordsOf } from '../../../src/core/content.ts'
import type { IncomingMessage } from '../../../src/msn/client/session.ts'
import { readContent, writeContent } from '../../../src/msn/content.ts'
import { FakeWeb } from '../../support/fake-web.ts'
import { settled } from '../../support/manual-timers.ts'
import { password, play, playText, transcriptUntil } from '../../support/play.ts'

function written(text: string): Uint8Array {
  const [payload] = writeContent(plainText(text), 'en')
  if (!payload) throw new Error('nothing to say')
  return payload
}

function wordsIn(message: IncomingMessage | undefined): string | undefined {
  const content = message && readContent(message.message)
  return content?.kind === 'text' ? wordsOf(content) : undefined
}

const opening = await transcriptUntil('offline-msnp12', 'C: XFR')
const board = `C: XFR {x} SB
S: XFR {x} SB sb.example.org:1864 CKI ticket
@SB
C: USR 1 juliet@example.com ticket
S: USR 1 OK juliet@example.com Juliet
C: CAL 2 romeo@example.com
S: CAL 2 RINGING 11
S: JOI romeo@example.com Romeo 0
`
const said = (from: string, text: string, receipt = '') =>
  `S: MSG ${from} Name ${receipt}{}\nContent-Type: text/plain; charset=UTF-8\n\n${text}\n`

describe('a chat', () => {
  it('opens a switchboard, waits for each acknowledgement and hears the answer', async () => {
    const { client, server } = await play('chat-msnp12', {}, async ({ client: { session } }) => {
      await Promise.all([
        session.send('romeo@example.com', written('O Romeo, Romeo!')),
        session.send('Romeo@Example.com', written('Wherefore art')),
      ])
    })
    expect(server.dialled).toEqual(['NS msn.example.org:1863', 'SB sb.example.org:1864'])
    expect(client.typing).toEqual(['romeo@example.com'])
    expect(client.messages).toMatchObject([
      {
        peer: 'romeo@example.com',
        from: 'romeo@example.com',
        fromName: 'Romeo',
        participants: ['romeo@example.com'],
        receivedAt: 0,
      },
    ])
    expect(wordsIn(client.messages[0])).toBe('Shall I hear more, or …')
  })

  for (let dialect = 13; dialect <= 18; dialect++) {
    it(`opens a switchboard, is acknowledged and hears the answer in MSNP${dialect}`, async () => {
      const web = new FakeWeb()
      web.ownName = undefined
      const options = { dialects: [dialect], credential: password, web }
      const { client } = await play(`chat-msnp${dialect}`, options, async ({ client: { session } }) => {
        expect(await session.send('romeo@example.com', written('O Romeo, Romeo!'))).toBe('said')
      })
      expect(client.typing).toEqual(['romeo@example.com'])
      const [answer] = client.messages
      expect(answer).toMatchObject({ peer: 'romeo@example.com', from: 'romeo@example.com', participants: ['romeo@example.com'] })
      expect(answer).not.toHaveProperty('own')
      expect(wordsIn(answer)).toBe('Shall I hear more, or …')
    })
  }

  it('comes when it is called, and answers on the same board', async () => {
    const { client } = await play('ring-msnp12', {}, async ({ client }) => {
      await client.until(() => client.messages.length === 1)
      await client.session.send('romeo@example.com', written('by whose direction?'))
    })
    expect(wordsIn(client.messages[0])).toBe('She speaks: 你好')
  })

  it('says so when the server could not deliver', async () => {
    await play('not-delivered-msnp12', {}, async ({ client }) => {
      await expect(client.session.send('romeo@example.com', written('hi'))).rejects.toMatchObject({ code: 'not-delivered' })
    })
  })

  it('says so when the contact is offline, and leaves the board', async () => {
    await play('offline-msnp12', {}, async ({ client }) => {
      await expect(client.session.send('romeo@example.com', written('hi'))).rejects.toMatchObject({
        code: 'contact-offline',
        number: 217,
        sent: false,
      })
    })
  })

  it('takes a contact who was called and does not come within 30 s for offline', async () => {
    const text = `${opening}${board.replace(/S: JOI.*\n/, '')}C: OUT\nC!\n`
    await playText(text, {}, async ({ client }) => {
      const sending = client.session.send('romeo@example.com', written('hi'))
      const failed = expect(sending).rejects.toMatchObject({ code: 'contact-offline' })
      await client.timers.pass(30_000)
      await failed
    })
  })

  it('takes a contact for offline, and nothing worse, where the server says nothing at all to the call', async () => {
    const text = `${opening}${board.split('S: CAL')[0]}`
    await playText(text, {}, async ({ client }) => {
      const sending = client.session.send('romeo@example.com', written('hi'))
      const failed = expect(sending).rejects.toMatchObject({ code: 'contact-offline' })
      await client.timers.pass(30_000)
      await failed
    })
  })

  it('tells a broken connection after the message was written from one before', async () => {
    const text = `${opening}${board}C: MSG 3 A {}\n{text}\nS!\n@NS\nC: XFR {y} SB\nS: XFR {y} SB sb2.example.org:1864 CKI t2\n@SB2\nS!\nC: USR {}\n`
    await playText(text, {}, async ({ client }) => {
      const { session } = client
      await expect(session.send('romeo@example.com', written('hi'))).rejects.toMatchObject({
        code: 'connection-lost',
        sent: true,
      })
      await expect(session.send('romeo@example.com', written('hi'))).rejects.toMatchObject({ code: 'connection-lost' })
    })
  })

  it('gives a message up after 30 s without acknowledgement, as one that may have arrived', async () => {
    await playText(`${opening}${board}C: MSG 3 A {}\n{text}\nC!\n`, {}, async ({ client }) => {
      const sending = client.session.send('romeo@example.com', written('hi'))
      const failed = expect(sending).rejects.toMatchObject({ code: 'connection-lost', sent: true })
      await settled()
      await client.timers.pass(30_000)
      await failed
    })
  })

  it('leaves a server alone for a while that wants it slower, and tries again', async () => {
    const text = `${opening}C: XFR 7 SB\nS: 800 7\n${board.replace('C: CAL 2 romeo@example.com', 'C: CAL 2 romeo@example.com\nS: 713 2\nC: CAL 3 romeo@example.com').replace('S: CAL 2', 'S: CAL 3')}C: MSG 4 A {}\n{text}\nS: ACK 4\n`
    await playText(text, {}, async ({ client }) => {
      const sending = client.session.send('romeo@example.com', written('hi'))
      await client.timers.pass(7599)
      await client.timers.pass(1)
      await client.timers.pass(7600)
      expect(await sending).toBe('said')
    })
  })

  it('says so when the server goes on wanting it slower', async () => {
    await playText(`${opening}C: XFR 7 SB\nS: 800 7\nC: XFR 8 SB\nS: 280 8\nC: XFR 9 SB\nS: 281 9\n`, {}, async ({ client }) => {
      const sending = client.session.send('romeo@example.com', written('hi'))
      const failed = expect(sending).rejects.toMatchObject({ code: 'throttled' })
      await client.timers.pass(2 * 7600)
      await failed
    })
  })

  it('refuses an address that is none, without a word to the server', async () => {
    await playText(opening, {}, async ({ client }) => {
      for (const to of ['romeo', 'ro meo@example.com', 'romeo@example.com\r\nOUT', `${'r'.repeat(130)}@example.com`])
        await expect(client.session.send(to, written('hi'))).rejects.toMatchObject({ code: 'contact-offline' })
    })
  })

  it('calls again on the same board when the contact has left it', async () => {
    const text = `${opening}${board}C: MSG 3 A {}
{one}
S: ACK 3
S: BYE romeo@example.com 1
C: CAL 4 romeo@example.com
S: CAL 4 RINGING 11
S: JOI romeo@example.com Romeo 0
C: MSG 5 A {}
{two}
S: ACK 5
`
    const { server } = await playText(text, {}, async ({ client }) => {
      await client.session.send('romeo@example.com', written('one'))
      await settled()
      await client.session.send('romeo@example.com', written('two'))
    })
    expect(server.dialled).toHaveLength(2)
  })

  it('reports what is said among three with everybody who hears it, and does not answer one of them there', async () => {
    const text = `${opening}${board}C: MSG 3 A {}
{one}
S: ACK 3
S: JOI mercutio@example.net Mercutio 0
${said('mercutio@example.net', 'a plague')}S: BYE mercutio@example.net
${said('romeo@example.com', 'still among three')}@NS
${board.replaceAll('{x}', '{y}').replace('@SB', '@SB2')}C: MSG 3 A {}
{two}
S: ACK 3
`
    const { client } = await playText(text, {}, async ({ client }) => {
      await client.session.send('romeo@example.com', written('one'))
      await client.until(() => client.messages.length === 2)
      await client.session.send('romeo@example.com', written('two'))
    })
    expect(client.messages).toMatchObject([
      { from: 'mercutio@example.net', participants: ['romeo@example.com', 'mercutio@example.net'] },
      { from: 'romeo@example.com', participants: ['romeo@example.com'] },
    ])
    expect(client.messages.map((message) => message.peer)).toEqual([undefined, undefined])
  })

  it('calls a contact as the server spells them, and tells of them in small letters', async () => {
    const list = 'S: LST N=Romeo@Example.com F=Romeo C=c1f9a363-4ee9-4a33-a434-b056a4c55b98 3 1'
    const text = `${opening.replace('{settings} 0 0', '{settings} 1 0').replace('C: CHG', `${list}\nC: CHG`)}${board.replaceAll('romeo@example.com', 'Romeo@Example.com')}C: MSG 3 A {}
{text}
S: ACK 3
${said('ROMEO@example.com', 'one')}`
    const { client } = await playText(text, {}, ({ client }) => client.session.send('romeo@example.com', written('hi')))
    expect(client.contacts).toMatchObject([{ account: 'romeo@example.com' }])
    expect(client.messages).toMatchObject([
      { peer: 'romeo@example.com', from: 'romeo@example.com', participants: ['romeo@example.com'] },
    ])
  })

  it('leaves a board on which nothing was said for a while', async () => {
    await playText(`${opening}${board}C: MSG 3 A {}\n{text}\nS: ACK 3\nC: OUT\nC!\n`, {}, async ({ client }) => {
      await client.session.send('romeo@example.com', written('hi'))
      for (let minute = 0; minute < 9; minute++) await client.timers.pass(60_000)
      expect(client.session.state).toBe('online')
      await client.timers.pass(60_000)
    })
  })

  it('hears the messages of a board one after the other, however long each takes to store', async () => {
    const order: string[] = []
    let free: () => void = () => {}
    const slow = new Promise<void>((resolve) => {
      free = resolve
    })
    const onMessage = async (message: IncomingMessage) => {
      const words = wordsIn(message) ?? ''
      order.push(`${words} comes`)
      if (words === 'one') await slow
      order.push(`${words} is safe`)
    }
    const text = `${opening}${board}C: MSG 3 A {}
{text}
S: ACK 3
${said('romeo@example.com', 'one')}${said('romeo@example.com', 'two')}`
    await playText(text, { onMessage }, async ({ client }) => {
      await client.session.send('romeo@example.com', written('hi'))
    })
    expect(order).toEqual(['one comes'])
    free()
    await settled()
    expect(order).toEqual(['one comes', 'one is safe', 'two comes', 'two is safe'])
  })
})

describe('what became of a message that was heard', () => {
  const text = `${opening}${board}C: MSG 3 A {}
{text}
S: ACK 3
${said('romeo@example.com', 'one', '41 ')}`

  it('is told our own server: stored', async () => {
    await playText(`${text}C: STO 41\n`, { hosted: true }, ({ client }) =>
      client.session.send('romeo@example.com', written('hi')),
    )
  })

  it('is told our own server: not stored', async () => {
    const onMessage = () => Promise.reject(new Error('no Redis'))
    await playText(`${text}C: NST 41\n`, { hosted: true, onMessage }, ({ client }) =>
      client.session.send('romeo@example.com', written('hi')),
    )
  })

  it('is nothing that a server out there asks for: storing is tried again, in order', async () => {
    const tries: string[] = []
    const onMessage = async (message: IncomingMessage) => {
      tries.push(wordsIn(message) ?? '')
      if (tries.length < 3) throw new Error('no Redis')
    }
    const { client } = await playText(
      text.replace('41 ', '') + said('romeo@example.com', 'two'),
      { onMessage },
      ({ client: { session } }) => session.send('romeo@example.com', written('hi')),
    )
    await client.timers.pass(500)
    await client.timers.pass(1000)
    expect(tries).toEqual(['one', 'one', 'one', 'two'])
  })
})
