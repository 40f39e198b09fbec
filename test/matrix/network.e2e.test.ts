import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Content } from '../../src/core/content.ts'
import { plainText } from '../../src/core/content.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import type { DeliveryId, Parcel } from '../../src/core/delivery.ts'
import { deliveryId } from '../../src/core/delivery.ts'
import { ContentRefused, NetworkUnreachable, StartError } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import type { PortalId } from '../../src/core/portal.ts'
import { Secret } from '../../src/core/secret.ts'
import type { MatrixConfig } from '../../src/matrix/config.ts'
import { newToken } from '../../src/matrix/registration.ts'
import type { MatrixUser } from '../support/matrix-user.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import type { Stage } from './stage.ts'
import { juliet, julietsGhost, Lines, makeNetwork, msn, setStage } from './stage.ts'

let stage: Stage
let romeo: MatrixUser

beforeAll(async () => {
  stage = await setStage()
  romeo = await stage.addUser('romeo')
})

afterAll(async () => {
  await stage?.end()
})

let count = 0
const newPortal = () => `Portal${++count}` as PortalId
const home = (user: MatrixUser): Address => ({ network: stage.network.id, id: user.userId })

function parcel(conversation: Conversation, content: Content | string, more: Partial<Parcel> = {}): Parcel {
  return {
    id: deliveryId('test', String(++count)),
    conversation,
    as: julietsGhost,
    content: typeof content === 'string' ? plainText(content) : content,
    sentAt: Date.now(),
    again: false,
    ...more,
  }
}

/** One of our accounts leaves a room without our knowing. */
async function leaveAs(userId: string, room: string): Promise<void> {
  const path = `rooms/${encodeURIComponent(room)}/leave?user_id=${encodeURIComponent(userId)}`
  const headers = { authorization: `Bearer ${stage.config.asToken.reveal()}` }
  await fetch(`${stage.synapse.url}/_matrix/client/v3/${path}`, { method: 'POST', body: '{}', headers })
}

/** The user at the top, the other with nothing but a seat. */
const levels = (user: MatrixUser, other: string) => ({ [user.userId]: 100, [other]: 50 })

/** A chat between Romeo and Juliet's ghost that she began. */
async function chatFromJuliet(user = romeo): Promise<Conversation> {
  const conversation = await stage.network.open({ portal: newPortal(), as: julietsGhost, user: home(user) })
  await user.join(conversation.id)
  return conversation
}

describe('a chat that the ghost begins', () => {
  it('invites the user into a room that is a direct chat', async () => {
    const benvolio = await stage.addUser('benvolio')
    const conversation = await stage.network.open({ portal: newPortal(), as: julietsGhost, user: home(benvolio) })
    expect(await benvolio.isInvitedBy(julietsGhost.id)).toBe(conversation.id)
  })

  it('is the same room when it is opened twice, also by a process that knows nothing of the first time', async () => {
    const opening = { portal: newPortal(), as: julietsGhost, user: home(romeo) }
    const first = await stage.network.open(opening)
    expect(await stage.network.open(opening)).toEqual(first)
    const restarted = await stage.replaceNetwork()
    expect(await restarted.open(opening)).toEqual(first)
  })

  it('invites the user again when they had left, and tells of the leaving', async () => {
    const opening = { portal: newPortal(), as: julietsGhost, user: home(romeo) }
    const { id: room } = await stage.network.open(opening)
    await romeo.join(room)
    await romeo.leave(room)
    const left = await stage.told.event('conversation', (event) => event.conversation.id === room && event.change === 'left')
    expect(left).toMatchObject({ by: home(romeo), with: juliet })
    expect((await stage.network.open(opening)).id).toBe(room)
    await romeo.join(room)
  })

  it('is made anew when the ghost was thrown out of the old room', async () => {
    const opening = { portal: newPortal(), as: julietsGhost, user: home(romeo) }
    const first = await stage.network.open(opening)
    await leaveAs(julietsGhost.id, first.id)
    const second = await stage.network.open(opening)
    expect(second.id).not.toBe(first.id)
    await romeo.join(second.id)
  })
})

