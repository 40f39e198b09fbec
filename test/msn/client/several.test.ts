// Chats of several people, and what is said on a board that is no words.

import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../../src/msn/client/session.ts'
import { heard, says } from '../../support/msn-client.ts'
import { playText, transcriptUntil } from '../../support/play.ts'

const opening = await transcriptUntil('offline-msnp12', 'C: XFR')
const entered = `C: XFR 7 SB
S: XFR 7 SB sb.example.org:1864 CKI ticket
@SB
C: USR 1 juliet@example.com ticket
S: USR 1 OK juliet@example.com Juliet
`
const called = (trId: number, who: string) => `C: CAL ${trId} ${who}\nS: CAL ${trId} RINGING 11\nS: JOI ${who} Name 0\n`
const said = (from: string, text: string) => `S: MSG ${from} Name {}\nContent-Type: text/plain; charset=UTF-8\n\n${text}\n`
const board = 'b1'
const three = ['romeo@example.com', 'nurse@example.com']
const gathered = opening + entered + called(2, 'romeo@example.com') + called(3, 'nurse@example.com')

describe('a chat of several', () => {
  it('is begun with everybody there, heard and answered under one id, and takes in one more', async () => {
    const text = `${gathered}${said('nurse@example.com', 'Madam!')}C: MSG 4 A {}
{mime}
S: ACK 4
${called(5, 'paris@example.com')}${said('romeo@example.com', 'who is he?')}`
    const { client } = await playText(text, {}, async ({ client }) => {
      const { session } = client
      expect(await session.gather(board, three)).toEqual([])
      await client.until(() => client.messages.length === 1)
      await session.sayOn(board, Buffer.from('Content-Type: text/plain\r\n\r\nI come'))
      await session.invite(board, 'paris@example.com')
    })
    expect(heard(client)).toEqual(['Madam!', 'who is he?'])
    expect(client.messages.map(({ board, peer, participants }) => ({ board, peer, participants }))).toEqual([
      { board, peer: undefined, participants: three },
      { board, peer: undefined, participants: [...three, 'paris@example.com'] },
    ])
  })

  it('keeps its id when only one is left in it, and is not left because nobody says anything', async () => {
    const text = `${gathered}S: BYE romeo@example.com\n${said('nurse@example.com', 'still here')}C: MSG 4 A {}\n{mime}\nS: ACK 4\n`
    const { client } = await playText(text, {}, async ({ client }) => {
      await client.session.gather(board, three)
      await client.until(() => client.messages.length === 1)
      await client.timers.pass(60 * 60_000)
      await client.session.sayOn(board, Buffer.from('\r\n'))
    })
    expect(client.messages[0]).toMatchObject({ board, participants: ['nurse@example.com'] })
  })

  it('is left once nobody else is in it, and then there is nothing to say in it', async () => {
    const text = `${gathered}S: BYE romeo@example.com\nS: BYE nurse@example.com\nC: OUT\nC!\n`
    await playText(text, {}, async ({ client: { session, timers } }) => {
      await session.gather(board, three)
      await timers.pass(1)
      expect(session.isAlive(board)).toBe(false)
      const hi = Buffer.from('\r\n')
      await expect(session.sayOn(board, hi)).rejects.toMatchObject({ code: 'not-delivered' })
      await timers.pass(5 * 60_000)
      await expect(session.sayOn(board, hi)).rejects.toMatchObject({ code: 'not-delivered' })
      await expect(session.invite(board, 'romeo@example.com')).rejects.toMatchObject({ code: 'not-delivered' })
    })
  })

  it('is one also when somebody speaks of whom the server did not tell that they came', async () => {
    const alone = `${opening}${entered}${called(2, 'romeo@example.com')}C: MSG 3 A {}\n{mime}\nS: ACK 3\n`
    const text = `${alone}${said('nurse@example.com', 'Madam!')}C: MSG 4 A {}\n{again}\nS: ACK 4\n`
    const { client } = await playText(text, {}, async ({ client }) => {
      await says(client, 'romeo@example.com', 'hi')
      await client.until(() => client.messages.length === 1)
      await client.session.sayOn(client.messages[0]?.board ?? '', Buffer.from('\r\n'))
    })
    expect(client.messages[0]?.participants).toEqual(three)
  })

  it('is begun with those who come, and says who does not', async () => {
    const text = `${opening}${entered}C: CAL 2 romeo@example.com\nC: CAL 3 nurse@example.com\nS: 217 2\nS: CAL 3 RINGING 11\nS: JOI nurse@example.com Name 0\n`
    await playText(text, {}, async ({ client: { session } }) => {
      expect(await session.gather(board, three)).toEqual(['romeo@example.com'])
      expect(session.isAlive(board)).toBe(true)
    })
  })

  it('is begun also where the server does not let us call all of those who do not come', async () => {
    const vain = [4, 5].map((trId) => `C: CAL ${trId} romeo@example.com\nS: 713 ${trId}\n`).join('')
    const calls =
      'C: CAL 2 romeo@example.com\nC: CAL 3 nurse@example.com\nS: 713 2\nS: CAL 3 RINGING 11\nS: JOI nurse@example.com Name 0\n'
    await playText(`${opening}${entered}${calls}${vain}`, {}, async ({ client: { session, timers } }) => {
      const gathering = session.gather(board, three)
      gathering.catch(() => {})
      await timers.pass(20_000)
      expect(await gathering).toEqual(['romeo@example.com'])
      expect(session.isAlive(board)).toBe(true)
    })
  })

  it('takes in somebody who is called twice at the same time', async () => {
    const paris = 'paris@example.com'
    const twice = `C: CAL 4 ${paris}\nC: CAL 5 ${paris}\nS: CAL 4 RINGING 11\nS: 215 5\nS: JOI ${paris} Name 0\n`
    await playText(gathered + twice, {}, async ({ client: { session } }) => {
      await session.gather(board, three)
      await Promise.all([session.invite(board, paris), session.invite(board, paris)])
    })
  })

  it('is not begun when nobody comes', async () => {
    const text = `${opening}${entered}C: CAL 2 romeo@example.com\nS: 217 2\nC: CAL 3 nurse@example.com\nS: 217 3\nC: OUT\nC!\n`
    await playText(text, {}, async ({ client: { session } }) => {
      await expect(session.gather(board, three)).rejects.toMatchObject({ code: 'contact-offline' })
    })
  })

  it('tells who is in it, in its place among what is said, and who types there', async () => {
    const typing = 'S: MSG nurse@example.com Name {}\nContent-Type: text/x-msmsgscontrol\nTypingUser: nurse@example.com\n\n\n'
    const text = `${gathered}${typing}${said('nurse@example.com', 'Madam!')}S: BYE nurse@example.com\nC: MSG 4 U {}\n{typing}\nC: OUT\nC!\n`
    const told: unknown[] = []
    const options: Partial<SessionOptions> = {
      onPeople: async (...people) => void told.push(people),
      onTyping: (...who) => void told.push(who),
      onMessage: async ({ from }) => void told.push(from),
    }
    await playText(text, options, async ({ client: { session } }) => {
      await session.gather(board, three)
      await expect.poll(() => told.length).toBe(5)
      session.typingOn(board)
      session.leaveBoard(board)
    })
    expect(told).toEqual([
      [board, ['romeo@example.com']],
      [board, three],
      ['nurse@example.com', board],
      'nurse@example.com',
      [board, ['romeo@example.com']],
      [board, []],
    ])
  })

  it('is left when we say so, and no other board is', async () => {
    const alone = `@NS\n${entered.replace('XFR 7', 'XFR 8').replace('S: XFR 7', 'S: XFR 8').replace('@SB', '@SB2')}${called(2, 'romeo@example.com')}C: MSG 3 A {}\n{mime}\nS: ACK 3\n`
    await playText(`${gathered}${alone}@SB\nC: OUT\nC!\n@SB2\nC: MSG 4 A {}\n{again}\nS: ACK 4\n`, {}, async ({ client }) => {
      await client.session.gather(board, three)
      await says(client, 'romeo@example.com', 'to you alone')
      client.session.leaveBoard(board)
      await says(client, 'romeo@example.com', 'again')
    })
  })
})

