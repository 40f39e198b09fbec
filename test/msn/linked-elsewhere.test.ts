// A linked account whose user has other clients, or was not there for a while, as the gateway sees it: played from transcripts.

import { afterEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import { silent } from '../../src/core/log.ts'
import type { Login, LoginId } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { UserId } from '../../src/core/user.ts'
import { LinkedMsn } from '../../src/msn/linked.ts'
import type { Dialect } from '../../src/msn/wire/dialect.ts'
import { EventLog } from '../support/event-log.ts'
import { FakeWeb } from '../support/fake-web.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { transcriptUntil } from '../support/play.ts'
import { ScriptedServer } from '../support/scripted-server.ts'

const verona = networkId('verona')
const juliet = { network: verona, id: 'juliet@example.com' }
const romeo = { network: verona, id: 'romeo@example.com' }
const login: Login = { id: 'l1' as LoginId, user: 'u1' as UserId, address: juliet, state: 'offline' }
const place = '{6c1f0e0a-2222-4333-8444-0a0b0c0d0e0f}'

let linked: LinkedMsn | undefined
afterEach(() => linked?.stop())

/** Juliet's account, signed in to a server that plays this after the sign-in. */
async function signedIn(dialect: Dialect, text: string, web = new FakeWeb()) {
  const opening = await transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
  web.ownName = undefined
  const server = new ScriptedServer(`${opening}${text}`)
  const told = new EventLog()
  linked = new LinkedMsn({
    id: verona,
    config: { host: 'msn.example.org', port: 1863, dialects: [dialect] },
    dial: (to) => server.dial(to),
    signIn: async ({ challenge }) => new Secret(`t=${challenge}&p=`),
    servicesFor: () => web,
    records: new MemoryRecords(),
    clock: () => 5_000,
    log: silent,
  })
  await linked.start(told.sink)
  await linked.connect(login, { password: new Secret('rosaline') })
  await told.first('login-state', ({ state }) => state === 'online')
  return { linked, told, server, web }
}

describe('what the user says with another client', () => {
  it('is told as theirs, in the chat with whom it was said to', async () => {
    const { told } = await signedIn(
      16,
      `S: RNG 11 sb.example.org:1864 CKI ticket juliet@example.com Juliet U messenger.hotmail.com 1
@SB
C: ANS 1 juliet@example.com;{place} ticket 11
S: IRO 1 1 2 juliet@example.com;${place} Juliet 2788999228:48
S: IRO 1 2 2 juliet@example.com Juliet 2788999228:48
S: ANS 1 OK
S: JOI romeo@example.com Romeo 2788999228:48
S: MSG juliet@example.com Juliet {}
Content-Type: text/plain; charset=UTF-8

O Romeo
`,
    )
    expect(await told.first('message')).toMatchObject({
      conversation: { ...romeo, as: juliet },
      from: juliet,
      content: plainText('O Romeo'),
    })
  })
})

describe('what the user says with another client to several', () => {
  it('is told as theirs, in the chat with all of them', async () => {
    const { linked, told } = await signedIn(
      16,
      `S: RNG 11 sb.example.org:1864 CKI ticket juliet@example.com Juliet U messenger.hotmail.com 1
@SB
C: ANS 1 juliet@example.com;{place} ticket 11
S: IRO 1 1 2 juliet@example.com;${place} Juliet 2788999228:48
S: IRO 1 2 2 juliet@example.com Juliet 2788999228:48
S: ANS 1 OK
S: JOI romeo@example.com Romeo 2788999228:48
S: JOI nurse@example.com Nurse 2788999228:48
S: MSG juliet@example.com Juliet {}
Content-Type: text/plain; charset=UTF-8

Come hither, both
`,
    )
    const { conversation, from } = await told.first('message')
    expect(from).toEqual(juliet)
    expect(await linked.peopleIn(conversation)).toEqual([romeo, { ...romeo, id: 'nurse@example.com' }])
  })
})

describe('what was left for the user', () => {
  it('is told with the time of its writing, and under the same id when it is told twice', async () => {
    const web = new FakeWeb()
    web.mails.set('A', { id: 'A', from: romeo.id, fromName: 'Romeo', sentAt: 1_000, text: 'left while you were away' })
    const note = '<MD><M><T>11</T><S>6</S><RS>0</RS><E>romeo@example.com</E><I>A</I><N>Romeo</N></M></MD>'
    const notice = `S: MSG Hotmail Hotmail {}\nMIME-Version: 1.0\nContent-Type: text/x-msmsgsinitialmdatanotification; charset=UTF-8\n\nMail-Data: ${note}\n\n`
    const { told } = await signedIn(12, notice, web)
    const first = await told.first('message')
    expect(first).toMatchObject({ from: romeo, content: plainText('left while you were away'), sentAt: 1_000 })
    await linked?.stop()
    web.mails.set('A', { id: 'A', from: romeo.id, fromName: 'Romeo', sentAt: 1_000, text: 'left while you were away' })
    const again = await signedIn(12, notice, web)
    expect((await again.told.first('message')).id).toBe(first.id)
  })
})

describe('a message to somebody who is away', () => {
  it('is said to be kept where the network keeps it', async () => {
    const { linked } = await signedIn(
      18,
      `C: XFR 10 SB
S: XFR 10 SB sb.example.org:1864 CKI {x} U messenger.msn.com 1
@SB
C: USR 1 {} {x}
S: USR 1 OK j j
C: CAL 2 {}
S: 217 2
C: OUT
C!
@NS
C: UUM 11 romeo@example.com 1 1 {}
{mime}
C: PNG
S: QNG 60
`,
    )
    const parcel = { id: 'd1' as DeliveryId, conversation: { ...romeo, as: juliet }, as: juliet, content: plainText('hi') }
    expect(await linked.deliver({ ...parcel, sentAt: 0, again: false })).toEqual({
      id: 'd1',
      kept: true,
      steps: [{ at: expect.any(Number), phrase: { key: 'msn.step-stored', params: { name: romeo.id } } }],
    })
  })
})