describe('a chat of several', () => {
  const nursesGhost: Address = { network: julietsGhost.network, id: '@msn_nurse=40example.com:hs.test' }
  const opening = () => ({
    portal: newPortal(),
    as: stage.network.bot,
    several: { ghosts: [julietsGhost, nursesGhost], name: 'Juliet, Nurse' },
    user: home(romeo),
  })
  const open = async () => {
    const conversation = await stage.network.open(opening())
    await romeo.join(conversation.id)
    return conversation
  }
  const members = async (room: string) =>
    Object.keys((await romeo.call('GET', `rooms/${encodeURIComponent(room)}/joined_members`))['joined'] as object).sort()
  const attendance = (change: 'came' | 'left', who: Address): Content => ({ kind: 'attendance', change, who })
  const all = () => [stage.network.bot.id, julietsGhost.id, nursesGhost.id, romeo.userId].sort()

  it('is a room with the ghost of each, which bears their names and is no direct chat', async () => {
    const settings = opening()
    const { id: room } = await stage.network.open(settings)
    await romeo.join(room)
    expect(await members(room)).toEqual(all())
    const history = await romeo.history(room)
    expect(history.find(({ type }) => type === 'm.room.name')?.content).toEqual({ name: 'Juliet, Nurse' })
    expect(history.find(({ state_key }) => state_key === romeo.userId)?.content).not.toHaveProperty('is_direct')
    expect((await stage.network.open(settings)).id).toBe(room)
  })

  it('carries words both ways, after a restart too', async () => {
    const chat = await open()
    await stage.network.deliver(parcel(chat, 'I come anon', { as: nursesGhost }))
    expect((await romeo.hears(chat.id, 'I come anon')).sender).toBe(nursesGhost.id)
    await stage.replaceNetwork()
    await romeo.says(chat.id, 'Stay but a little')
    const heard = await stage.told.event('message', (event) => event.conversation.id === chat.id)
    expect(heard).toMatchObject({ from: home(romeo), content: plainText('Stay but a little') })
    expect(heard).not.toHaveProperty('with')
  })

  it('is entered and left by ghosts, twice as once; one that speaks comes in by itself', async () => {
    const chat = await open()
    const asBot = { as: stage.network.bot }
    for (let time = 0; time < 2; time++) await stage.network.deliver(parcel(chat, attendance('left', nursesGhost), asBot))
    expect(await members(chat.id)).not.toContain(nursesGhost.id)
    await stage.network.deliver(parcel(chat, 'Madam!', { as: nursesGhost }))
    expect(await members(chat.id)).toEqual(all())
    await stage.network.deliver(parcel(chat, attendance('left', nursesGhost), asBot))
    for (let time = 0; time < 2; time++) await stage.network.deliver(parcel(chat, attendance('came', nursesGhost), asBot))
    expect(await members(chat.id)).toEqual(all())
  })

  it('tells whom the user asks into it, who comes only when it is so, and that the user left', async () => {
    const chat = await open()
    const paris = { network: julietsGhost.network, id: '@msn_paris=40example.com:hs.test' }
    await romeo.call('POST', `rooms/${encodeURIComponent(chat.id)}/invite`, { user_id: paris.id })
    const isHere = (event: { conversation: Conversation }) => event.conversation.id === chat.id
    const invited = await stage.told.event('attendance', isHere)
    expect(invited).toMatchObject({ change: 'invited', who: { network: msn, id: 'paris@example.com' }, by: home(romeo) })
    expect(await members(chat.id)).toEqual(all())
    await stage.network.deliver(parcel(chat, attendance('came', paris), { as: stage.network.bot }))
    expect(await members(chat.id)).toContain(paris.id)
    await romeo.leave(chat.id)
    const left = await stage.told.event('attendance', (event) => isHere(event) && event.change === 'left')
    expect(left).toMatchObject({ who: home(romeo), by: home(romeo) })
    expect(left).not.toHaveProperty('declined')
    expect(stage.told.events.filter((event) => event.kind === 'conversation' && event.conversation.id === chat.id)).toEqual([])
  })

  it('goes on in the room that replaces its own, with the ghosts, and is left by whoever throws our bot out, and by all ghosts then', async () => {
    const open = { type: 'm.room.join_rules', state_key: '', content: { join_rule: 'public' } }
    const body = { preset: 'trusted_private_chat', invite: [stage.network.bot.id], initial_state: [open] }
    const before = String((await romeo.call('POST', 'createRoom', body))['room_id'])
    const isBot = ({ state_key, content }: { state_key?: string; content: Readonly<Record<string, unknown>> }) =>
      state_key === stage.network.bot.id && content['membership'] === 'join'
    await romeo.sees(before, isBot)
    await stage.network.open({ ...opening(), into: { network: stage.network.id, id: before } })
    const path = `rooms/${encodeURIComponent(before)}/upgrade`
    const after = String((await romeo.call('POST', path, { new_version: '12' }))['replacement_room'])
    const moved = await stage.told.event('moved', ({ conversation }) => conversation.id === before)
    expect(moved.to.id).toBe(after)
    await romeo.sees(before, ({ state_key, content }) => state_key === stage.network.bot.id && content['membership'] === 'leave')
    expect(await members(after)).toEqual(all())
    expect(await members(before)).toEqual([romeo.userId])
    await romeo.call('POST', `rooms/${encodeURIComponent(after)}/kick`, { user_id: stage.network.bot.id })
    const left = await stage.told.event('attendance', ({ conversation }) => conversation.id === after)
    expect(left).toMatchObject({ change: 'left', who: home(romeo), by: home(romeo) })
    for (const { id } of [julietsGhost, nursesGhost])
      await romeo.sees(after, ({ state_key, content }) => state_key === id && content['membership'] === 'leave')
    expect(await members(after)).toEqual([romeo.userId])
  })

  it('is left by all ghosts when our bot is banned, which does not see them any more', async () => {
    const body = { preset: 'private_chat', invite: [stage.network.bot.id] }
    const room = String((await romeo.call('POST', 'createRoom', body))['room_id'])
    const is = (membership: string, id: string) => (event: { state_key?: string; content: Readonly<Record<string, unknown>> }) =>
      event.state_key === id && event.content['membership'] === membership
    await romeo.sees(room, is('join', stage.network.bot.id))
    await stage.network.open({ ...opening(), into: { network: stage.network.id, id: room } })
    await romeo.call('POST', `rooms/${encodeURIComponent(room)}/ban`, { user_id: stage.network.bot.id })
    for (const { id } of [julietsGhost, nursesGhost]) await romeo.sees(room, is('leave', id))
    expect(await members(room)).toEqual([romeo.userId])
  })

  it('tells that a user declined to come', async () => {
    const { id: room } = await stage.network.open(opening())
    await romeo.leave(room)
    const left = await stage.told.event('attendance', (event) => event.conversation.id === room)
    expect(left).toMatchObject({ change: 'left', declined: true, who: home(romeo), by: home(romeo) })
  })

  it('is brought back to a user who left it, without those who do not belong to it any more', async () => {
    const settings = opening()
    const { id: room } = await stage.network.open(settings)
    await romeo.join(room)
    await romeo.leave(room)
    const several = { ...settings.several, ghosts: [julietsGhost] }
    expect((await stage.network.open({ ...settings, several, reason: 'Come back' })).id).toBe(room)
    await romeo.join(room)
    expect(await members(room)).toEqual([stage.network.bot.id, julietsGhost.id, romeo.userId].sort())
  })
})

