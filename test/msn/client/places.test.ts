// The account in several places at once, from MSNP16 on, and elsewhere before.

import { describe, expect, it } from 'vitest'
import { endpointOf } from '../../../src/msn/client/endpoint.ts'
import type { IncomingMessage } from '../../../src/msn/client/session.ts'
import { FakeWeb } from '../../support/fake-web.ts'
import { settled } from '../../support/manual-timers.ts'
import { heard, says } from '../../support/msn-client.ts'
import { password, playText, transcript, transcriptUntil } from '../../support/play.ts'

const opening = (dialect: number) => transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
const opening16 = await opening(16)
const opening18 = await opening(18)
const [one, two] = ['{6c1f0e0a-2222-4333-8444-0a0b0c0d0e0f}', '{7D1F0E0A-2222-4333-8444-0A0B0C0D0E0F}']
const said = (from: string, text: string) => `S: MSG ${from} Name {}\nContent-Type: text/plain; charset=UTF-8\n\n${text}\n`

/** The GUID of our own place. */
const ours = endpointOf('juliet@example.com', 'here')

function options(dialect: number) {
  const web = new FakeWeb()
  web.ownName = undefined
  return { dialects: [dialect], credential: password, web, installation: 'here' }
}

const told = ({ peer, own, from, participants }: IncomingMessage) => ({ peer, own, from, participants })

describe('what we say at another place', () => {
  const rung = `S: RNG 11 sb.example.org:1864 CKI ticket juliet@example.com Juliet U messenger.hotmail.com 1
@SB
C: ANS 1 juliet@example.com;{place} ticket 11
S: IRO 1 1 2 juliet@example.com;${one} Juliet 2788999228:48
S: IRO 1 2 2 juliet@example.com Juliet 2788999228:48
S: ANS 1 OK
S: JOI juliet@example.com Juliet 1073741856:0
`

  it('is told as our own, and whom we said it to: the other place called us in first', async () => {
    const text = `${opening16}${rung}S: JOI romeo@example.com;${one} Romeo 2788999228:48
S: JOI romeo@example.com Romeo 2788999228:48
${said('juliet@example.com', 'O Romeo')}${said('romeo@example.com', 'Juliet!')}`
    const { client } = await playText(text, options(16), ({ client }) => client.until(() => client.messages.length === 2))
    const romeo = 'romeo@example.com'
    expect(client.messages.map(told)).toEqual([
      { peer: romeo, own: true, from: 'juliet@example.com', participants: [romeo] },
      { peer: romeo, own: undefined, from: romeo, participants: [romeo] },
    ])
  })

  it('goes on on the board that all our places share', async () => {
    const text = `${opening16}${rung}S: JOI romeo@example.com Romeo 2788999228:48
${said('juliet@example.com', 'O Romeo')}C: MSG 2 A {}
{mime}
S: ACK 2
`
    const { server } = await playText(text, options(16), async ({ client }) => {
      await client.until(() => client.messages.length === 1)
      await says(client, 'romeo@example.com', 'from here')
    })
    expect(server.dialled).toHaveLength(2)
  })

  it('is told on a board of ours as well, also when the contact left before it came', async () => {
    const board = await transcriptUntil('chat-msnp18', 'C: MSG')
    const text = `${board}C: MSG 3 A {}
{mime}
S: ACK 3
S: BYE romeo@example.com;${one}
S: BYE romeo@example.com
${said('juliet@example.com', 'farewell')}`
    const { client } = await playText(text, options(18), ({ client }) => says(client, 'romeo@example.com', 'hi'))
    expect(client.messages.map(told)).toEqual([
      { peer: 'romeo@example.com', own: true, from: 'juliet@example.com', participants: [] },
    ])
  })

  it('is nothing when nobody was ever there to hear it, and neither is that we type there', async () => {
    const typing = 'S: MSG juliet@example.com Juliet {}\nContent-Type: text/x-msmsgscontrol\nTypingUser: juliet@example.com\n\n\n'
    const { client } = await playText(`${opening16}${rung}${said('juliet@example.com', 'anybody?')}${typing}`, options(16))
    expect(client.messages).toEqual([])
    expect(client.typing).toEqual([])
  })
})