describe('on a board', () => {
  const rung = `${opening}S: RNG 11 sb.example.org:1864 CKI ticket romeo@example.com Romeo
@SB
C: ANS 1 juliet@example.com ticket 11
S: IRO 1 1 1 romeo@example.com Romeo 0
S: ANS 1 OK
`
  const invites = (fields: string) =>
    `S: MSG romeo@example.com Romeo {}\nMIME-Version: 1.0\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\n\n${fields}\n\n\n`
  const file = `Application-Name: File Transfer
Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}
Invitation-Command: INVITE
Invitation-Cookie: 33267
Application-File: sonnet.txt
Application-FileSize: 614`

  it('whoever offers a file is told at once that we do not take it', async () => {
    const text = `${rung}${invites(file)}C: MSG 2 U {}
MIME-Version: 1.0
Content-Type: text/x-msmsgsinvite; charset=UTF-8

Invitation-Command: CANCEL
Invitation-Cookie: 33267
Cancel-Code: REJECT_NOT_INSTALLED


`
    const { client } = await playText(text)
    expect(client.messages).toEqual([])
  })

  it('an offer to several, a later step or nonsense is not answered', async () => {
    const steps = ['Invitation-Command: CANCEL\nInvitation-Cookie: 1\nCancel-Code: TIMEOUT', 'Invitation-Command: INVITE', 'x']
    const group = `S: JOI nurse@example.com Nurse 0\n${invites(file)}`
    const { client } = await playText(
      `${rung}${steps.map(invites).join('')}${group}${said('romeo@example.com', 'end')}`,
      {},
      ({ client }) => client.until(() => client.messages.length === 1),
    )
    expect(heard(client)).toEqual(['end'])
  })

  it('a message in pieces is heard whole, once', async () => {
    const piece = (headers: string, text: string) =>
      `S: MSG romeo@example.com Romeo {}\nMIME-Version: 1.0\n${headers}\n\n${text}\n`
    const id = 'Message-ID: {8BE4B9E4-7E0E-4D0A-8E1C-0C8CBB8E9D55}'
    const text = `${rung}${piece(`Content-Type: text/plain; charset=UTF-8\n${id}\nChunks: 3`, 'O speak ')}${piece(`${id}\nChunk: 1`, 'again, ')}${piece(`${id}\nChunk: 2`, 'bright angel')}`
    const { client } = await playText(text, {}, ({ client }) => client.until(() => client.messages.length === 1))
    expect(heard(client)).toEqual(['O speak again, bright angel'])
  })
})