describe('an invitation to a chat', () => {
  it('says why, and that it is a direct chat', async () => {
    const balthasar = await stage.addUser('balthasar')
    const opening = { portal: newPortal(), as: julietsGhost, user: home(balthasar), reason: 'Art thou not Romeo?' }
    await stage.network.open(opening)
    const room = await balthasar.isInvitedBy(julietsGhost.id)
    await balthasar.join(room)
    const members = await balthasar.history(room)
    const invitation = members.find(
      ({ state_key, content }) => state_key === balthasar.userId && content['membership'] === 'invite',
    )
    expect(invitation?.content).toMatchObject({ reason: 'Art thou not Romeo?', is_direct: true })
  })

  it('tells when it is accepted, under the name of who came, and when it is declined', async () => {
    const peter = await stage.addUser('peter')
    const name = encodeURIComponent(peter.userId)
    await peter.call('PUT', `profile/${name}/displayname`, { displayname: 'Peter the page' })
    const opening = { portal: newPortal(), as: julietsGhost, user: home(peter) }
    const { id: room } = await stage.network.open(opening)
    const changes = () =>
      stage.told.events.flatMap((event) =>
        event.kind === 'conversation' && event.conversation.id === room ? [event.change] : [],
      )
    await peter.leave(room)
    await stage.told.event('conversation', (event) => event.conversation.id === room && event.change === 'declined')
    await stage.network.open(opening)
    await peter.join(room)
    const joined = await stage.told.event('conversation', (event) => event.conversation.id === room && event.change === 'joined')
    expect(joined).toMatchObject({ by: home(peter), byName: 'Peter the page', with: juliet })
    await peter.call('PUT', `profile/${name}/displayname`, { displayname: 'Peter' })
    await peter.leave(room)
    await stage.told.event('conversation', (event) => event.conversation.id === room && event.change === 'left')
    expect(changes()).toEqual(['declined', 'joined', 'left'])
  })
})

