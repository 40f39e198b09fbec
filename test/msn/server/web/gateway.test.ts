import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemTimers, type Timers } from '../../../../src/core/timers.ts'
import { ssoBlob } from '../../../../src/msn/auth/sso.ts'
import type { Handle } from '../../../../src/msn/server/handle.ts'
import { httpGateway } from '../../../../src/msn/server/web/gateway.ts'
import { ask } from '../../../support/ask.ts'
import { BareClient, hungUp } from '../../../support/bare-client.ts'
import { settled } from '../../../support/manual-timers.ts'
import { bring, openBoard, signedIn, signIn } from '../../../support/msn-cast.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'
import { PollingLine } from '../../../support/polling-line.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

const romeo = 'romeo@example.com'
const juliet = 'juliet@example.com'
const path = '/gateway/gateway.dll'

let fixture: TestServer
let site: WebSite

/** By the clock on the wall where the server shall answer at once, by that of the test where time shall pass. */
async function openGateway(timers: Timers = systemTimers): Promise<void> {
  site = await startSite(httpGateway({ timers, carry: (role, carrier) => fixture.server.carry(role, carrier) }))
}

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(async () => {
  await site.stop()
  await fixture.stop()
})

const line = (server: 'NS' | 'SB') => new PollingLine(`http://127.0.0.1:${site.port}${path}`, server)
const post = (query: string, body = '') => site.post(`${path}?${query}`, body, { 'Content-Type': 'application/x-msn-messenger' })
const standing = (answer: { headers: Headers }) => answer.headers.get('X-MSN-Messenger') ?? ''
const idIn = (answer: { headers: Headers }) => /SessionID=([^;]+)/.exec(standing(answer))?.[1] ?? ''
const open = () => post('Action=open&Server=NS&IP=messenger.hotmail.com', 'VER 1 MSNP12 CVR0\r\n')

/** Signs Juliet in; gives the id for the next request. */
async function signInByPosts(): Promise<string> {
  const first = await post('Action=open&Server=NS&IP=x', `VER 1 MSNP12\r\nUSR 2 TWN I ${juliet}\r\n`)
  let answer = await post(`SessionID=${idIn(first)}`, `USR 3 TWN S ${await fixture.ticketFor(juliet)}\r\nCHG 4 NLN 0\r\n`)
  for (let said = answer.text; !said.includes('CHG 4'); said += answer.text)
    answer = await post(`Action=poll&SessionID=${idIn(answer)}`)
  return idIn(answer)
}

