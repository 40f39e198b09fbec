// What real clients were seen to do, and what broke them: ../shared/protocol/real-clients.md, as far as it concerns the notification server.
// Its points about the sign-in pages, boards and the HTTP gateway are in the tests of those.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ssoBlob } from '../../../src/msn/auth/sso.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { place, proven, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** Romeo, who watches Juliet. */
async function watcher(dialect: number): Promise<BareClient> {
  await fixture.server.services.edits.put(romeo as never, juliet as never, { list: 'FL' })
  return signedIn(fixture, romeo, dialect)
}

test('5: msn-pecan says its BLP at each sign-in, and any error but two ends it: the value that is set already is answered like another', async () => {
  const line = await signedIn(fixture, juliet, 12)
  line.say('BLP 5 AL')
  line.say('BLP 6 BL')
  line.say('BLP 7 BL')
  line.say('GTC 8 A')
  expect(await line.hearAll(4)).toEqual(['BLP 5 AL', 'BLP 6 BL', 'BLP 7 BL', 'GTC 8 A'])
})

test.each([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])(
  '6: aMSN gives two numbers in CHG at MSNP%i, and is answered',
  async (dialect) => {
    const line = await signedIn(fixture, juliet, dialect)
    line.say('CHG 5 NLN 2147778596:0 %3Cmsnobj%2F%3E')
    expect(await line.hearOnly('CHG')).toBe('CHG 5 NLN 2147778596:0 %3Cmsnobj%2F%3E')
    line.say('CHG 6 AWY')
    expect(await line.hearOnly('CHG')).toBe('CHG 6 AWY')
  },
)

describe('8: pipelining', () => {
  const greeting = (dialect: number, family: string, first: number) =>
    `VER ${first} MSNP${dialect}\r\nCVR ${first + 1} 0x0409 winnt 5.1 i386 MSNMSGR 8.0.0812 msmsgs ${juliet}\r\nUSR ${first + 2} ${family} I ${juliet}\r\n`

  test.each([
    [12, 'TWN', 1],
    [14, 'TWN', 0],
    [15, 'SSO', 50],
    [18, 'SSO', 4_294_967_293],
  ])('VER without CVR0, CVR and USR in one write, at MSNP%i, numbered as the client likes', async (dialect, family, first) => {
    const line = await fixture.dial('NS')
    line.dialect = dialect
    line.write(greeting(dialect, family, first))
    expect(await line.hear()).toBe(`VER ${first} MSNP${dialect}`)
    expect(await line.hear()).toMatch(new RegExp(`^CVR ${first + 1} 8.0.0812 8.0.0812 8.0.0812 `))
    if (dialect >= 13) expect(await line.hear()).toMatch(/^GCF 0 /)
    expect(await line.hear()).toMatch(new RegExp(`^USR ${first + 2} ${family} S `))
  })

  test('byte by byte it is the same', async () => {
    const line = await fixture.dial('NS')
    line.dialect = 15
    for (const byte of greeting(15, 'SSO', 1)) line.write(byte)
    expect((await line.hearAll(4)).map((said) => said.slice(0, 3))).toEqual(['VER', 'CVR', 'GCF', 'USR'])
  })
})

test.each([place, place.slice(1, -1), place.toLowerCase()])('9: the place may be written %s', async (guid) => {
  const { ticket, secret } = await fixture.keyFor(juliet)
  const line = await fixture.dial('NS')
  line.dialect = 18
  line.say('VER 1 MSNP18')
  line.say(`USR 2 SSO I ${juliet}`)
  const nonce = (await line.hearOnly('USR 2')).split(' ')[5] ?? ''
  line.say(`USR 3 SSO S ${ticket.reveal()} ${ssoBlob(nonce, secret)} ${guid}`)
  expect(await line.hear()).toBe(`USR 3 OK ${juliet} 1 0`)
})

test('9: two people sign in from the same computer, with the same GUID, and both stay', async () => {
  const first = await signedIn(fixture, juliet, 18)
  const second = await signedIn(fixture, romeo, 18)
  for (const line of [first, second]) {
    line.say('PNG')
    expect(await line.hearOnly('QNG')).toBe('QNG 50')
  }
})

test.each([9, 10, 11, 12, 13, 14, 15, 16, 17, 18])(
  '10: a picture that changes alone is told in NLN, at MSNP%i',
  async (dialect) => {
    const object = '%3Cmsnobj%20Creator%3D%22juliet%40example.com%22%20Size%3D%221%22%20Type%3D%223%22%2F%3E'
    const watching = await watcher(dialect)
    const line = await signedIn(fixture, juliet, 18)
    await watching.hearOnly('NLN')
    line.say(`CHG 5 NLN 0:0 ${object}`)
    expect(await watching.hearOnly('NLN')).toContain(` ${object}`)
    line.say('CHG 6 NLN 0:0 0')
    expect(await watching.hearOnly('NLN')).not.toContain('msnobj')
  },
)