describe('the bot in a chat', () => {
  it.each([
    ['that the ghost began', async () => (await chatFromJuliet()).id],
    ['that the user began', async () => romeo.startChat(julietsGhost.id)],
  ])('%s is there from the beginning', async (_, begin) => {
    const room = await begin()
    const bot = stage.network.bot.id
    await romeo.sees(room, ({ state_key, content }) => state_key === bot && content['membership'] === 'join')
    await stage.network.deliver(parcel({ network: stage.network.id, id: room }, 'You: Hist!', { as: stage.network.bot }))
    expect(await romeo.hears(room, 'You: Hist!')).toMatchObject({ sender: bot })
    await romeo.says(room, 'with a ghost all the same')
    await stage.told.event('message', (event) => event.conversation.id === room && event.with?.id === juliet.id)
  })

  it('that it is not in any more comes back when it has something to say', async () => {
    const bot = stage.network.bot.id
    const conversation = await chatFromJuliet()
    await leaveAs(bot, conversation.id)
    await stage.network.deliver(parcel(conversation, 'You: Hist!', { as: stage.network.bot }))
    expect(await romeo.hears(conversation.id, 'You: Hist!')).toMatchObject({ sender: bot })
  })
})

describe('a room that a user has named', () => {
  const opening = (room: string) => ({
    ...{ portal: newPortal(), as: julietsGhost, user: home(romeo) },
    into: { network: stage.network.id, id: room },
  })
  const bot = () => stage.network.bot.id
  const makeRoom = async (more: object) =>
    String((await romeo.call('POST', 'createRoom', { preset: 'private_chat', invite: [bot()], ...more }))['room_id'])
  const withBot = async (more: object = {}) => {
    const room = await makeRoom(more)
    await romeo.sees(room, ({ state_key, content }) => state_key === bot() && content['membership'] === 'join')
    return room
  }

  const roomOfTybalt = async () => {
    const tybalt = await stage.addUser('tybalt-at-home')
    const body = { preset: 'private_chat', invite: [bot(), romeo.userId] }
    const room = String((await tybalt.call('POST', 'createRoom', body))['room_id'])
    await romeo.join(room)
    await romeo.sees(room, ({ state_key, content }) => state_key === bot() && content['membership'] === 'join')
    return room
  }

  it('has the ghost come in by way of our bot, says where it leads, and carries words both ways', async () => {
    const benvolio = await stage.addUser('benvolio-in-the-orchard')
    const room = await withBot({
      invite: [bot(), benvolio.userId],
      power_level_content_override: { users: levels(romeo, bot()) },
    })
    await benvolio.join(room)
    const chat = await stage.network.open(opening(room))
    expect(chat.id).toBe(room)
    await romeo.sees(room, ({ type }) => type === 'uk.half-shot.bridge')
    await stage.network.deliver(parcel(chat, 'Three words, dear Romeo'))
    expect(await romeo.hears(room, 'Three words')).toMatchObject({ sender: julietsGhost.id })
    await romeo.says(room, 'I would I were thy bird')
    await stage.told.event('message', (event) => event.conversation.id === room && event.with?.id === juliet.id)
  })

  it.each([
    ['our bot is not', () => makeRoom({ invite: [] }), 'matrix.bot-not-here'],
    ['the user has no say', () => roomOfTybalt(), 'matrix.no-power'],
    ['our bot may not invite', () => withBot({ power_level_content_override: { invite: 50 } }), 'matrix.may-not-invite'],
    [
      'everything is encrypted',
      () =>
        withBot({
          initial_state: [{ type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } }],
        }),
      'matrix.encrypted-room',
    ],
  ])('is refused where %s', async (_, make, key) => {
    const room = await make()
    const refusal = await stage.network.open(opening(room)).catch((error) => error)
    expect(refusal).toBeInstanceOf(ContentRefused)
    expect(refusal).toMatchObject({ phrase: { key } })
  })

  it('is left to its people when it ends, and is not closed for them', async () => {
    const room = await withBot()
    await stage.network.open(opening(room))
    for (let time = 0; time < 2; time++)
      await stage.network.end(opening(room).into, { key: 'portal.closed', params: { name: 'Juliet' } }, { forUser: true })
    const members = await romeo.call('GET', `rooms/${encodeURIComponent(room)}/joined_members`)
    expect(Object.keys(members['joined'] as object)).toEqual([romeo.userId])
  })
})

