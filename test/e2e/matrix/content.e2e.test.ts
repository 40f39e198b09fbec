// What is said, in every kind, from a Matrix client to an MSN client and back.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const link = 'http://files.example.org'

let world: World
let romeo: MatrixUser
let juliet: MsnUser
let room: string
let romeosAddress: string

beforeAll(async () => {
  world = await World.start({ matrix: { media: { url: link, listen: { port: 0 } } } })
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, '[c=4]Juliet[/c] ·#Capulet')
  romeo = await world.matrixUser('romeo')
  room = await romeo.startChat(ghostOf('msn', juliet.account))
  await romeo.says(room, 'But soft!')
  romeosAddress = (await juliet.hears('But soft!')).from
})

afterAll(async () => {
  await world?.stop()
})

/** Sends an event of any type; gives its id. */
async function sends(type: string, content: object): Promise<string> {
  const path = `rooms/${encodeURIComponent(room)}/send/${type}/${randomUUID()}`
  return String((await romeo.call('PUT', path, content))['event_id'])
}

/** Waits for words as they come at the MSN client. */
const arrives = (form: RegExp | string) =>
  juliet.sees(`${form}`, () => juliet.heard.find(({ raw }) => (typeof form === 'string' ? raw === form : form.test(raw))))

const answerTo = (event: string) => (seen: SeenEvent) =>
  JSON.stringify(seen.content['m.relates_to'] ?? {}).includes(event) && seen.content['msgtype'] === 'm.notice'

const says = (content: string | object) => romeo.says(room, content)
const relatesTo = (relation: object) => ({ 'm.relates_to': relation })

describe('from Matrix to MSN', () => {
  it('looks become marks, or the format of the whole message', async () => {
    const formatted = { msgtype: 'm.text', body: 'x', format: 'org.matrix.custom.html' }
    await says({ ...formatted, formatted_body: 'what <b>light</b> through <em>yonder</em> window' })
    await arrives('what *light* through _yonder_ window')
    await says({ ...formatted, formatted_body: '<script>alert(1)</script><b onclick="x">It is the east</b>' })
    expect((await arrives('It is the east')).look).toContain('; EF=B; CO=0;')
    const face = '<font data-mx-color="#ff8000" face="Comic Sans MS"><em><u>and Juliet is the sun</u></em></font>'
    await says({ ...formatted, formatted_body: face })
    expect((await arrives('and Juliet is the sun')).look).toMatch(/^FN=Comic%20Sans%20MS; EF=(IU|UI); CO=80ff;/)
  })

  it('an action, emoji, and text in another direction', async () => {
    await says({ msgtype: 'm.emote', body: 'sighs' })
    await arrives('/me sighs')
    await says('❤️ 👍🏽 😂')
    await arrives('(L) (Y) 😂')
    await says('שלום')
    expect((await arrives('שלום')).look).toContain('RL=1')
  })

  it('an answer has the line that it answers above it, and so has what is said in a thread', async () => {
    await juliet.says(romeosAddress, 'Ay me!')
    const { event_id: said } = await romeo.hears(room, 'Ay me!')
    await says({
      msgtype: 'm.text',
      body: '> <@x:y> Ay me!\n\nShe speaks',
      ...relatesTo({ 'm.in_reply_to': { event_id: said } }),
    })
    await arrives(/^> .*Ay me!\r\nShe speaks$/)
    await says({ msgtype: 'm.text', body: 'in a thread', ...relatesTo({ rel_type: 'm.thread', event_id: said }) })
    await arrives(/Ay me!.*\r\nin a thread$/)
  })

  it('an answer to what was never said in this chat quotes nothing', async () => {
    const elsewhere = await romeo.startChat(ghostOf('msn', juliet.account).replace('juliet', 'tybalt'))
    const secret = await romeo.says(elsewhere, 'The feast of Capulets')
    await says({ msgtype: 'm.text', body: 'a foreign answer', ...relatesTo({ 'm.in_reply_to': { event_id: secret } }) })
    const { raw } = await arrives(/a foreign answer$/)
    expect(raw).not.toContain('feast')
  })

  it('a change is said again with a mark, and a change of a change too', async () => {
    const first = await says('Wherefore art thou Romoe?')
    await arrives('Wherefore art thou Romoe?')
    const change = (of: string, body: string) =>
      says({
        msgtype: 'm.text',
        body: `* ${body}`,
        'm.new_content': { msgtype: 'm.text', body },
        ...relatesTo({ rel_type: 'm.replace', event_id: of }),
      })
    const second = await change(first, 'Wherefore art thou Romeo?')
    await arrives('* Wherefore art thou Romeo?')
    await change(second, 'Wherefore art thou, Romeo?')
    await arrives('* Wherefore art thou, Romeo?')
  })

  it('what is taken back too late is said to be', async () => {
    const said = await says('Deny thy father')
    await arrives('Deny thy father')
    await romeo.call('PUT', `rooms/${encodeURIComponent(room)}/redact/${said}/${randomUUID()}`, {})
    await romeo.sees(room, answerTo(said))
  })

  it('a reaction is a line, and one of them is a nudge', async () => {
    const said = await says('O Romeo')
    await arrives('O Romeo')
    await sends('m.reaction', relatesTo({ rel_type: 'm.annotation', event_id: said, key: '👍' }))
    await arrives(/^\/me .*\(Y\).*O Romeo/)
    await sends('m.reaction', relatesTo({ rel_type: 'm.annotation', event_id: said, key: '📳' }))
    await arrives(/^ID: 1\r\n/)
  })

  it('a picture, a sticker and something spoken are links that end', async () => {
    const file = { body: 'rose.png', url: 'mxc://hs.test/rose', info: { mimetype: 'image/png', size: 1597 } }
    await says({ ...file, msgtype: 'm.image', filename: 'rose.png', body: 'By any other name' })
    const { raw } = await arrives(/By any other name/)
    expect(raw).toMatch(/rose\.png.* http:\/\/files\.example\.org\/m\/[\w-]+\/rose\.png$/)
    await sends('m.sticker', file)
    await arrives(/^Sticker.*http/)
    await says({ ...file, msgtype: 'm.audio', 'org.matrix.msc3245.voice': {} })
    await arrives(/^Voice.*http/)
    const bad = await says({ ...file, msgtype: 'm.file', url: 'mxc://hs.test/../../secret' })
    await romeo.sees(room, answerTo(bad))
  })

  it('a place, and a poll with a vote in it, are lines', async () => {
    await says({ msgtype: 'm.location', body: 'Verona', geo_uri: 'geo:45.4384,10.9916' })
    await arrives(/^Location: Verona https:\/\/www\.openstreetmap\.org\//)
    const poll = await sends('org.matrix.msc3381.poll.start', {
      'org.matrix.msc3381.poll.start': {
        question: { 'org.matrix.msc1767.text': 'Where to?' },
        answers: [
          { id: 'a', 'org.matrix.msc1767.text': 'Mantua' },
          { id: 'b', 'org.matrix.msc1767.text': 'Verona' },
        ],
      },
    })
    await arrives('Poll: Where to? 1) Mantua 2) Verona')
    await sends('org.matrix.msc3381.poll.response', {
      'org.matrix.msc3381.poll.response': { answers: ['a'] },
      ...relatesTo({ rel_type: 'm.reference', event_id: poll }),
    })
    await arrives('/me votes for 1) Mantua')
  })

  it('a long text is in several messages, none of it lost', async () => {
    const long = Array.from({ length: 600 }, (_, index) => `word${index}`).join(' ')
    await says(long)
    await arrives(/word599$/)
    const parts = juliet.heard.filter(({ raw }) => /^word\d+ word/.test(raw)).map(({ raw }) => raw)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.join('')).toBe(long)
  })

  it('what cannot be carried is answered, and wakes whoever wrote it', async () => {
    const call = await sends('m.call.invite', { call_id: '1', version: '1', lifetime: 60_000, offer: { type: 'offer', sdp: '' } })
    expect(await romeo.sees(room, answerTo(call))).toMatchObject({ content: { 'm.mentions': { user_ids: [romeo.userId] } } })
  })
})

