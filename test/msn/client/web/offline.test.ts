import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { webCaller } from '../../../../src/msn/client/web/call.ts'
import { WebOfflineBox } from '../../../../src/msn/client/web/offline.ts'
import { WebTokens } from '../../../../src/msn/client/web/tokens.ts'
import type { OfflineText } from '../../../../src/msn/client/web-ports.ts'
import type { Handle } from '../../../../src/msn/server/handle.ts'
import { offlineServices } from '../../../../src/msn/server/web/offline.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import { readBoxRequest, writeBoxFault, writeDeleted, writeMessage, writeMetadata } from '../../../../src/msn/soap/oim-box.ts'
import {
  readStore,
  type StoreRequest,
  writeLockKeyChallenge,
  writeStored,
  writeStoreRefusal,
  writeTicketChallenge,
} from '../../../../src/msn/soap/oim-store.ts'
import { password, startServer, type TestServer } from '../../../support/msn-server.ts'
import { tokenAnswer } from '../../../support/token-answer.ts'
import { WebServer } from '../../../support/web-server.ts'
import { startSite, type WebSite } from '../../../support/web-site.ts'

const call = webCaller(fetch)
const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
const text: OfflineText = {
  to: juliet,
  name: 'Rômeo',
  text: 'But, soft! 🌹',
  runId: '6C1F0E0A-2222-4333-8444-0A0B0C0D0E0F',
  sequence: 1,
}

function boxAt(home: string, account: string, clock: () => number, secret = password): WebOfflineBox {
  const tokens = new WebTokens({ account, password: new Secret(secret), rst: `${home}/RST.srf`, call, clock })
  return new WebOfflineBox({ account, read: `${home}/rsi/rsi.asmx`, send: `${home}/OimWS/oim.asmx`, tokens, call })
}