describe('through the gateway', () => {
  beforeEach(() => openGateway())

  test('somebody signs in, calls, and chats with somebody at a port', async () => {
    const julietThere = await signedIn(fixture, juliet)
    const romeoThere = await signIn(new BareClient(line('NS')), romeo, await fixture.ticketFor(romeo))
    const board = await openBoard(fixture, romeoThere, romeo, new BareClient(line('SB')))
    const julietsEnd = await bring(board, juliet, julietThere, await fixture.dial('SB'))
    board.say('MSG 3 A', 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nBut, soft!')
    expect(await julietsEnd.hearOnly('MSG')).toContain('But, soft!')
    expect(await board.hearOnly('ACK')).toBe('ACK 3')
    julietsEnd.say('MSG 4 N', 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nAy me!')
    expect(await board.hearOnly('MSG')).toContain('Ay me!')
  })

  test('somebody is called, and answers', async () => {
    const julietThere = await signIn(new BareClient(line('NS')), juliet, await fixture.ticketFor(juliet))
    const romeoThere = await signedIn(fixture, romeo)
    const board = await openBoard(fixture, romeoThere, romeo)
    const julietsEnd = await bring(board, juliet, julietThere, new BareClient(line('SB')))
    board.say('MSG 3 N', 'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nBut, soft!')
    expect(await julietsEnd.hearOnly('MSG')).toContain('But, soft!')
  })

  test('the end of a connection comes with the last that was said, and the contacts hear of it', async () => {
    const romeosLine = line('NS')
    const romeoThere = await signIn(new BareClient(romeosLine), romeo, await fixture.ticketFor(romeo))
    await signedIn(fixture, romeo)
    expect(await romeoThere.hearOnly('OUT')).toBe('OUT OTH')
    expect(await romeoThere.next()).toBe(hungUp)
    expect(romeosLine.standings.at(-1)).toMatch(/; Session=close$/)
  })

  test('libpurple signs in as it was recorded: MSNP18, one command a request, and leaves a message', async () => {
    const { ticket, secret } = await fixture.keyFor(romeo)
    const first = await post('Action=open&Server=NS&IP=gateway.messenger.hotmail.com', 'VER 1 MSNP18 CVR0\r\n')
    expect(first.text).toBe('VER 1 MSNP18\r\n')
    let answer = await post(`SessionID=${idIn(first)}`, `CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 8.5.1302 BC01 ${romeo}\r\n`)
    expect(answer.text).toMatch(/^CVR 2 8\.5\.1302 /)
    const say = async (bytes: string) => {
      answer = await post(`SessionID=${idIn(answer)}`, bytes)
      return answer.text
    }
    /** Polls until something was said. */
    const hear = async (said: string, wanted: RegExp) => {
      let heard = said
      while (!wanted.test(heard)) {
        answer = await post(`Action=poll&SessionID=${idIn(answer)}`)
        heard += answer.text
      }
      return heard
    }
    const asked = await hear(await say(`USR 3 SSO I ${romeo}\r\n`), /USR 3 SSO S MBI_KEY_OLD \S+\r\n/)
    const nonce = / MBI_KEY_OLD (\S+)/.exec(asked)?.[1] ?? ''
    const proof = `${ticket.reveal()} ${ssoBlob(nonce, secret)} 23011ffd-5f07-b058-a0d2-83533728622d`
    expect(await hear(await say(`USR 4 SSO S ${proof}\r\n`), /ABCHMigrated: 1\r\n/)).toContain(`USR 4 OK ${romeo} 1 0\r\n`)
    expect(await hear(await say('BLP 6 AL\r\n'), /BLP/)).toContain('BLP 6 AL\r\n')
    const list = "<ml l='1'><d n='example.com'><c n='juliet' l='3' t='1'/></d></ml>"
    expect(await hear(await say(`ADL 7 ${list.length}\r\n${list}`), /ADL/)).toContain('ADL 7 OK\r\n')
    expect(await hear(await say('PRP 8 MFN Alice%20New%20Name%202\r\n'), /PRP/)).toContain('PRP 8 MFN Alice%20New%20Name%202\r\n')
    expect(await hear(await say('CHG 13 NLN 2416181284:00 0\r\n'), /Mail-Data/)).toContain('CHG 13 NLN 2416181284:00 0\r\n')
    const text =
      'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nUser-Agent: Pidgin/2.14.12\r\nX-MMS-IM-Format: FN=Segoe%20UI; EF=; CO=0; PF=0; RL=0\r\n\r\nvia gateway'
    await say(`UUM 14 ${juliet} 1 1 ${text.length}\r\n${text}`)
    expect(await fixture.server.offline.list(juliet as Handle)).toMatchObject([{ from: romeo, text: 'via gateway' }])
  })

  test('the profile has the address of the client and no port', async () => {
    const client = new BareClient(line('NS'))
    client.dialect = 12
    client.say('VER 1 MSNP12')
    client.say(`USR 2 TWN I ${romeo}`)
    await client.hearOnly('USR 2')
    client.say(`USR 3 TWN S ${await fixture.ticketFor(romeo)}`)
    expect(await client.hearOnly('MSG Hotmail')).toMatch(/\r\nClientIP: 127\.0\.0\.1\r\nClientPort: 0\r\n/)
  })

  test('a client that breaks the protocol is hung up on', async () => {
    const answer = await post('Action=open&Server=NS&IP=x', `USR 1 TWN I ${romeo}\r\n`)
    expect([answer.status, standing(answer)]).toEqual([200, expect.stringMatching(/; Session=close$/)])
    expect((await post(`SessionID=${idIn(answer)}`, 'VER 1 MSNP12\r\n')).status).toBe(400)
  })
})

describe('an answer', () => {
  beforeEach(() => openGateway())

  test('is written as clients read it: the status, the length and the header by the letter', async () => {
    const body = 'VER 1 MSNP18 CVR0\r\n'
    const answer = await ask(
      site.port,
      `POST ${path}?Action=open&Server=NS&IP=gateway.messenger.hotmail.com HTTP/1.1\r\nHost: gateway.messenger.hotmail.com\r\nAccept: */*\r\nUser-Agent: MSMSGS\r\nProxy-Connection: Keep-Alive\r\nConnection: close\r\nPragma: no-cache\r\nContent-Type: application/x-msn-messenger\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\nX-MSN-Messenger: SessionID=\d{20}\.\d{9}; GW-IP=gateway\.messenger\.hotmail\.com\r\n/)
    expect(answer).toContain('\r\nContent-Type: application/x-msn-messenger\r\nContent-Length: 14\r\n')
    expect(answer).toMatch(/\r\n\r\nVER 1 MSNP18\r\n$/)
  })

  test('comes to a request with a whole URL, as through a proxy, and in other letters', async () => {
    const body = 'VER 1 MSNP12 CVR0\r\n'
    const answer = await ask(
      site.port,
      `POST http://gateway.messenger.hotmail.com/Gateway/Gateway.dll?action=open&server=ns&ip=x HTTP/1.1\r\nHost: gateway.messenger.hotmail.com\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(answer).toMatch(/\r\n\r\nVER 1 MSNP12\r\n$/)
  })

  test('has another id each time, and only the last one opens', async () => {
    const first = idIn(await open())
    const second = idIn(await post(`Action=poll&SessionID=${first}`))
    expect(second).not.toBe(first)
    expect(second.split('.')[0]).toBe(first.split('.')[0])
    expect((await post(`Action=poll&SessionID=${first}`)).status).toBe(400)
    expect((await post(`Action=poll&SessionID=${second}`)).status).toBe(200)
  })

  test.each(['1.1', 'x', '', '12345678901234567890.123456789'])('does not come to the id "%s"', async (id) => {
    const answer = await post(`Action=poll&SessionID=${id}`)
    expect([answer.status, answer.text]).toEqual([400, ''])
  })

  test('leads nowhere but here, whatever Host says', async () => {
    const answer = await ask(
      site.port,
      `POST ${path}?Action=open&Server=NS HTTP/1.1\r\nHost: a;Session=close\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    )
    expect(answer).toContain('; GW-IP=127.0.0.1\r\n')
  })

  test('is not given to more than a client may say at once', async () => {
    expect((await post('Action=open&Server=NS', 'x'.repeat(140_000))).status).toBe(413)
  })
})

describe('in time', () => {
  beforeEach(() => openGateway(fixture.timers))

  test('a second request beside one that is open gets 400, and the first its answer', async () => {
    const id = idIn(await open())
    const long = post(`Action=poll&SessionID=${id}&Lifespan=60`)
    await expect.poll(async () => (await post(`Action=poll&SessionID=${id}`)).status).toBe(400)
    await fixture.timers.pass(30_000)
    expect((await long).status).toBe(200)
  })

  test('a poll with a lifespan is answered when there is something to say', async () => {
    const romeoThere = await signedIn(fixture, romeo)
    const id = await signInByPosts()
    const poll = post(`Action=poll&SessionID=${id}&Lifespan=25`)
    romeoThere.say(`ADC 5 FL N=${juliet} F=Juliet`)
    expect((await poll).text).toContain('ADC 0 RL')
  })

  test('polls keep a connection alive, and a minute without one ends it', async () => {
    let id = await signInByPosts()
    for (let minutes = 0; minutes < 5; minutes++) {
      await fixture.timers.pass(50_000)
      const answer = await post(`Action=poll&SessionID=${id}`)
      expect(answer.status).toBe(200)
      id = idIn(answer)
    }
    const whereabouts = () => fixture.server.services.directory.find(juliet as Handle)
    expect(await whereabouts()).toBeDefined()
    await fixture.timers.pass(60_000)
    await settled()
    expect(await whereabouts()).toBeUndefined()
    expect((await post(`Action=poll&SessionID=${id}`)).status).toBe(400)
  })
})

test('whatever is asked, there is an answer, and others are not harmed', async () => {
  await openGateway({ after: (milliseconds, run) => systemTimers.after(milliseconds / 100, run) })
  const words = fc.constantFrom(
    'Action=open',
    'Action=poll',
    'Server=NS',
    'SessionID=',
    'SessionID=1.1',
    'Lifespan=x',
    'Lifespan=-1',
    '%',
    '&&',
    'a[]=b',
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom('VER 1 MSNP12\r\n', 'OUT\r\n', 'MSG 1 N 99999\r\n').map(Buffer.from),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 4 }), bytes, async (query, body) => {
      const answer = await site.post(`${path}?${query.join('&')}`, body, {})
      expect([200, 400]).toContain(answer.status)
    }),
    { numRuns: 50 },
  )
  expect((await open()).text).toBe('VER 1 MSNP12\r\n')
})
