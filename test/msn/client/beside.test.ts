// What goes past the boards, by the notification server: messages, and its wish to hear again what it was told.

import { describe, expect, it } from 'vitest'
import { FakeWeb, veronese } from '../../support/fake-web.ts'
import { heard, says } from '../../support/msn-client.ts'
import { password, playText, transcriptUntil } from '../../support/play.ts'

const opening = await transcriptUntil('sign-in-msnp18', 'S: NLN NLN 1:juliet')
const options = () => ({ dialects: [18], credential: password, web: new FakeWeb(veronese) })
const text = (words: string) => `MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\n${words}\n`

describe('somebody who writes past the boards', () => {
  it.each([
    'nurse@yahoo.example 32 juliet@example.com 1 1',
    'nurse@yahoo.example 32 juliet@example.com 1',
    '32:nurse@yahoo.example 1:juliet@example.com 1',
    'nurse@yahoo.example 32 1',
  ])('is heard as on a board of two (%s)', async (head) => {
    const { client } = await playText(`${opening}S: UBM ${head} {}\n${text('Madam!')}`, options())
    expect(heard(client)).toEqual(['Madam!'])
    expect(client.messages[0]).toMatchObject({
      ...{ peer: 'nurse@yahoo.example', from: 'nurse@yahoo.example', fromName: 'nurse@yahoo.example' },
      participants: ['nurse@yahoo.example'],
    })
  })

  it('has the name of our list, types and nudges', async () => {
    const from = 'romeo@example.com 1 juliet@example.com 1'
    const typing = 'Content-Type: text/x-msmsgscontrol\nTypingUser: romeo@example.com\n\n\n'
    const nudge = 'Content-Type: text/x-msnmsgr-datacast\n\nID: 1\n\n'
    const said = `S: UBM ${from} 2 {}\n${typing}S: UBM ${from} 3 {}\n${nudge}`
    const { client } = await playText(`${opening}${said}`, options())
    expect(client.typing).toEqual(['romeo@example.com'])
    expect(heard(client)).toEqual(['nudge'])
    expect(client.messages[0]).toMatchObject({ fromName: 'Romeo' })
  })

  it('may be ourselves, at another place', async () => {
    const said = (rest: string) => `S: UBM juliet@example.com 1 ${rest} {}\n${text('anon')}`
    const { client } = await playText(`${opening}${said('nurse@yahoo.example 32 1')}${said('1')}`, options())
    expect(client.messages).toMatchObject([{ own: true, peer: 'nurse@yahoo.example', from: 'juliet@example.com' }])
  })

  it('is not lost while the store is down, and passed over when nothing can be made of it', async () => {
    const stored: string[] = []
    let tries = 0
    const onMessage = async ({ peer = '' }) => {
      if (++tries < 3) throw new Error('no Redis')
      stored.push(peer)
    }
    const said = `S: UBM nobody 32 1 {}\n${text('x')}S: UBM nurse@yahoo.example 32 1 {}\n${text('Madam!')}`
    await playText(`${opening}${said}`, { ...options(), onMessage }, async ({ client }) => {
      await client.timers.pass(2000)
    })
    expect(stored).toEqual(['nurse@yahoo.example'])
  })

  it('is not heard any more when too much waits to be stored', async () => {
    const flood = Array.from({ length: 100 }, () => `S: UBM nurse@yahoo.example 32 1 {}\n${text('x')}`).join('')
    let tries = 0
    const onMessage = async () => {
      tries++
      if (tries === 1) throw new Error('no Redis')
    }
    await playText(`${opening}${flood}`, { ...options(), onMessage }, ({ client }) => client.timers.pass(1000))
    expect(tries).toBe(1 + 65)
  })
})

describe('a server that has forgotten', () => {
  const list = `C: ADL 11 120
<ml l="1"><d n="example.com"><c n="romeo" l="3" t="1"></c></d><d n="example.net"><c n="tybalt" l="4" t="1"></c></d></ml>
S: ADL 11 OK
`
  const looks = (first: number) => `C: UUX ${first} {}
<EndpointData><Capabilities>1073741856:0</Capabilities></EndpointData>
S: UUX ${first} 0
C: UUX ${first + 1} {}
<PrivateEndpointData><EpName>Nudge</EpName><Idle>false</Idle><ClientType>1</ClientType><State>NLN</State></PrivateEndpointData>
S: UUX ${first + 1} 0
`

  it('is told the list again', async () => {
    await playText(`${opening}S: RFS 1\n${list}`, options())
  })

  it('is told again how we are seen', async () => {
    await playText(`${opening}S: RFS 2\n${looks(11)}`, options())
  })

  it('is told both', async () => {
    const both = `S: RFS 3\n${list.replace(/S: ADL.*\n/, '')}${looks(12).replace(/(S: UUX 12 0)/, 'S: ADL 11 OK\n$1')}`
    const { client } = await playText(`${opening}${both}`, options())
    expect(client.session.state).toBe('online')
  })

  it('may refuse it, or say something else, and we stay', async () => {
    const { client } = await playText(`${opening}S: RFS 1\n${list.replace('ADL 11 OK', '241 11')}S: RFS x\nS: RFS\n`, options())
    expect(client.session.state).toBe('online')
  })
})

