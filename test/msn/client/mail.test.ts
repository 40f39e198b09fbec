import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../src/core/content.ts'
import { ClientError, MessageRefused } from '../../../src/msn/client/errors.ts'
import { inOrder } from '../../../src/msn/client/mail.ts'
import type { IncomingMessage, SessionOptions } from '../../../src/msn/client/session.ts'
import type { OfflineMail } from '../../../src/msn/client/web-ports.ts'
import { readContent } from '../../../src/msn/content.ts'
import { FakeWeb } from '../../support/fake-web.ts'
import { settled } from '../../support/manual-timers.ts'
import { says } from '../../support/msn-client.ts'
import { password, playText, transcriptUntil } from '../../support/play.ts'

const opening = (dialect: number) => transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
const opening12 = await opening(12)
const mail = (id: string, text: string, more: Partial<OfflineMail> = {}): OfflineMail => {
  return { id, from: 'Romeo@Example.com', fromName: 'Romeo', sentAt: 1000, text, ...more }
}
const about = (type: string, data: string) =>
  `S: MSG Hotmail Hotmail {}\nMIME-Version: 1.0\nContent-Type: text/x-msmsgs${type}; charset=UTF-8\n\nMail-Data: ${data}\n\n`
const announced = (...ids: string[]) =>
  `<MD>${ids.map((id) => `<M><T>11</T><S>6</S><RS>0</RS><E>romeo@example.com</E><I>${id}</I><N>=?utf-8?B?Um9tZW8=?=</N></M>`).join('')}</MD>`
const words = (messages: readonly IncomingMessage[]) =>
  messages.map(({ message }) => {
    const content = readContent(message)
    return content?.kind === 'text' ? wordsOf(content) : undefined
  })

function holding(...mails: OfflineMail[]): FakeWeb {
  const web = new FakeWeb()
  for (const one of mails) web.mails.set(one.id, one)
  return web
}

function options(web: FakeWeb, more: Partial<SessionOptions> = {}): Partial<SessionOptions> {
  return { dialects: [12], credential: password, web: { offline: web.offline }, ...more }
}