describe('a contact in several places', () => {
  const joined = (guid: string) =>
    `S: JOI romeo@example.com;${guid} Romeo 2788999228:48\nS: JOI romeo@example.com Romeo 2788999228:48\n`
  const left = (guid: string) => `S: BYE romeo@example.com;${guid}\nS: BYE romeo@example.com\n`
  const called = (trId: number) => `C: CAL ${trId} romeo@example.com\nS: CAL ${trId} RINGING 11\n`
  const entered = `C: XFR 10 SB
S: XFR 10 SB sb.example.org:1864 CKI t U messenger.msn.com 1
@SB
C: USR 1 juliet@example.com;{place} t
S: USR 1 OK juliet@example.com Juliet
`

  it('is one, and no chat of several', async () => {
    const text = `${opening16}${entered}${called(2)}${joined(one)}${joined(two)}C: MSG 3 A {}\n{mime}\nS: ACK 3\n${said('romeo@example.com', 'hi')}`
    const { client } = await playText(text, options(16), ({ client }) => says(client, 'romeo@example.com', 'hi'))
    expect(client.messages.map(told)).toEqual([
      { peer: 'romeo@example.com', own: undefined, from: 'romeo@example.com', participants: ['romeo@example.com'] },
    ])
  })

  it('is gone only when they left with the last of them', async () => {
    const text = `${opening16}${entered}${called(2)}${joined(one)}${joined(two)}C: MSG 3 A {}
{first}
S: ACK 3
${left(one)}C: MSG 4 A {}
{second}
S: ACK 4
${left(two.toLowerCase())}${called(5)}${joined(one)}C: MSG 6 A {}
{third}
S: ACK 6
`
    await playText(text, options(16), async ({ client }) => {
      for (const word of ['one', 'two', 'three']) {
        await says(client, 'romeo@example.com', word)
        await settled()
      }
    })
  })
})

describe('another place of ours', () => {
  it('may end this one: then we do not come back by ourselves', async () => {
    for (const word of ['goawyplzthxbye', 'gtfo']) {
      const text = `${opening18}S: UBN juliet@example.com;${one} 4 ${word.length}\n${word}\nC: OUT\nC!\n`
      const { client } = await playText(text, options(18))
      expect(client.states).toEqual(['connecting', 'online', 'displaced'])
      expect(client.reasons.at(-1)).toBe('msn.displaced')
      expect(client.timers.waiting).toBe(0)
    }
  })

  it('is not obeyed when it is somebody else, nor in other words', async () => {
    const text = `${opening18}S: UBN romeo@example.com;${one} 4 4\ngtfo\nS: UBN juliet@example.com;${one} 4 5\nhello\n`
    const { client } = await playText(text, options(18))
    expect(client.session.state).toBe('online')
  })

  it('tells that the list changed, which is then read again', async () => {
    const chosen = options(18)
    const text = `${opening18}S: UBN juliet@example.com;${one} 6 {}\n<State><Service type="ab"/></State>\n`
    await playText(text, chosen, ({ client }) => client.timers.pass(2000))
    expect(chosen.web.asked.filter((what) => what === 'fetch')).toHaveLength(2)
  })

  it('is no contact, whatever is told of it', async () => {
    const text = `${opening18}S: NLN BSY 1:juliet@example.com Juliet 2788999228:48\nS: UBX 1:juliet@example.com {}\n<Data><PSM>hi</PSM></Data>\nS: FLN 1:juliet@example.com 0:0\n`
    expect((await playText(text, options(18))).client.presences).toEqual([])
  })

  it('hears of our status', async () => {
    const status = `C: CHG 10 BSY 1073741856:0
S: CHG 10 BSY 1073741856:0
C: UUX 11 {}
<PrivateEndpointData><EpName>Nudge</EpName><Idle>false</Idle><ClientType>1</ClientType><State>BSY</State></PrivateEndpointData>
S: UUX 11 0
`
    const text = opening18 + status
    await playText(text, options(18), ({ client }) => client.session.setStatus('busy'))
  })
})

