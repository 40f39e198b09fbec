// Chats of several people, between networks without wires.

import { describe, expect, it } from 'vitest'
import type { Utterance } from '../../src/core/content.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import { ContentRefused } from '../../src/core/errors.ts'
import type { AttendanceEvent, MessageEvent, RemoteId } from '../../src/core/event.ts'
import type { Status } from '../../src/core/signal.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

const romeoOnMsn = 'ghost:matrix:romeo'
const ghost = (name: string) => `ghost:msn:${name}@example.com`

let count = 0
const nextId = () => `e${count++}` as RemoteId

/** What a network was told to do: who said or did what, where. */
function done(network: FakeNetwork) {
  return network.delivered.map(({ as, conversation, content }) => [
    as.id,
    conversation.id,
    content.kind === 'attendance'
      ? `${content.who.id} ${content.change}`
      : content.kind === 'text'
        ? wordsOf(content)
        : content.kind,
  ])
}

/** Juliet and the nurse talk with Romeo, who is hosted, in one chat. */
async function threeTalk() {
  const world = await fakeGateway()
  const { home, hosted, settle, stores } = world
  const [juliet, nurse, paris] = ['juliet', 'nurse', 'paris'].map((name) => hosted.person(`${name}@example.com`))
  if (!juliet || !nurse || !paris) throw new Error('nobody is there')
  hosted.several.set('several-1', [juliet, nurse])
  const chair = { network: hosted.id, id: 'several-1', as: hosted.person(romeoOnMsn) }
  const room = { network: home.id, id: 'room-1' }
  await stores.ghosts.save({ of: juliet, on: home.id, name: 'Juliet' })
  await stores.ghosts.save({ of: nurse, on: home.id, name: 'Nurse' })
  const says = (from: typeof juliet, content: Utterance | string): MessageEvent => ({
    kind: 'message',
    id: nextId(),
    conversation: chair,
    from,
    content: typeof content === 'string' ? plainText(content) : content,
    sentAt: 1,
  })
  const attends = (who: typeof juliet, change: 'came' | 'left'): AttendanceEvent => ({
    kind: 'attendance',
    id: nextId(),
    conversation: chair,
    change,
    who,
  })
  const answers = (text: string, from = 'romeo'): MessageEvent => ({
    kind: 'message',
    id: nextId(),
    conversation: room,
    from: home.person(from),
    content: plainText(text),
    sentAt: 1,
  })
  const atHome = (change: 'left' | 'invited', who: typeof juliet, by = 'romeo'): AttendanceEvent => ({
    kind: 'attendance',
    id: nextId(),
    conversation: room,
    change,
    who,
    by: home.person(by),
  })
  await hosted.tell(says(juliet, 'Madam!'))
  await settle()
  return { ...world, juliet, nurse, paris, chair, room, says, attends, answers, atHome }
}