describe('a room of ours that ends', () => {
  it('is closed for the user where they shall not keep it, and is made anew at the next word', async () => {
    const opening = { portal: newPortal(), as: julietsGhost, user: home(romeo) }
    const first = await stage.network.open(opening)
    await romeo.join(first.id)
    await stage.network.end(first, { key: 'portal.closed', params: { name: 'Juliet' } }, { forUser: true })
    const { joined_rooms: rooms } = await romeo.call('GET', 'joined_rooms')
    expect(rooms).not.toContain(first.id)
    expect((await stage.network.open(opening)).id).not.toBe(first.id)
  })
})

describe('what was said a while ago', () => {
  it('keeps its time', async () => {
    const chat = await chatFromJuliet()
    const sentAt = Date.parse('2009-02-13T23:31:30Z')
    const { id } = await stage.network.deliver(parcel(chat, 'left while you were away', { sentAt }))
    const found = await romeo.call('GET', `rooms/${encodeURIComponent(chat.id)}/event/${encodeURIComponent(id)}`)
    expect(found['origin_server_ts']).toBe(sentAt)
  })
})

describe('the presence of a user', () => {
  it('is told, with their message, and that of ghosts is not', async () => {
    await chatFromJuliet()
    const status = (presence: string, message: string) =>
      romeo.call('PUT', `presence/${encodeURIComponent(romeo.userId)}/status`, { presence, status_msg: message })
    await status('unavailable', 'in the orchard')
    const seen = await stage.told.event('presence', ({ presence }) => presence.message === 'in the orchard')
    expect(seen).toEqual({
      kind: 'presence',
      of: home(romeo),
      presence: { status: expect.any(String), message: 'in the orchard' },
    })
    stage.network.signal({ kind: 'presence', as: julietsGhost, presence: { status: 'online', message: 'on the balcony' } })
    await status('online', 'climbing')
    await stage.told.event('presence', ({ presence }) => presence.message === 'climbing')
    expect(stage.told.events.filter((event) => event.kind === 'presence' && event.of.id !== romeo.userId)).toEqual([])
  })
})

describe('a chat that the user begins', () => {
  it('is joined by a ghost that did not exist before, and told of', async () => {
    const room = await romeo.startChat('@msn_nurse=40example.com:hs.test')
    const opened = await stage.told.event('conversation', (event) => event.conversation.id === room)
    expect(opened).toMatchObject({ change: 'opened', by: home(romeo), with: { network: msn, id: 'nurse@example.com' } })
    await romeo.sees(
      room,
      (event) => event.type === 'm.room.member' && event.content['membership'] === 'join' && event.state_key !== romeo.userId,
    )
  })

  it('is declined, with the reason, when somebody else is in it', async () => {
    const tybalt = await stage.addUser('tybalt')
    const room = await romeo.startChat(tybalt.userId, julietsGhost.id)
    const left = await romeo.sees(room, (event) => event.state_key === julietsGhost.id && event.content['membership'] === 'leave')
    expect(left.content['reason']).toMatch(/nobody but you and me/)
    expect(stage.told.events.filter((event) => event.kind === 'conversation' && event.conversation.id === room)).toEqual([])
  })

  it('is told of as one that cannot be read when it is encrypted', async () => {
    const body = {
      preset: 'trusted_private_chat',
      invite: [julietsGhost.id],
      initial_state: [{ type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } }],
    }
    const room = String((await romeo.call('POST', 'createRoom', body))['room_id'])
    const told = await stage.told.event('conversation', (event) => event.conversation.id === room)
    expect(told).toMatchObject({ change: 'unreadable', by: home(romeo), with: juliet })
  })

  it('can be turned away, with a word to the user, twice', async () => {
    const room = await romeo.startChat(julietsGhost.id)
    const { conversation } = await stage.told.event('conversation', (event) => event.conversation.id === room)
    const phrase = { key: 'delivery.not-signed-in', params: { network: 'msn' } } as const
    await stage.network.turnAway(conversation, julietsGhost, phrase)
    await stage.network.turnAway(conversation, julietsGhost, phrase)
    await romeo.hears(room, 'You are not signed in to msn. Write "login" to the bot to sign in.')
    await romeo.sees(room, (event) => event.state_key === julietsGhost.id && event.content['membership'] === 'leave')
  })
})