describe('what was left for us', () => {
  it('is told with the time of its writing when we come, and deleted on the server after that', async () => {
    const web = holding(mail('B', 'second', { sentAt: 2000 }), mail('A', 'first'))
    const text = `${opening12}${about('initialmdatanotification', announced('B', 'A'))}`
    const { client } = await playText(text, options(web))
    expect(words(client.messages)).toEqual(['first', 'second'])
    expect(client.messages[0]).toMatchObject({
      ...{ peer: 'romeo@example.com', from: 'romeo@example.com', fromName: 'Romeo', participants: ['romeo@example.com'] },
      ...{ sentAt: 1000, offline: true },
    })
    expect(web.asked).toEqual(['get B', 'get A', 'remove A', 'remove B'])
    expect(web.mails.size).toBe(0)
  })

  it('is asked for where there is too much to announce', async () => {
    const web = holding(mail('A', 'first'))
    const { client } = await playText(`${opening12}${about('initialmdatanotification', 'too-large')}`, options(web))
    expect(words(client.messages)).toEqual(['first'])
    expect(web.asked[0]).toBe('list')
  })

  it('is told when it comes while we are here', async () => {
    const web = holding(mail('A', 'first'))
    const { client } = await playText(`${opening12}${about('oimnotification', announced('A'))}`, options(web))
    expect(words(client.messages)).toEqual(['first'])
  })

  it('is not deleted before it is safe, nor when it never gets safe', async () => {
    const web = holding(mail('A', 'first'))
    let tries = 0
    const onMessage = () => {
      tries++
      return Promise.reject(new Error('no Redis'))
    }
    await playText(`${opening12}${about('oimnotification', announced('A'))}`, options(web, { onMessage }), async ({ client }) => {
      await client.timers.pass(10 * 60_000)
      await client.session.close()
      await settled()
      expect(client.timers.waiting).toBe(0)
    })
    expect(tries).toBe(5)
    expect(web.mails.size).toBe(1)
  })

  it('is delivered after all when the store comes back in time', async () => {
    const web = holding(mail('A', 'first'), mail('B', 'second'))
    let isDown = true
    const stored: string[] = []
    const onMessage = async ({ message }: IncomingMessage) => {
      if (isDown) throw new Error('no Redis')
      stored.push(Buffer.from(message.body).toString())
    }
    const text = `${opening12}${about('oimnotification', announced('A', 'B'))}`
    await playText(text, options(web, { onMessage }), async ({ client }) => {
      await client.timers.pass(1000)
      isDown = false
      await client.timers.pass(30_000)
    })
    expect(stored).toEqual(['first', 'second'])
    expect(web.mails.size).toBe(0)
  })

  it('stays on the server when we are killed between hearing it and having it safe, and comes again', async () => {
    const web = holding(mail('A', 'first'))
    const text = `${opening12}${about('initialmdatanotification', announced('A'))}`
    await playText(text, options(web, { onMessage: () => new Promise(() => {}) }))
    expect(web.mails.size).toBe(1)
    const { client } = await playText(text, options(web))
    expect(words(client.messages)).toEqual(['first'])
    expect(web.mails.size).toBe(0)
  })

  it('is not told twice when it could not be deleted, and deleted when it is announced again', async () => {
    const web = holding(mail('A', 'first'))
    const once = `${opening12}${about('initialmdatanotification', announced('A'))}`
    const remove = web.offline.remove
    let isDown = true
    const offline = {
      ...web.offline,
      remove: (ids: readonly string[]) => (isDown ? Promise.reject(new ClientError('connection-lost', 'no')) : remove(ids)),
    }
    const text = `${once}S!\n${once.replace('C: VER', '@NS2\nC: VER')}`
    const { client } = await playText(text, options(web, { web: { offline } }), async ({ client }) => {
      isDown = false
      await client.timers.pass(1000)
    })
    expect(words(client.messages)).toEqual(['first'])
    expect(web.mails.size).toBe(0)
  })

  it('is left where it is when nobody takes it, and not offered again', async () => {
    const web = holding(mail('A', 'first'))
    let offers = 0
    const onMessage = () => {
      offers++
      return Promise.reject(new MessageRefused('no portal'))
    }
    const text = `${opening12}${about('oimnotification', announced('A'))}${about('oimnotification', announced('A'))}`
    await playText(text, options(web, { onMessage }))
    expect(offers).toBe(1)
    expect(web.mails.size).toBe(1)
  })

  it('is ordered as it was counted within a conversation, and by time between them', () => {
    const mails = [
      mail('4', '', { runId: 'y', sequence: 2, sentAt: 30 }),
      mail('2', '', { runId: 'x', sequence: 2, sentAt: 5 }),
      mail('3', '', { runId: 'Y', sequence: 1, sentAt: 40 }),
      mail('1', '', { runId: 'X', sequence: 1, sentAt: 20 }),
    ]
    expect(inOrder(mails).map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
  })

  it('is passed over when nothing can be made of it', async () => {
    const web = holding()
    const text = `${opening12}${about('oimnotification', '<MD><M>')}${about('oimnotification', announced('gone'))}`
    const { client } = await playText(text, options(web), ({ client }) => client.timers.pass(10 * 60_000))
    expect(client.messages).toEqual([])
    expect(client.session.state).toBe('online')
  })
})

describe('what somebody says while what they left is still fetched', () => {
  const rung = `S: RNG 11 sb.example.org:1864 CKI ticket {who} Name
@SB
C: ANS 1 {} ticket 11
S: IRO 1 1 1 {who} Name
S: ANS 1 OK
S: MSG {who} Name {}
Content-Type: text/plain; charset=UTF-8

now
`
  const says = (who: string) => rung.replaceAll('{who}', who)
  /** A box that gives nothing before it is told to. */
  function slow(web: FakeWeb): { options: Partial<SessionOptions>; open: () => void } {
    const gate = Promise.withResolvers<void>()
    const get = (id: string) => gate.promise.then(() => web.offline.get(id))
    const list = () => gate.promise.then(() => web.offline.list())
    return { options: options(web, { web: { offline: { ...web.offline, get, list } } }), open: gate.resolve }
  }

  it.each([announced('A'), 'too-large'])('waits for that (%s)', async (data) => {
    const box = slow(holding(mail('A', 'before')))
    const text = `${opening12}${about('initialmdatanotification', data)}${says('romeo@example.com')}`
    const { client } = await playText(text, box.options, async ({ client }) => {
      await settled()
      expect(words(client.messages)).toEqual([])
      box.open()
    })
    expect(words(client.messages)).toEqual(['before', 'now'])
  })

  it('does not wait longer than half a minute, nor for what others left, nor once it is all told', async () => {
    const box = slow(holding(mail('A', 'before')))
    const text = `${opening12}${about('initialmdatanotification', announced('A'))}${says('romeo@example.com')}`
    const { client } = await playText(text, box.options, async ({ client }) => {
      await client.timers.pass(29_000)
      expect(words(client.messages)).toEqual([])
      await client.timers.pass(1000)
      expect(words(client.messages)).toEqual(['now'])
      box.open()
    })
    expect(words(client.messages)).toEqual(['now', 'before'])
    const other = slow(holding(mail('A', 'before')))
    const nurse = `${opening12}${about('initialmdatanotification', announced('A'))}${says('nurse@example.com')}`
    expect(words((await playText(nurse, other.options)).client.messages)).toEqual(['now'])
  })
})

describe('words for a contact who is not there', () => {
  const away = (trId: number, tail: string) =>
    `C: XFR ${trId} SB\nS: XFR ${trId} SB sb.example.org:1864 CKI {x} ${tail}\n@SB\nC: USR 1 {} {x}\nS: USR 1 OK j j\nC: CAL 2 {}\nS: 217 2\nC: OUT\nC!\n@NS\n`
  const web18 = () => {
    const web = new FakeWeb()
    web.ownName = undefined
    return web
  }

  it('are left with the notification server in MSNP18, in the form that servers out there keep', async () => {
    const text = `${await opening(18)}${away(10, 'U messenger.msn.com 1')}C: UUM 11 romeo@example.com 1 1 {}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Dest-Agent: client

hi
C: PNG
S: QNG 60
`
    await playText(text, { dialects: [18], credential: password, web: web18() }, async ({ client }) => {
      expect(await says(client, 'romeo@example.com', 'hi')).toBe('stored')
    })
  })

  it('are not kept when the server says so in MSNP18', async () => {
    const text = `${await opening(18)}${away(10, 'U messenger.msn.com 1')}C: UUM 11 romeo@example.com 1 1 {}\n{mime}\nC: PNG\nS: 504 11\nS: QNG 60\n`
    await playText(text, { dialects: [18], credential: password, web: web18() }, async ({ client }) => {
      await expect(says(client, 'romeo@example.com', 'hi')).rejects.toMatchObject({ code: 'server-error', number: 504 })
    })
  })

  it.each([217, 210])('are not kept for somebody who does not want them, or has enough (%i)', async (number) => {
    const text = `${await opening(18)}${away(10, 'U messenger.msn.com 1')}C: UUM 11 romeo@example.com 1 1 {}\n{mime}\nC: PNG\nS: ${number} 11\nS: QNG 60\n`
    await playText(text, { dialects: [18], credential: password, web: web18() }, async ({ client }) => {
      await expect(says(client, 'romeo@example.com', 'hi')).rejects.toMatchObject({ code: 'contact-offline', number })
    })
  })

  it('may have been kept when the connection ends before the server answers', async () => {
    const text = `${await opening(18)}${away(10, 'U messenger.msn.com 1')}C: UUM 11 romeo@example.com 1 1 {}\n{mime}\nC: PNG\nS!\n`
    await playText(text, { dialects: [18], credential: password, web: web18() }, async ({ client }) => {
      await expect(says(client, 'romeo@example.com', 'hi')).rejects.toMatchObject({ code: 'connection-lost', sent: true })
    })
  })

  it('are left by web service before that, counted for each conversation', async () => {
    const web = new FakeWeb()
    const again = away(8, 'y').replaceAll('{x}', '{y}').replace('@SB', '@SB2')
    await playText(`${opening12}${away(7, 'x')}${again}`, options(web), async ({ client }) => {
      expect(await says(client, 'romeo@example.com', 'O Romeo')).toBe('stored')
      expect(await says(client, 'Romeo@Example.com', 'wherefore')).toBe('stored')
    })
    expect(web.left).toMatchObject([
      { to: 'romeo@example.com', name: 'juliet@example.com', text: 'O Romeo', sequence: 1 },
      { to: 'Romeo@Example.com', text: 'wherefore', sequence: 2 },
    ])
    expect(web.left[0]?.runId).toBe(web.left[1]?.runId)
  })

  it('are refused as for anybody offline when nobody keeps them, or they are no words', async () => {
    await playText(`${opening12}${away(7, 'x')}`, {}, async ({ client }) => {
      await expect(says(client, 'romeo@example.com', 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
    })
    const web = new FakeWeb()
    await playText(`${opening12}${away(7, 'x')}`, options(web), async ({ client }) => {
      const nudge = Buffer.from('Content-Type: text/x-msnmsgr-datacast\r\n\r\nID: 1\r\n\r\n')
      await expect(client.session.send('romeo@example.com', nudge)).rejects.toMatchObject({ code: 'contact-offline' })
    })
    expect(web.left).toEqual([])
  })
})