describe('with our own server', () => {
  let fixture: TestServer
  let site: WebSite
  const open = (account: string, secret?: string) => boxAt(`http://127.0.0.1:${site.port}`, account, fixture.timers.clock, secret)

  beforeEach(async () => {
    fixture = await startServer()
    const { services } = fixture.server
    site = await startSite(passportHttp(services), offlineServices(services))
  })
  afterEach(async () => {
    await site.stop()
    await fixture.stop()
  })

  it('a message is left, found, read and deleted', async () => {
    await fixture.timers.pass(60_000)
    await open(romeo).store(text)
    const box = open(juliet)
    const [note, ...others] = await box.list()
    expect(others).toEqual([])
    expect(note).toMatchObject({ from: romeo, fromName: 'Rômeo', sentAt: 60_000 })
    const { id = '' } = note ?? {}
    expect(await box.get(id)).toEqual({
      id,
      from: romeo,
      fromName: 'Rômeo',
      text: 'But, soft! 🌹',
      runId: text.runId,
      sequence: 1,
      sentAt: 60_000,
    })
    await box.remove([id])
    await box.remove([])
    expect(await box.list()).toEqual([])
  })

  it('a second message is left without another question', async () => {
    const box = open(romeo)
    await box.store(text)
    await box.store({ ...text, text: 'x'.repeat(3000), sequence: 2 })
    expect((await fixture.server.offline.list(juliet as Handle)).map(({ sequence }) => sequence)).toEqual([1, 2])
  })

  it('tickets that the server forgot are made anew', async () => {
    const box = boxAt(`http://127.0.0.1:${site.port}`, juliet, () => 0)
    await box.list()
    await fixture.timers.pass(9 * 3_600_000)
    expect(await box.list()).toEqual([])
  })

  it('nothing is left for nobody, and nothing read with a wrong password', async () => {
    await expect(open(romeo).store({ ...text, to: 'mab@example.com' })).rejects.toMatchObject({ code: 'contact-offline' })
    await expect(open(romeo, 'mercutio').list()).rejects.toMatchObject({ code: 'refused' })
    await expect(open(romeo, 'mercutio').store(text)).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('with a server of another kind', () => {
  let server: WebServer
  let home: string
  let tokensGiven: number
  /** What is answered to each request but those for tokens. */
  let answer: (body: string, n: number) => string
  let asked: string[]

  beforeEach(async () => {
    tokensGiven = 0
    asked = []
    server = new WebServer(({ path, body }, response) => {
      if (path === '/RST.srf') return response.end(tokenAnswer(body, romeo, `t=${++tokensGiven}&p=`))
      asked.push(body)
      return response.writeHead(500).end(answer(body, asked.length))
    })
    home = await server.start()
  })
  afterEach(() => server.stop())

  const open = () => boxAt(home, romeo, () => 0)
  const stores = (): StoreRequest[] => asked.flatMap((body) => readStore(body) ?? [])

  it('the answer to its question is that of a known client, and is kept', async () => {
    answer = (_, n) => (n === 1 ? writeLockKeyChallenge('Store2', '15570131571988941333') : writeStored('Store2', 1))
    const box = open()
    await box.store(text)
    await box.store(text)
    expect(stores().map(({ lockKey, product }) => [lockKey, product])).toEqual([
      ['', 'PROD0119GSJUC$18'],
      [expect.stringMatching(/^[0-9a-f]{32}$/), 'PROD0119GSJUC$18'],
      [stores()[1]?.lockKey, 'PROD0119GSJUC$18'],
    ])
    expect(server.asked.at(-1)?.headers['soapaction']).toBe('"http://messenger.live.com/ws/2006/09/oim/Store2"')
  })

  it('a ticket that is over is renewed, once', async () => {
    answer = (_, n) => (n === 1 ? writeTicketChallenge('Store2') : writeStored('Store2', 1))
    await open().store(text)
    expect(stores().map(({ ticket }) => ticket.reveal())).toEqual(['t=1&p=', 't=2&p='])
    answer = () => writeTicketChallenge('Store2')
    await expect(open().store(text)).rejects.toMatchObject({ code: 'server-error' })
  })

  it('one that asks without end is given up', async () => {
    answer = (_, n) => writeLockKeyChallenge('Store2', `${n}`.padStart(20, '1'))
    await expect(open().store(text)).rejects.toMatchObject({ code: 'server-error' })
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['SystemUnavailable', 'contact-offline'],
    ['SenderThrottleLimitExceeded', 'throttled'],
    ['InvalidContent', 'server-error'],
  ] as const)('%s is %s', async (fault, code) => {
    answer = () => writeStoreRefusal('Store2', fault)
    await expect(open().store(text)).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(1)
  })

  it('a long name is cut between characters', async () => {
    answer = () => writeStored('Store2', 1)
    await open().store({ ...text, name: '🌹'.repeat(60) })
    expect(stores()[0]?.fromName).toBe('🌹'.repeat(48))
  })

  it('a refusal to read is tried once more with another ticket', async () => {
    answer = (_, n) => (n === 1 ? writeBoxFault() : writeMetadata([{ id: 'A', from: juliet, fromName: 'Juliet', size: 1 }]))
    expect(await open().list()).toEqual([{ id: 'A', from: juliet, fromName: 'Juliet', sentAt: undefined }])
    expect(asked.map((body) => readBoxRequest(body)?.ticket.reveal())).toEqual(['t=1&p=', 't=2&p='])
    answer = () => writeBoxFault()
    await expect(open().get('A')).rejects.toMatchObject({ code: 'server-error' })
    await expect(open().remove(['A'])).rejects.toMatchObject({ code: 'server-error' })
  })

  it('the sender of a mail without one is looked up', async () => {
    answer = (body) => {
      const { operation } = readBoxRequest(body)?.call ?? {}
      if (operation === 'GetMessage') return writeMessage('Subject: \r\n\r\nhi')
      return operation === 'DeleteMessages' ? writeDeleted() : writeMetadata([{ id: 'A', from: juliet, fromName: 'J', size: 1 }])
    }
    expect(await open().get('A')).toMatchObject({ from: juliet, text: 'hi' })
    await expect(open().get('B')).rejects.toMatchObject({ code: 'server-error' })
  })

  it('nonsense is an error, which tells no password and no ticket', async () => {
    for (const nonsense of ['', '<html>', '<!DOCTYPE a><Envelope/>', 'x'.repeat(2 * 1024 * 1024), '<a>'.repeat(1000)]) {
      answer = () => nonsense
      const box = open()
      for (const attempt of [() => box.list(), () => box.store(text), () => box.remove(['A'])]) {
        const error: unknown = await attempt().catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'server-error' })
        expect(String(error)).not.toMatch(/t=\d|rosaline/)
      }
    }
  })

  it('what the network has no place for is said at once', async () => {
    const tokens = new WebTokens({ account: romeo, password: new Secret(password), rst: `${home}/RST.srf`, call, clock: () => 0 })
    const box = new WebOfflineBox({ account: romeo, tokens, call })
    await expect(box.store(text)).rejects.toMatchObject({ code: 'contact-offline' })
    await expect(box.list()).rejects.toMatchObject({ code: 'server-error' })
    expect(asked).toEqual([])
  })
})