describe('text', () => {
  it('arrives from the ghost with its formatting, and carries the id of its delivery', async () => {
    const chat = await chatFromJuliet()
    const runs = [{ text: 'Good ' }, { text: 'night', style: { bold: true } as const }]
    const sent = parcel(chat, { kind: 'text', runs })
    const { id } = await stage.network.deliver(sent)
    const heard = await romeo.hears(chat.id, 'Good night')
    expect(heard).toMatchObject({ event_id: id, sender: julietsGhost.id })
    expect(heard.content).toMatchObject({ formatted_body: 'Good <strong>night</strong>', 'dev.nudge.delivery': sent.id })
  })

  it('arrives from the user in the order in which it was written, and not from the ghost', async () => {
    const chat = await chatFromJuliet()
    await stage.network.deliver(parcel(chat, 'an echo of us'))
    for (let number = 1; number <= 20; number++) await romeo.says(chat.id, `line ${number}`)
    await romeo.says(chat.id, { msgtype: 'm.emote', body: 'sighs' })
    const last = await stage.told.event(
      'message',
      (event) => event.conversation.id === chat.id && event.content.kind === 'action',
    )
    expect(last).toMatchObject({ from: home(romeo), content: { runs: [{ text: 'sighs' }] } })
    const here = stage.told.events.filter((event) => event.kind === 'message' && event.conversation.id === chat.id)
    const texts = here.map((event) => (event.kind === 'message' && 'runs' in event.content ? event.content.runs[0]?.text : ''))
    expect(texts).toEqual([...Array.from({ length: 20 }, (_, index) => `line ${index + 1}`), 'sighs'])
  })

  it('that cannot be carried is answered, not lost', async () => {
    const chat = await chatFromJuliet()
    const picture = await romeo.says(chat.id, { msgtype: 'm.image', body: 'rose.png', url: 'mxc://hs.test/rose' })
    const answer = await romeo.sees(chat.id, (event) => JSON.stringify(event.content['m.relates_to'])?.includes(picture))
    expect(answer.content['body']).toMatch(/^Not delivered: for pictures and files/)
    expect(answer.sender).toBe(stage.network.bot.id)
  })

  it('of an outcome answers the message that it is about', async () => {
    const chat = await chatFromJuliet()
    const of = (await romeo.says(chat.id, 'Are you there?')) as RemoteId
    await stage.network.deliver(parcel(chat, { kind: 'outcome', of, state: 'waiting', phrase: { key: 'delivery.unreachable' } }))
    const heard = await romeo.hears(chat.id, 'the other network cannot be reached at the moment.')
    expect(heard.content).toMatchObject({ msgtype: 'm.notice', 'm.relates_to': { 'm.in_reply_to': { event_id: of } } })
  })
})

describe('a delivery', () => {
  const copies = async (room: string, id: DeliveryId) =>
    (await romeo.messages(room)).filter((event) => event.content['dev.nudge.delivery'] === id)

  it('that is made twice is one event', async () => {
    const chat = await chatFromJuliet()
    const twice = parcel(chat, 'once is enough')
    const { id: first } = await stage.network.deliver(twice)
    expect(await stage.network.deliver(twice)).toEqual({ id: first })
    expect(await copies(chat.id, twice.id)).toHaveLength(1)
  })

  it('that may have been made before Synapse was restarted is looked for first', async () => {
    const chat = await chatFromJuliet()
    const lost = parcel(chat, 'did you get this?')
    const fresh = parcel(chat, 'and this?', { again: true })
    const { id: first } = await stage.network.deliver(lost)
    await stage.synapse.halt('SIGKILL')
    await expect(stage.network.deliver(parcel(chat, 'is anybody there?'))).rejects.toBeInstanceOf(NetworkUnreachable)
    await stage.synapse.resume()
    expect(await stage.network.deliver({ ...lost, again: true })).toEqual({ id: first })
    await stage.network.deliver(fresh)
    expect(await copies(chat.id, lost.id)).toHaveLength(1)
    expect(await copies(chat.id, fresh.id)).toHaveLength(1)
  })

  it('into a room that our ghost may not enter is refused with a reason', async () => {
    const room = await romeo.startChat()
    const refusal = await stage.network
      .deliver(parcel({ network: stage.network.id, id: room }, 'let me in'))
      .catch((error) => error)
    expect(refusal).toBeInstanceOf(ContentRefused)
    expect(refusal).toMatchObject({ phrase: { key: 'matrix.room-gone' } })
  })
})

