// What becomes of what somebody says from Element: answers, changes, what is taken back, and what they are told of it.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`

let world: World
let romeo: MatrixUser
let juliet: MsnUser
/** Romeo's room with Juliet. */
let room: string
/** Romeo's address on our own MSN server. */
let romeos: string

beforeAll(async () => {
  world = await World.start({ verona: 'new' })
  romeo = await world.matrixUser('romeo')
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet Capulet')
  room = await romeo.startChat(ghostOf('msn', juliet.account))
  await romeo.says(room, 'Hist!')
  romeos = (await juliet.hears('Hist!')).from
})

afterAll(async () => {
  await world?.stop()
})

const text = (body: string) => ({ msgtype: 'm.text', body })
const answering = (event: string) => ({ 'm.relates_to': { 'm.in_reply_to': { event_id: event } } })
const anew = (event: string, body: string) => ({
  ...text(`* ${body}`),
  'm.new_content': text(body),
  'm.relates_to': { rel_type: 'm.replace', event_id: event },
})

async function takeBack(user: MatrixUser, where: string, event: string): Promise<void> {
  await user.call('PUT', `rooms/${encodeURIComponent(where)}/redact/${encodeURIComponent(event)}/${randomUUID()}`, {})
}

async function react(event: string, key: string): Promise<void> {
  const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: event, key } }
  await romeo.call('PUT', `rooms/${encodeURIComponent(room)}/send/m.reaction/${randomUUID()}`, content)
}

interface Relation {
  readonly rel_type?: string
  readonly event_id?: string
  readonly 'm.in_reply_to'?: { readonly event_id?: string }
}

const relationOf = ({ content }: SeenEvent): Relation => (content['m.relates_to'] ?? {}) as Relation

/** Whether an event is what the bot says of a message. */
const isNoticeOf = (message: string) => (event: SeenEvent) =>
  event.sender === bot && event.content['msgtype'] === 'm.notice' && relationOf(event)['m.in_reply_to']?.event_id === message

/** What the bot says of a message, and, once it is changed, what it says then. */
function noticeOf(user: MatrixUser, where: string, message: string): Promise<SeenEvent> {
  return user.sees(where, isNoticeOf(message))
}

async function changeOf(user: MatrixUser, where: string, notice: SeenEvent): Promise<string> {
  const isChange = (event: SeenEvent) =>
    relationOf(event).rel_type === 'm.replace' && relationOf(event).event_id === notice.event_id
  const change = await user.sees(where, isChange)
  return String((change.content['m.new_content'] as { body?: unknown }).body)
}

describe('in a chat with somebody who is there', () => {
  it('an answer shows what it answers, and so does a word in a thread', async () => {
    await juliet.says(romeos, 'What o’clock tomorrow\nshall I send to thee?')
    const asked = await romeo.hears(room, 'o’clock')
    await romeo.says(room, { ...text('By the hour of nine.'), ...answering(asked.event_id) })
    expect(await juliet.hears('the hour of nine')).toMatchObject({
      text: '> Juliet Capulet: What o’clock tomorrow\nBy the hour of nine.',
    })
    const inThread = { 'm.relates_to': { rel_type: 'm.thread', event_id: asked.event_id } }
    await romeo.says(room, { ...text('I will not fail.'), ...inThread })
    expect((await juliet.hears('I will not fail.')).text).toBe(
      '(in the thread "What o’clock tomorrow", begun by Juliet Capulet)\nI will not fail.',
    )
  })

  it('an answer to something of another chat shows nothing of it', async () => {
    const nurse = await world.msnUser(world.nudge, `nurse@${domains.msn}`, 'Nurse')
    const other = await romeo.startChat(ghostOf('msn', nurse.account))
    await romeo.says(other, 'Commend me to thy lady.')
    await nurse.says((await nurse.hears('Commend me')).from, 'A secret of the nurse')
    const secret = await romeo.hears(other, 'A secret')
    await romeo.says(room, { ...text('Is thy news good?'), ...answering(secret.event_id) })
    expect((await juliet.hears('Is thy news good?')).text).toBe('Is thy news good?')
  })

  it('a change of what was delivered is said once more, marked, after what came between', async () => {
    const first = await romeo.says(room, 'But sfot! What light')
    await romeo.says(room, 'It is the east')
    await romeo.says(room, anew(first, 'But soft! What light'))
    await juliet.hears('* But soft! What light')
    await romeo.says(room, anew(first, 'But soft! What light?'))
    await juliet.hears('What light?')
    expect(juliet.heard.slice(-4).map((heard) => heard.text)).toEqual([
      'But sfot! What light',
      'It is the east',
      '* But soft! What light',
      '* But soft! What light?',
    ])
  })

  it('a change of what Juliet said is told to be none', async () => {
    await juliet.says(romeos, 'Deny thy father')
    const hers = await romeo.hears(room, 'Deny thy father')
    const stolen = await romeo.says(room, anew(hers.event_id, 'Deny thy mother'))
    expect((await noticeOf(romeo, room, stolen)).content['body']).toContain('somebody else’s')
  })

  it('a smiley is told in a line, with what it is put to', async () => {
    await juliet.says(romeos, 'Parting is such sweet sorrow')
    await react((await romeo.hears(room, 'Parting')).event_id, '🎉')
    expect((await juliet.hears('sweet sorrow"')).text).toBe('reacted 🎉 to "Parting is such sweet sorrow"')
  })

  it('what was delivered and is taken back is told to be there still', async () => {
    const said = await romeo.says(room, 'I hate thee')
    await juliet.hears('I hate thee')
    await takeBack(romeo, room, said)
    const notice = await noticeOf(romeo, room, said)
    expect(notice.content['body']).toBe('It was delivered already, and cannot be taken back there: they can still read it.')
  })

  it('the bot tells the way of a message to whoever asks about it', async () => {
    const said = await romeo.says(room, 'O, speak again, bright angel')
    await juliet.hears('bright angel')
    await romeo.says(room, { ...text('!msn trace'), ...answering(said) })
    const told = await romeo.hears(room, 'confirmed it (ACK)')
    const steps = String(told.content['body'])
    const order = ['taken in and queued', 'the last try began', 'the MSN server confirmed it (ACK)', 'delivered']
    expect(order.map((step) => steps.indexOf(step))).toEqual([...order.map((step) => steps.indexOf(step))].sort((a, b) => a - b))
    expect(steps).not.toContain('bright angel')
    expect(juliet.heard.map((heard) => heard.text)).not.toContain('!msn trace')
  })
})