describe('from MSN to Matrix', () => {
  const plain = (format = 'FN=Arial; EF=; CO=0; CS=0; PF=22') =>
    [
      ['Content-Type', 'text/plain; charset=UTF-8'],
      ['X-MMS-IM-Format', format],
    ] as const
  const datacast = [['Content-Type', 'text/x-msnmsgr-datacast']] as const

  it('fonts, colours and effects are HTML', async () => {
    await juliet.sends(romeosAddress, plain('FN=Comic%20Sans%20MS; EF=BI; CO=ff; CS=0; PF=22'), 'Romeo!')
    expect(await romeo.hears(room, 'Romeo!')).toMatchObject({
      content: {
        msgtype: 'm.text',
        formatted_body:
          '<font data-mx-color="#ff0000" color="#ff0000" face="Comic Sans MS"><strong><em>Romeo!</em></strong></font>',
      },
    })
  })

  it('text from right to left is', async () => {
    await juliet.sends(romeosAddress, plain('FN=Arial; EF=; CO=0; CS=0; PF=22; RL=1'), 'Juliet שלום')
    expect(await romeo.hears(room, 'Juliet שלום')).toMatchObject({
      content: { body: '\u200fJuliet שלום', formatted_body: '<div dir="rtl">\u200fJuliet שלום</div>' },
    })
  })

  it('emoticons are emoji, and codes of Messenger Plus! colours', async () => {
    await juliet.sends(romeosAddress, plain(), ':) at 12:00) [c=4]love[/c] (L)')
    const { content } = await romeo.hears(room, 'at 12:00)')
    expect(content['body']).toBe('🙂 at 12:00) love ❤️')
    expect(content['formatted_body']).toContain('data-mx-color="#ff0000"')
  })

  it('an action is an emote, and "@room" wakes nobody', async () => {
    await juliet.sends(romeosAddress, plain(), '/me calls @room')
    expect(await romeo.hears(room, 'calls @room')).toMatchObject({ content: { msgtype: 'm.emote', 'm.mentions': {} } })
  })

  it('a nudge wakes its reader, the next one only says so', async () => {
    await juliet.sends(romeosAddress, datacast, 'ID: 1\r\n\r\n')
    const first = await romeo.hears(room, 'a nudge')
    expect(first).toMatchObject({
      content: { msgtype: 'm.emote', body: 'sends romeo a nudge', 'm.mentions': { user_ids: [romeo.userId] } },
    })
    await juliet.sends(romeosAddress, datacast, 'ID: 1\r\n\r\n')
    const second = await romeo.hears(room, 'sends you a nudge')
    expect(second).toMatchObject({ content: { 'm.mentions': {} } })
    // What the homeserver notifies Romeo of, with a sound.
    const { notifications } = await romeo.call('GET', 'notifications?only=highlight')
    const woken = (notifications as { event: SeenEvent }[]).map(({ event }) => event.event_id)
    expect(woken).toContain(first.event_id)
    expect(woken).not.toContain(second.event_id)
  })

  it('codes are taken out of names', async () => {
    await romeo.sees(
      room,
      ({ state_key, content }) => state_key === ghostOf('msn', juliet.account) && content['displayname'] === 'Juliet Capulet',
    )
  })
})
