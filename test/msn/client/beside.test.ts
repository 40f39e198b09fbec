// What goes past the boards, by the notification server: messages, and its wish to hear again what it was told.

import { describe, expect, it } from 'vitest'
import { FakeWeb, veronese } from '../../support/fake-web.ts'
import { heard } from '../../support/msn-client.ts'
import { password, playText, transcript } from '../../support/play.ts'

const opening = (await transcript('sign-in-msnp18')).split('S: NLN NLN 1:juliet')[0] ?? ''
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