describe('in a chat with somebody who is away', () => {
  it('messages wait with a clock, can be changed and taken back, and are said to be delivered once they are', async () => {
    const account = `balthasar@${domains.msn}`
    await world.addAccount(world.nudge, account, 'post-horses-7')
    const there = await romeo.startChat(ghostOf('msn', account))
    const [first, second, third] = [
      await romeo.says(there, 'Is it evne so?'),
      await romeo.says(there, 'Then I deny you, stars!'),
      await romeo.says(there, 'Get me ink and paper'),
    ]
    const notices = [
      await noticeOf(romeo, there, first),
      await noticeOf(romeo, there, second),
      await noticeOf(romeo, there, third),
    ]
    for (const { content } of notices) expect(content['body']).toContain(`🕓 Not delivered yet: ${account} is offline.`)
    await romeo.says(there, anew(first, 'Is it even so?'))
    await takeBack(romeo, there, second)
    expect(await changeOf(romeo, there, notices[1] as SeenEvent)).toContain('You took this back before it was delivered')
    await romeo.says(there, { ...text('!msn trace'), ...answering(third) })
    await romeo.hears(there, 'waiting; in the queue before it: 1')

    const balthasar = await world.signIn(world.nudge, account, 'post-horses-7')
    await balthasar.hears('Get me ink and paper')
    expect(balthasar.heard.map((heard) => heard.text)).toEqual(['Is it even so?', 'Get me ink and paper'])
    for (const index of [0, 2]) expect(await changeOf(romeo, there, notices[index] as SeenEvent)).toBe('✅ Delivered.')
  })

  it('MSN keeps the words where it can, and says so', async () => {
    const { verona } = world
    if (!verona) throw new Error('no verona')
    const [account, rosaline] = [`benvolio@${domains.verona}`, `rosaline@${domains.verona}`]
    await world.addAccount(verona, account, 'peace-11')
    await world.addAccount(verona, rosaline, 'diana-12')
    const benvolio = await world.matrixUser('benvolio')
    const talk = await benvolio.startChat(bot)
    await benvolio.says(talk, 'login')
    await benvolio.hears(talk, 'Your account on verona')
    await benvolio.says(talk, account)
    await benvolio.hears(talk, `The password of ${account}`)
    await benvolio.says(talk, 'peace-11')
    await benvolio.hears(talk, `Signed in to verona as ${account}`)
    await benvolio.says(talk, `add-contact ${rosaline}`)
    const there = await benvolio.startChat(ghostOf('verona', rosaline))
    const said = await benvolio.says(there, 'Be ruled by me')
    expect((await noticeOf(benvolio, there, said)).content['body']).toBe(
      `${rosaline} is offline. The network keeps your message for them until they sign in.`,
    )
    await benvolio.says(there, { ...text('!msn trace'), ...answering(said) })
    await benvolio.hears(there, `the MSN server keeps it until ${rosaline} signs in`)
  })
})

it('a message to somebody who does not exist is told to have failed, and why; so is a change of it', async () => {
  const there = await romeo.startChat(ghostOf('msn', `nobody@${domains.msn}`))
  const said = await romeo.says(there, 'Where is Romeo?')
  expect((await noticeOf(romeo, there, said)).content['body']).toBe(
    `Not delivered: there is no account nobody@${domains.msn} on that network.`,
  )
  const change = await romeo.says(there, anew(said, 'Where is Mercutio?'))
  expect((await noticeOf(romeo, there, change)).content['body']).toContain('Please write it anew')
})