describe('a server that changes our status', () => {
  const place = (trId: number, status: string) => `C: UUX ${trId} {}
<PrivateEndpointData><EpName>Nudge</EpName><Idle>false</Idle><ClientType>1</ClientType><State>${status}</State></PrivateEndpointData>
S: UUX ${trId} 0
`

  it('is believed, and our other places hear of it', async () => {
    await playText(`${opening}S: CHG 0 HDN\n${place(11, 'HDN')}S: CHG 0 nothing\n`, options())
  })

  it('is believed though the user had asked for another one', async () => {
    const asked = `C: CHG 11 BSY 1073741856:0\nS: CHG 11 BSY 1073741856:0\n${place(12, 'BSY')}`
    await playText(`${opening}${asked}S: CHG 0 IDL\n${place(13, 'IDL')}`, options(), ({ client }) =>
      client.session.setStatus('busy'),
    )
  })
})

describe('a contact of another network', () => {
  const anne = { handle: 'anne@yahoo.example', name: 'Anne', lists: 3, guid: 'a', groups: [], properties: {}, network: 32 }
  const listing = (verb: string, name: string, bits: number, network: number) =>
    `${verb} {}\n<ml><d n="yahoo.example"><c n="${name}" l="${bits}" t="${network}"></c></d></ml>\n`
  const begun = async (dialect: number) => {
    const text = await transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
    return text.replace(/(C: ADL \d+ ).*\n.*\n/, `$1{}\n<ml l="1"><d n="yahoo.example"><c n="anne" l="3" t="32"></c></d></ml>\n`)
  }
  const withAnne = (dialect: number) => {
    const web = new FakeWeb([anne])
    web.ownName = undefined
    return { dialects: [dialect], credential: password, web }
  }

  it.each([
    [14, 8],
    [18, 10],
  ])('is told to the server as such, seen, and written to without a board (%i)', async (dialect, trId) => {
    const who = dialect === 18 ? '32:anne@yahoo.example' : 'anne@yahoo.example 32'
    const text = `${await begun(dialect)}S: NLN NLN ${who} Anne 0
C: UUM ${trId} anne@yahoo.example 32 1 {}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

hi
C: PNG
S: QNG 60
C: UUM ${trId + 1} anne@yahoo.example 32 2 {}
{mime}
C: PNG
S: QNG 60
`
    const { client } = await playText(text, withAnne(dialect), async ({ client }) => {
      await client.until(() => client.presences.length === 1)
      expect(await says(client, 'anne@yahoo.example', 'hi')).toBe('said')
      client.session.typing('anne@yahoo.example')
    })
    expect(client.presences).toMatchObject([{ account: 'anne@yahoo.example', status: 'online' }])
    expect(client.contacts).toMatchObject([{ account: 'anne@yahoo.example', lists: ['forward', 'allow'] }])
  })

  it('cannot be reached by a server that refuses, nor in MSNP13, nor with a wink', async () => {
    const refused = `${await begun(18)}C: UUM 10 anne@yahoo.example 32 1 {}\n{mime}\nC: PNG\nS: 217 10\nS: QNG 60\n`
    await playText(refused, withAnne(18), async ({ client }) => {
      await expect(says(client, 'anne@yahoo.example', 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
      const wink = Buffer.from('Content-Type: application/x-msnmsgrp2p\r\n\r\n')
      await expect(client.session.send('anne@yahoo.example', wink)).rejects.toMatchObject({ code: 'contact-offline' })
    })
    await playText(await begun(13), withAnne(13), async ({ client }) => {
      await expect(says(client, 'anne@yahoo.example', 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
    })
  })

  it('is added on the network on which the server finds them, and leaves it as such', async () => {
    const both = (verb: string, trId: number, bits: number) =>
      `C: ${listing(`${verb} ${trId}`, 'nell', bits, 32)}S: ${verb} ${trId} OK\n`
    const asked = 'C: FQY 10 {}\n<ml><d n="yahoo.example"><c n="nell"></c></d></ml>\n'
    const found = 'S: FQY 10 {}\n<ml><d n="yahoo.example"><c n="nell" t="32" /></d></ml>\n'
    const changes = `${asked}${found}${both('ADL', 11, 1)}${both('ADL', 12, 2)}${both('RML', 13, 1)}`
    const options = withAnne(18)
    const { client } = await playText(`${await begun(18)}${changes}`, options, async ({ client }) => {
      await client.session.addContact('nell@yahoo.example')
      expect(client.contacts).toMatchObject([{}, { account: 'nell@yahoo.example', lists: ['forward', 'allow'] }])
      await client.session.removeContact('nell@yahoo.example')
    })
    expect(options.web.asked).toContain('add nell@yahoo.example 32')
    expect(client.contacts.at(-1)).toMatchObject({ account: 'nell@yahoo.example', lists: ['allow'] })
  })
})