describe('how we are seen when another place is signed in', () => {
  const shown = (status: string) => `C: CHG 9 ${status} 1073741856:0\nS: CHG 9 ${status} 1073741856:0\n`
  const state = (status: string) => `<ClientType>1</ClientType><State>${status}</State></PrivateEndpointData>`
  const ownPlaces = (...states: string[]) =>
    `<Data><PSM>at the balcony</PSM><CurrentMedia></CurrentMedia>${states.join('')}</Data>`
  const placed = (guid: string, status: string) =>
    `<PrivateEndpointData id="${guid}"><EpName>HOME</EpName>${status && `<State>${status}</State>`}</PrivateEndpointData>`
  /** The opening in which the server tells something else after the ticket was taken. */
  const hearing = (text: string, status: string, { early }: { early: string }) =>
    text
      .replace(/S: UBX .* 0\n/, early)
      .replace(/<ClientType>1.*/, state(status))
      .replace(/C: UUX 8 \d+/, 'C: UUX 8 {}')
      .replace(/C: CHG 9.*\nS: CHG 9.*\n/, shown(status))

  it('stays as it is, where the server tells of the other place when we sign in', async () => {
    const early = `S: NLN BSY 1:juliet@example.com Juliet 2788999228:48\nS: UBX 1:juliet@example.com {}\n${ownPlaces(placed(one, 'BSY'))}\n`
    await playText(hearing(opening18, 'BSY', { early }), options(18))
  })

  it('stays as it is, where the server tells of nothing but the place', async () => {
    const early = `S: UBX juliet@example.com 1 {}\n${ownPlaces(placed(one, ''), placed(two, 'HDN'))}\n`
    await playText(hearing(opening16, 'HDN', { early }), options(16))
  })

  it.each([16, 18])(
    'is put right, once, where the server tells only after we have shown ourselves, in MSNP%i',
    async (dialect) => {
      const who = dialect === 18 ? '1:juliet@example.com' : 'juliet@example.com 1'
      const told = (...places: string[]) => `S: UBX ${who} {}\n${ownPlaces(placed(ours, 'NLN'), ...places)}\n`
      const text = `${dialect === 18 ? opening18 : opening16}S: NLN NLN ${who} Juliet 1073741856:0 %3Cmsnobj%2F%3E
${told(placed(one, 'BSY'))}C: CHG 10 BSY 1073741856:0
S: CHG 10 BSY 1073741856:0
C: UUX 11 {}
{}
S: UUX 11 0
${told(placed(one, 'AWY'))}`
      await playText(text, options(dialect))
    },
  )

  it('is not put right when the user asked for a status in the meantime, or there is no other place', async () => {
    const told = (...places: string[]) => `S: UBX 1:juliet@example.com {}\n${ownPlaces(...places)}\n`
    await playText(`${opening18}${told(placed(ours, 'NLN'))}${told(placed(one, 'BSY'))}`, options(18))
    const early = 'S: UBX 1:juliet@example.com 0\n'
    const asked = `${hearing(opening18, 'LUN', { early })}${told(placed(one, 'BSY'))}`
    await playText(asked, options(18), undefined, ({ client }) => client.session.setStatus('lunch'))
  })

  it('keeps the picture that it shows', async () => {
    const object = '%3Cmsnobj%20Creator%3D%22juliet%40example.com%22%20Size%3D%221%22%20Type%3D%223%22%20SHA1D%3D%22a%22%2F%3E'
    const early = `S: NLN AWY 1:juliet@example.com Juliet 2788999228:48 ${object}\n`
    const text = hearing(opening18, 'AWY', { early }).replaceAll('1073741856:0\n', `1073741856:0 ${object}\n`)
    await playText(text, options(18))
  })

  it('is what the user asked for here, if they did', async () => {
    const early = 'S: NLN BSY 1:juliet@example.com Juliet 2788999228:48\n'
    await playText(hearing(opening18, 'BRB', { early }), options(18), undefined, ({ client }) => client.session.setStatus('brb'))
  })

  it('is read anew at the next sign-in', async () => {
    const early = 'S: NLN BSY 1:juliet@example.com Juliet 2788999228:48\n'
    const text = `${hearing(opening18, 'BSY', { early })}S!\n${opening18.replace('C: VER', '@NS2\nC: VER').replaceAll('{ticket}', '{again}').replaceAll('{blob}', '{fresh}')}`
    await playText(text, options(18), ({ client }) => client.timers.pass(1000))
  })
})