describe('a chat of several', () => {
  it('is a room of our bot with a ghost for each of them, named after them', async () => {
    const { home } = await threeTalk()
    expect(home.opened).toMatchObject([
      {
        as: { id: 'bot' },
        user: { id: 'romeo' },
        several: { ghosts: [{ id: ghost('juliet') }, { id: ghost('nurse') }], name: 'Juliet, Nurse' },
      },
    ])
    expect(home.introduced.map(({ name }) => name)).toEqual(expect.arrayContaining(['Juliet', 'Nurse']))
    expect(done(home)).toEqual([[ghost('juliet'), 'room-1', 'Madam!']])
  })

  it('hears each of them as their own ghost, and all of them what the user says', async () => {
    const { home, hosted, nurse, says, answers, settle } = await threeTalk()
    await hosted.tell(says(nurse, { kind: 'nudge' }))
    await home.tell(answers('I come'))
    await settle()
    expect(done(home).at(-1)).toEqual([ghost('nurse'), 'room-1', 'nudge'])
    expect(done(hosted)).toEqual([[romeoOnMsn, 'several-1', 'I come']])
  })

  it('hears from the bot what the user says there with another client', async () => {
    const { home, hosted, chair, says, settle } = await threeTalk()
    await hosted.tell(says(chair.as, 'by myself'))
    await settle()
    expect(done(home).at(-1)).toEqual(['bot', 'room-1', 'You: by myself'])
  })

  it('sees who types, both ways', async () => {
    const { home, hosted, nurse, chair, room } = await threeTalk()
    await hosted.tell({ kind: 'typing', conversation: chair, from: nurse, typing: true })
    await home.tell({ kind: 'typing', conversation: room, from: home.person('romeo'), typing: true })
    expect(home.signals).toMatchObject([{ as: { id: ghost('nurse') }, conversation: room }])
    const typing = hosted.signals.filter(({ kind }) => kind === 'typing')
    expect(typing).toMatchObject([{ as: chair.as, conversation: chair }])
  })

  it('sees those who come and go as their ghosts, in order with what they say', async () => {
    const { home, hosted, paris, nurse, attends, says, settle } = await threeTalk()
    await hosted.tell(attends(paris, 'came'))
    await hosted.tell(says(paris, 'Good day'))
    await hosted.tell(says(nurse, 'I go'))
    await hosted.tell(attends(nurse, 'left'))
    await settle()
    expect(done(home).slice(1)).toEqual([
      ['bot', 'room-1', `${ghost('paris')} came`],
      [ghost('paris'), 'room-1', 'Good day'],
      [ghost('nurse'), 'room-1', 'I go'],
      ['bot', 'room-1', `${ghost('nurse')} left`],
    ])
  })

  it('has no room only because somebody came or went', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const conversation = { network: hosted.id, id: 'several-1', as: hosted.person(romeoOnMsn) }
    const who = hosted.person('juliet@example.com')
    await hosted.tell({ kind: 'attendance', id: nextId(), conversation, change: 'came', who })
    await settle()
    expect(home.opened).toEqual([])
  })

  it('is left when the user leaves the room; the next word brings them back', async () => {
    const { home, hosted, juliet, chair, atHome, attends, says, settle } = await threeTalk()
    await home.tell(atHome('left', home.person('tybalt'), 'tybalt'))
    await home.tell(atHome('left', home.person('romeo')))
    await hosted.tell(attends(juliet, 'came'))
    await settle()
    expect(done(hosted)).toEqual([[romeoOnMsn, 'several-1', `${chair.as.id} left`]])
    expect(home.opened).toHaveLength(1)
    await hosted.tell(says(juliet, 'Romeo?'))
    await settle()
    expect(home.opened).toHaveLength(2)
    expect(done(home).at(-1)).toEqual([ghost('juliet'), 'room-1', 'Romeo?'])
  })

  it('is told of everybody who came or left while its room was being made', async () => {
    const { home, hosted, chair, juliet, nurse, paris, says, attends, settle, stores } = await threeTalk()
    const portal = (await stores.portals.find(chair))?.portal
    if (!portal?.room) throw new Error('there is no room')
    await stores.portals.unbind(portal.id, portal.room)
    await hosted.tell(says(juliet, 'Madam?'))
    await hosted.tell(attends(paris, 'came'))
    await hosted.tell(attends(nurse, 'left'))
    await settle()
    expect(done(home).slice(1)).toEqual([
      [ghost('juliet'), 'room-1', 'Madam?'],
      ['bot', 'room-1', `${ghost('paris')} came`],
      ['bot', 'room-1', `${ghost('nurse')} left`],
    ])
  })

  it('does not bring back a user who left because somebody came before that', async () => {
    const { home, hosted, paris, attends, atHome, settle } = await threeTalk()
    await hosted.tell(attends(paris, 'came'))
    await home.tell(atHome('left', home.person('romeo')))
    await settle()
    expect(home.opened).toHaveLength(1)
    expect(home.delivered).toHaveLength(1)
  })

  it('is blocked to those whom a hosted user does not know, when that user declines to come into it', async () => {
    const { home, hosted, juliet, nurse, atHome, ask, settle } = await threeTalk()
    await ask('help')
    hosted.lists.set(romeoOnMsn, [{ address: nurse, name: 'Nurse', lists: ['forward', 'allow'], groups: [] }])
    await home.tell({ ...atHome('left', home.person('tybalt'), 'tybalt'), declined: true })
    await home.tell({ ...atHome('left', home.person('romeo')), declined: true })
    expect(hosted.edits).toEqual([{ as: romeoOnMsn, change: 'block', who: juliet.id }])
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({ phrase: { key: 'contacts.blocked', params: { account: juliet.id } } })
    expect(done(hosted)).toEqual([[romeoOnMsn, 'several-1', `${romeoOnMsn} left`]])
  })

  it('blocks nobody when a user leaves it who was in it', async () => {
    const { home, hosted, atHome } = await threeTalk()
    await home.tell(atHome('left', home.person('romeo')))
    expect(hosted.edits).toEqual([])
  })

  it('is asked to take in somebody whose ghost the user invites, and nobody else may do that', async () => {
    const { home, hosted, paris, atHome, settle } = await threeTalk()
    await home.tell(atHome('invited', paris, 'tybalt'))
    await home.tell(atHome('invited', paris))
    await settle()
    expect(done(hosted)).toEqual([[romeoOnMsn, 'several-1', 'paris@example.com invited']])
  })

  it('says who cannot be taken in: who does not come, and who lives elsewhere', async () => {
    const { home, hosted, linked, paris, atHome, settle } = await threeTalk()
    hosted.refusals.push(new ContentRefused({ key: 'msn.did-not-come', params: { name: 'Paris' } }))
    const invited = atHome('invited', paris)
    await home.tell(invited)
    await home.tell(atHome('invited', linked.person('benvolio@verona.example')))
    await settle()
    expect(home.delivered.slice(1)).toMatchObject([
      { as: { id: 'bot' }, content: { kind: 'outcome', phrase: { key: 'delivery.other-network' } } },
      { as: { id: 'bot' }, content: { kind: 'attendance', change: 'left', who: { id: 'ghost:verona:benvolio@verona.example' } } },
      { as: { id: 'bot' }, content: { kind: 'attendance', change: 'left', who: { id: ghost('paris') } } },
      { as: { id: 'bot' }, content: { kind: 'outcome', of: invited.id, state: 'failed' } },
    ])
    expect(done(hosted)).toEqual([])
  })

  it('tells the user who was called into it again and did not come', async () => {
    const { home, hosted, nurse, answers, settle } = await threeTalk()
    hosted.missed = [nurse]
    const event = answers('Are you there?')
    await home.tell(event)
    await settle()
    expect(home.delivered.at(-1)).toMatchObject({
      as: { id: 'bot' },
      content: { kind: 'outcome', of: event.id, state: 'missed', phrase: { key: 'delivery.missed', params: { names: 'Nurse' } } },
    })
  })

  it('names its people to whoever may not write there', async () => {
    const { home, answers, settle } = await threeTalk()
    await home.tell(answers('Villains!', 'tybalt'))
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({ phrase: { params: { user: 'romeo', name: 'Juliet, Nurse' } } })
  })

  it('shows how those are who spoke in it', async () => {
    const { home, hosted, nurse, chair, says, settle } = await threeTalk()
    const sees = (status: Status) => hosted.tell({ kind: 'presence', of: nurse, seenBy: chair.as, presence: { status } })
    const shown = () =>
      home.signals.flatMap((signal) => (signal.kind === 'presence' ? [[signal.as.id, signal.presence.status]] : []))
    await hosted.tell(says(nurse, 'Anon!'))
    await settle()
    await sees('busy')
    expect(shown()).toEqual([[ghost('nurse'), 'busy']])
  })
})