test('11: an offline message of libpurple comes by UUM, without Dest-Agent, and is kept', async () => {
  const line = await signedIn(fixture, juliet, 18)
  const payload =
    'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nUser-Agent: Pidgin/2.14.12\r\nX-MMS-IM-Format: FN=Segoe%20UI; EF=; CO=0; PF=0; RL=0\r\n\r\nread this later'
  line.say(`UUM 14 ${romeo} 1 1`, payload)
  line.say('PNG')
  expect(await line.hear()).toBe('QNG 50')
  const kept = await fixture.server.offline.list(romeo as never)
  expect(kept.map(({ from, text }) => [from, text])).toEqual([[juliet, 'read this later']])
})

test('12: libpurple adds with FQY and two ADL, and removes with RML; each is answered, and the contact is on both lists', async () => {
  const line = await signedIn(fixture, juliet, 18)
  const says = async (command: string, payload: string) => {
    line.say(command, payload)
    return line.hear()
  }
  expect(await says('FQY 16', '<ml><d n="example.com"><c n="romeo"/></d></ml>')).toContain('<c n="romeo" t="1">')
  expect(await says('ADL 17', "<ml><d n='example.com'><c n='romeo' l='2' t='1'/></d></ml>")).toBe('ADL 17 OK')
  expect(await says('ADL 18', "<ml><d n='example.com'><c n='romeo' l='1' t='1'/></d></ml>")).toBe('ADL 18 OK')
  const lists = async () => (await fixture.server.services.books.of(juliet as never)).contacts[0]?.lists
  expect(await lists()).toBe(3)
  expect(await says('RML 19', "<ml><d n='example.com'><c n='romeo' l='1' t='1'/></d></ml>")).toBe('RML 19 OK')
  expect(await lists()).toBe(2)
})

test('12: msn-pecan puts somebody into a group and takes them off the list by their GUIDs', async () => {
  const line = await signedIn(fixture, juliet, 12)
  line.say(`ADC 5 FL N=${romeo} F=Romeo`)
  const guid = /C=(\S+)/.exec(await line.hear())?.[1]
  line.say('ADG 6 Pals 0')
  const group = (await line.hear()).split(' ')[3]
  line.say(`ADC 7 FL C=${guid} ${group}`)
  expect(await line.hear()).toBe(`ADC 7 FL C=${guid} ${group}`)
  line.say(`SBP 8 ${guid} MFN Romeo`)
  expect(await line.hear()).toBe(`SBP 8 ${guid} MFN Romeo`)
  line.say(`REM 9 FL ${guid}`)
  expect(await line.hear()).toBe(`REM 9 FL ${guid}`)
})

test('libpurple says its three UUX and its CHG again after half a minute: they are answered, and nobody else hears of it', async () => {
  const watching = await watcher(18)
  const line = await fixture.dial('NS')
  await proven(fixture, line, juliet, 18)
  const says = async (from: number) => {
    line.say(`UUX ${from}`, '<EndpointData><Capabilities>262180:00</Capabilities></EndpointData>')
    line.say(
      `UUX ${from + 1}`,
      '<PrivateEndpointData><EpName>Pidgin</EpName><Idle>false</Idle><ClientType>1</ClientType><State>NLN</State></PrivateEndpointData>',
    )
    line.say(`UUX ${from + 2}`, `<Data><PSM/><CurrentMedia/><MachineGuid>${place}</MachineGuid><DDP/></Data>`)
    line.say(`CHG ${from + 3} NLN 2416181284:00 0`)
    for (let at = from; at < from + 3; at++) expect(await line.hearOnly('UUX')).toBe(`UUX ${at} 0\n`)
    expect(await line.hearOnly('CHG')).toBe(`CHG ${from + 3} NLN 2416181284:00 0`)
  }
  await says(10)
  await watching.hearOnly('NLN')
  await watching.hearOnly('UBX')
  await says(20)
  await settled()
  expect(watching.unheard).toEqual([])
})

test('libpurple waits for the profile from Hotmail before it loads its contacts', async () => {
  const line = await fixture.dial('NS')
  await proven(fixture, line, juliet, 15)
  const old = await fixture.dial('NS')
  old.dialect = 12
  old.say('VER 1 MSNP12')
  old.say(`USR 2 TWN I ${juliet}`)
  old.say(`USR 3 TWN S ${await fixture.ticketFor(juliet)}`)
  const profile = await old.hearOnly('MSG')
  expect(profile).toMatch(/^MSG Hotmail Hotmail \d+\n/)
  expect(profile).toMatch(/\r\n\r\n$/)
})