describe('the personal message', () => {
  it('is set, escaped and on one line, and set again after the next sign-in', async () => {
    const opening12 = await transcriptUntil('displaced-msnp12', 'S: OUT')
    const uux = (trId: number) =>
      `C: UUX ${trId} {}\n<Data><PSM>a &amp; b &lt;3</PSM><CurrentMedia></CurrentMedia></Data>\nS: UUX ${trId} 0\n`
    const again = opening12
      .replace('C: VER', '@NS2\nC: VER')
      .replace('C: CHG 6', `${uux(6)}C: CHG 7`)
      .replace('S: CHG 6', 'S: CHG 7')
    await playText(`${opening12}${uux(7)}S!\n${again}`, {}, async ({ client }) => {
      await client.session.setPersonal('a & b\r\n<3')
      await client.timers.pass(1000)
      await client.until(() => client.session.state === 'online')
    })
  })

  it('is not ours to clear when we never set one', async () => {
    // The opening has no UUX with <Data>: all places share the message.
    expect(opening18).not.toContain('<PSM>')
    await playText(opening18, options(18))
  })

  it('of a contact is what they listen to, where they say nothing', async () => {
    const song = String.raw`\0Music\01\0{0} - {1}\0Tybalt\0The Capulets\0`
    const ubx = (psm: string) => {
      const payload = `<Data><PSM>${psm}</PSM><CurrentMedia>${song}</CurrentMedia></Data>`
      return `UBX 1:romeo@example.com ${payload.length}\r\n${payload}`
    }
    const { client } = await playText(opening18, options(18), ({ server }) => server.interrupt(ubx('') + ubx('but soft')))
    expect(client.presences.map(({ message }) => message)).toEqual(['Tybalt - The Capulets', 'but soft'])
  })

  it('does not exist in MSNP10', async () => {
    const text = await transcript('sign-in-msnp10')
    await playText(text, { dialects: [10], credential: password }, ({ client }) => client.session.setPersonal('hi'))
  })
})

describe('the same board for all', () => {
  it('hears what a contact says once, not once for each place', async () => {
    const text = `${opening16}S: RNG 11 sb.example.org:1864 CKI ticket romeo@example.com Romeo U messenger.hotmail.com 1
@SB
C: ANS 1 juliet@example.com;{place} ticket 11
S: IRO 1 1 2 romeo@example.com;${two} Romeo 2788999228:48
S: IRO 1 2 2 romeo@example.com Romeo 2788999228:48
S: ANS 1 OK
S: JOI juliet@example.com Juliet 1073741856:0
${said('romeo@example.com', 'She speaks')}`
    const { client } = await playText(text, options(16), ({ client }) => client.until(() => client.messages.length === 1))
    expect(heard(client)).toEqual(['She speaks'])
    expect(client.messages[0]).toMatchObject({ peer: 'romeo@example.com' })
  })
})