const noPicture = async () => undefined

describe('a ghost', () => {
  const name = async () => (await romeo.call('GET', `profile/${encodeURIComponent(julietsGhost.id)}`))['displayname']

  it('goes by the name of the person that it stands for', async () => {
    await stage.network.introduce({ of: juliet, on: stage.network.id, name: 'Juliet ♥' }, noPicture)
    await stage.network.introduce({ of: juliet, on: stage.network.id, name: 'Juliet ♥' }, noPicture)
    expect(await name()).toBe('Juliet ♥')
    await stage.network.introduce({ of: juliet, on: stage.network.id, name: 'Juliet\n(busy)' }, noPicture)
    expect(await name()).toBe('Juliet (busy)')
  })

  it('types as the person does', async () => {
    const chat = await chatFromJuliet()
    stage.network.signal({ kind: 'typing', conversation: chat, as: julietsGhost, typing: true })
    await romeo.seesTyping(chat.id, julietsGhost.id, true)
    stage.network.signal({ kind: 'typing', conversation: chat, as: julietsGhost, typing: false })
    await romeo.seesTyping(chat.id, julietsGhost.id, false)
  })

  it('is there when the person is', async () => {
    await chatFromJuliet()
    const as = julietsGhost
    stage.network.signal({ kind: 'presence', as, presence: { status: 'online' } })
    stage.network.signal({ kind: 'presence', as, presence: { status: 'lunch', message: 'on the balcony' } })
    const presence = () => romeo.call('GET', `presence/${encodeURIComponent(as.id)}/status`)
    await expect
      .poll(presence, { timeout: 30_000 })
      .toMatchObject({ presence: 'unavailable', status_msg: 'Out to lunch: on the balcony' })
  })

  it('hears when the user types, once for each change', async () => {
    const chat = await chatFromJuliet()
    const isHere = (typing: boolean) => (event: { conversation: Conversation; typing: boolean }) =>
      event.conversation.id === chat.id && event.typing === typing
    await romeo.types(chat.id, true)
    expect((await stage.told.event('typing', isHere(true))).from).toEqual(home(romeo))
    await romeo.types(chat.id, false)
    await stage.told.event('typing', isHere(false))
    expect(stage.told.events.filter((event) => event.kind === 'typing' && event.conversation.id === chat.id)).toHaveLength(2)
  })
})

describe('the bot', () => {
  it('welcomes whoever starts a chat with it, and takes a password out of it', async () => {
    const room = await romeo.startChat(stage.network.bot.id)
    await romeo.sees(room, (event) => /Write "help"/.test(String(event.content['body'])))
    const password = await romeo.says(room, ' s3cret, with spaces ')
    const request = await stage.told.event('request', (event) => event.conversation.id === room)
    expect(request).toMatchObject({ id: password, from: home(romeo), text: ' s3cret, with spaces ' })
    await request.redact()
    await romeo.sees(room, (event) => event.type === 'm.room.redaction')
    expect(JSON.stringify(await romeo.messages(room))).not.toContain('s3cret')
  })

  it('says so when it may not take a message out', async () => {
    const body = { preset: 'private_chat', is_direct: true, invite: [stage.network.bot.id] }
    const room = String((await romeo.call('POST', 'createRoom', body))['room_id'])
    await romeo.sees(room, (event) => /Write "help"/.test(String(event.content['body'])))
    await romeo.says(room, 'hunter2')
    const request = await stage.told.event('request', (event) => event.conversation.id === room)
    await expect(request.redact()).rejects.toThrow(/M_FORBIDDEN/)
  })

  it('does not take for a command what is said among others', async () => {
    const mercutio = await stage.addUser('mercutio')
    const room = await romeo.startChat(stage.network.bot.id, mercutio.userId)
    await romeo.sees(room, (event) => event.state_key === stage.network.bot.id && event.content['membership'] === 'join')
    await mercutio.join(room)
    await romeo.says(room, 'a plague on both your houses')
    const chat = await chatFromJuliet()
    await romeo.says(chat.id, 'after the plague')
    await stage.told.event('message', (event) => event.conversation.id === chat.id)
    expect(stage.told.events.filter((event) => 'conversation' in event && event.conversation.id === room)).toEqual([])
  })
})

describe('the homeserver', () => {
  it('repeats what could not be made safe until it is, in order and without doubling what was', async () => {
    const chat = await chatFromJuliet()
    const isHere = (event: { kind: string; conversation?: Conversation }) =>
      event.kind === 'message' && event.conversation?.id === chat.id
    let refusals = 2
    stage.told.before = async (event) => {
      if (event.kind === 'message' && event.content.kind === 'text' && event.content.runs[0]?.text === 'second' && refusals-- > 0)
        throw new Error('the store is away')
    }
    for (const text of ['first', 'second', 'third']) await romeo.says(chat.id, text)
    await stage.told.event(
      'message',
      (event) => isHere(event) && event.content.kind === 'text' && event.content.runs[0]?.text === 'third',
    )
    stage.told.before = async () => {}
    const texts = stage.told.events.filter(isHere).map((event) => JSON.stringify(event))
    expect(texts.map((text) => /first|second|third/.exec(text)?.[0])).toEqual(['first', 'second', 'third'])
    expect(refusals).toBe(-1)
  })

  it('is not held up by a message that brings out a fault of ours, and its sender learns of it', async () => {
    const chat = await chatFromJuliet()
    stage.told.before = async (event) => {
      if (event.kind === 'message' && event.content.kind === 'action') throw new TypeError('a fault')
    }
    const poison = await romeo.says(chat.id, { msgtype: 'm.emote', body: 'drinks' })
    await romeo.says(chat.id, 'here is to my love')
    await stage.told.event('message', (event) => event.conversation.id === chat.id)
    stage.told.before = async () => {}
    const answer = await romeo.sees(chat.id, (event) => JSON.stringify(event.content['m.relates_to'])?.includes(poison))
    expect(answer.content['body']).toMatch(/a fault on our side/)
  })

  it('pushes what was said while we were away', async () => {
    const chat = await chatFromJuliet()
    await stage.network.stop()
    await romeo.says(chat.id, 'while you were away')
    await stage.replaceNetwork()
    await stage.told.event('message', (event) => event.conversation.id === chat.id)
  })
})

describe('what stands between the homeserver and us', () => {
  /** A network with other settings, and what it logs. */
  async function start(settings: Partial<MatrixConfig>) {
    const lines = new Lines()
    const network = makeNetwork({ ...stage.config, ...settings }, new MemoryRecords(), lines)
    await network.start(async () => {})
    return { lines, network }
  }

  it('is said once while the homeserver is down, and is over when it comes up', async () => {
    await stage.lines.line(/reach each other/)
    expect(stage.lines.lines[0]).toMatch(/does not answer .* Trying again/)
    expect(stage.lines.lines.filter((line) => /does not answer/.test(line))).toHaveLength(1)
  })

  it('is said when it is our token', async () => {
    const { lines, network } = await start({ asToken: new Secret(newToken()), listen: { host: '127.0.0.1', port: 0 } })
    expect(network.port).toBeGreaterThan(0)
    await lines.line(/does not know our as_token/)
    await network.stop()
  })

  it('is said when it is the token of the homeserver', async () => {
    await stage.network.stop()
    const { lines, network } = await start({ hsToken: new Secret(newToken()) })
    await lines.line(/wrong hs_token/)
    await network.stop()
    await stage.replaceNetwork()
  })

  it('is said when it is the id', async () => {
    const { lines, network } = await start({ registrationId: 'other', listen: { host: '127.0.0.1', port: 0 } })
    await lines.line(/another id than "other"/)
    await network.stop()
  })

  it('is said when the homeserver cannot reach us', async () => {
    await stage.network.stop()
    const { lines, network } = await start({ listen: { host: '127.0.0.1', port: 0 } })
    await lines.line(/cannot reach us/)
    await network.stop()
    await stage.replaceNetwork()
  })

  it('stops the start when it is our port', async () => {
    const late = makeNetwork(stage.config, new MemoryRecords(), new Lines())
    await expect(late.start(async () => {})).rejects.toThrow(StartError)
    await late.stop()
  })
})
