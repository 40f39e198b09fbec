import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { Utterance } from '../../src/core/content.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { Absent, ContentRefused } from '../../src/core/errors.ts'
import type { MessageEvent, RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

let count = 0
function message(network: FakeNetwork, conversation: Omit<Conversation, 'network'>, from: string, text: string): MessageEvent {
  const id = `m${count++}` as RemoteId
  return {
    kind: 'message',
    id,
    conversation: { network: network.id, ...conversation },
    from: network.person(from),
    content: plainText(text),
    sentAt: 1,
  }
}

/** What arrived at a network: who said what, where. */
function heard(network: FakeNetwork) {
  return network.delivered.map(({ as, conversation, content }) => [
    as.id,
    conversation.id,
    content.kind === 'text' ? wordsOf(content) : content.kind,
  ])
}

/** Romeo starts a chat with Juliet's ghost in a room of his. */
async function romeoInvites(home: FakeNetwork, hosted: FakeNetwork, id: string): Promise<Conversation> {
  const conversation = { network: home.id, id }
  const by = home.person('romeo')
  await home.tell({ kind: 'conversation', change: 'opened', conversation, by, with: hosted.person('juliet@example.com') })
  return conversation
}

const romeoOnMsn = 'ghost:matrix:romeo'
const julietOnMatrix = 'ghost:msn:juliet@example.com'

describe('the relay', () => {
  it('opens a room for the first word from the far side, and speaks there as the ghost', async () => {
    const { home, hosted, settle } = await fakeGateway()
    await hosted.tell(
      message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'Good even'),
    )
    await settle()
    expect(home.opened).toMatchObject([{ as: { id: julietOnMatrix }, user: { id: 'romeo' } }])
    expect(heard(home)).toEqual([[julietOnMatrix, 'room-1', 'Good even']])
  })

  it('carries an answer back through the same portal, as the user himself', async () => {
    const { home, hosted, settle } = await fakeGateway()
    await hosted.tell(
      message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'Good even'),
    )
    await settle()
    await home.tell(message(home, { id: 'room-1' }, 'romeo', 'My lady'))
    await settle()
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'juliet@example.com', 'My lady']])
  })

  it('tells the far side what the user is called at home', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const conversation = { network: home.id, id: 'r' }
    const by = home.person('romeo')
    const opened = {
      kind: 'conversation',
      change: 'opened',
      conversation,
      by,
      with: hosted.person('juliet@example.com'),
    } as const
    await home.tell({ ...opened, byName: 'Romeo Montague' })
    await home.tell(message(home, conversation, 'romeo', 'Hist!'))
    await settle()
    expect(hosted.introduced).toMatchObject([{ of: by, name: 'Romeo Montague' }])
  })

  it('remembers a user who has no name at home, so that they are brought back after a restart', async () => {
    const { home, hosted, stores } = await fakeGateway()
    await romeoInvites(home, hosted, 'r')
    expect(await stores.ghosts.get(home.person('romeo'), hosted.id)).toMatchObject({ name: 'romeo' })
  })

  it('opens a portal from the home side too, and finds it again from the far side', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const room = await romeoInvites(home, hosted, 'romeos-room')
    await home.tell(message(home, room, 'romeo', 'Wilt thou?'))
    await hosted.tell(message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'Ay me'))
    await settle()
    expect(home.opened).toEqual([])
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'juliet@example.com', 'Wilt thou?']])
    expect(heard(home)).toEqual([[julietOnMatrix, 'romeos-room', 'Ay me']])
  })

  it('turns a second room for the same pair away, naming the first', async () => {
    const { home, hosted } = await fakeGateway()
    const by = home.person('romeo')
    const juliet = hosted.person('juliet@example.com')
    for (const id of ['first', 'second'])
      await home.tell({ kind: 'conversation', change: 'opened', conversation: { network: home.id, id }, by, with: juliet })
    expect(home.turnedAway).toMatchObject([
      { conversation: { id: 'second' }, phrase: { key: 'portal.exists', params: { room: 'to:first' } } },
    ])
  })

  it('carries what was said in a second room all the same', async () => {
    const { home, hosted, settle } = await fakeGateway()
    await romeoInvites(home, hosted, 'first')
    const second = await romeoInvites(home, hosted, 'second')
    await home.tell({ ...message(home, second, 'romeo', 'Hist!'), with: hosted.person('juliet@example.com') })
    await settle()
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'juliet@example.com', 'Hist!']])
  })

  it('makes one portal when both sides open it at the same moment', async () => {
    const { home, hosted, stores, settle } = await fakeGateway()
    const by = home.person('romeo')
    await Promise.all([
      home.tell({
        kind: 'conversation',
        change: 'opened',
        conversation: { network: home.id, id: 'r' },
        by,
        with: hosted.person('juliet@example.com'),
      }),
      hosted.tell(message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'O')),
    ])
    await settle()
    const portals = []
    for await (const portal of stores.portals.all()) portals.push(portal)
    expect(portals).toHaveLength(1)
    expect(heard(home)).toEqual([[julietOnMatrix, 'r', 'O']])
  })

  it('tells somebody without an account that they have none, and does not claim a portal', async () => {
    const { home, linked } = await fakeGateway()
    const conversation = { network: home.id, id: 'r' }
    const event = {
      kind: 'conversation',
      change: 'opened',
      conversation,
      by: home.person('romeo'),
      with: linked.person('j@v.example'),
    } as const
    await home.tell(event)
    expect(home.turnedAway).toMatchObject([{ phrase: { key: 'delivery.not-signed-in' } }])
  })

  it('opens a forgotten portal again, where the network knows with whom the room is', async () => {
    const { home, hosted, settle } = await fakeGateway()
    await home.tell({ ...message(home, { id: 'old-room' }, 'romeo', 'Still here?'), with: hosted.person('juliet@example.com') })
    await settle()
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'juliet@example.com', 'Still here?']])
  })

  it('tells the sender when a forgotten portal cannot be opened again', async () => {
    const { home, linked } = await fakeGateway()
    await home.tell({ ...message(home, { id: 'old-room' }, 'romeo', 'Still here?'), with: linked.person('j@v.example') })
    expect(home.turnedAway).toMatchObject([{ conversation: { id: 'old-room' }, phrase: { key: 'delivery.not-signed-in' } }])
  })

  it('drops what came from ourselves, known by the delivery in it while that is under way, or by its id', async () => {
    const { home, hosted, stores, settle } = await fakeGateway()
    const room = await romeoInvites(home, hosted, 'r')
    await home.tell(message(home, room, 'romeo', 'once'))
    await settle()
    const sent = stores.outbox.pushed[0]
    if (!sent) throw new Error('nothing was queued')
    const echoed = {
      ...message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, romeoOnMsn, 'echo'),
      id: `sent-${sent.id}` as RemoteId,
    }
    await hosted.tell(echoed)
    await settle()
    expect(heard(hosted)).toHaveLength(1)
    expect(heard(home)).toEqual([])
  })

  it('queues a message once however often it is told', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const event = message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'Good even')
    await hosted.tell(event)
    await hosted.tell(event)
    await settle()
    expect(heard(home)).toHaveLength(1)
  })

  it('refuses the words of somebody else in the room, and says so there, once a day', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const room = await romeoInvites(home, hosted, 'r')
    await home.tell(message(home, room, 'tybalt', 'Villain!'))
    await home.tell(message(home, room, 'tybalt', 'Thou art a villain!'))
    await settle()
    expect(heard(hosted)).toEqual([])
    expect(home.delivered).toMatchObject([{ content: { kind: 'outcome', state: 'failed', phrase: { key: 'relay.off' } } }])
  })

  it('never lets a slow lookup reorder two messages of one conversation', async () => {
    const { home, hosted, stores, settle } = await fakeGateway()
    const isOurs = stores.messages.isOurs.bind(stores.messages)
    let calls = 0
    stores.messages.isOurs = async (...args) => {
      if (calls++ === 0) await new Promise((resolve) => setImmediate(resolve))
      return isOurs(...args)
    }
    const conversation = { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }
    await Promise.all(
      ['one', 'two', 'three'].map((text) => hosted.tell(message(hosted, conversation, 'juliet@example.com', text))),
    )
    await settle()
    expect(heard(home).map(([, , text]) => text)).toEqual(['one', 'two', 'three'])
  })

  it('gives the ghost the name that came with the message, before its first word', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const event = message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, 'juliet@example.com', 'Ay me')
    await hosted.tell({ ...event, fromName: 'Juliet Capulet' })
    await settle()
    expect(home.introduced).toMatchObject([{ of: { id: 'juliet@example.com' }, name: 'Juliet Capulet' }])
  })

  it('passes typing on, once there is a portal', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const conversation = { network: hosted.id, id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }
    const typing = { kind: 'typing', conversation, from: hosted.person('juliet@example.com'), typing: true } as const
    await hosted.tell(typing)
    expect(home.signals).toEqual([])
    await hosted.tell(message(hosted, conversation, 'juliet@example.com', 'Ay me'))
    await settle()
    await hosted.tell(typing)
    expect(home.signals).toMatchObject([
      { kind: 'typing', as: { id: julietOnMatrix }, conversation: { id: 'room-1' }, typing: true },
    ])
  })
})

describe('what a user says with another client of theirs', () => {
  /** Romeo writes to Juliet from his own chair there, not by us. */
  const own = (hosted: FakeNetwork, content: Utterance, id = `own${count++}`): MessageEvent => ({
    ...message(hosted, { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }, romeoOnMsn, ''),
    id: id as RemoteId,
    content,
  })

  it('is told by the bot, in its place among the rest, and never by a ghost of the user', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const chair = { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }
    await hosted.tell(message(hosted, chair, 'juliet@example.com', 'Ay me'))
    await hosted.tell(own(hosted, plainText('She speaks')))
    await hosted.tell(message(hosted, chair, 'juliet@example.com', 'O Romeo'))
    await settle()
    expect(heard(home)).toEqual([
      [julietOnMatrix, 'room-1', 'Ay me'],
      ['bot', 'room-1', 'You: She speaks'],
      [julietOnMatrix, 'room-1', 'O Romeo'],
    ])
    expect(heard(hosted)).toEqual([])
  })

  it('opens the chat with whom it was said to, keeps its looks, and is told once', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const bold = { kind: 'text', runs: [{ text: 'speak again', style: { bold: true } }] } as const
    const event = own(hosted, bold)
    for (let time = 0; time < 2; time++) await hosted.tell(event)
    await settle()
    expect(home.opened).toMatchObject([{ as: { id: julietOnMatrix }, user: { id: 'romeo' } }])
    expect(home.delivered).toMatchObject([{ content: { runs: [{ text: 'You: ' }, bold.runs[0]] } }])
  })

  it('may be something that they do, or a nudge; that they type is nobody’s business', async () => {
    const { home, hosted, settle } = await fakeGateway()
    await hosted.tell(own(hosted, { kind: 'action', runs: [{ text: 'climbs the wall' }] }))
    await hosted.tell(own(hosted, { kind: 'nudge' }))
    await settle()
    const conversation = { network: hosted.id, id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }
    await hosted.tell({ kind: 'typing', conversation, from: conversation.as, typing: true })
    expect(heard(home)).toEqual([
      ['bot', 'room-1', '* You climbs the wall'],
      ['bot', 'room-1', 'notice'],
    ])
    expect(home.signals).toEqual([])
  })
})

describe('what the network keeps for somebody who is away', () => {
  it('is told to the sender, once for each message', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const room = await romeoInvites(home, hosted, 'r')
    const event = message(home, room, 'romeo', 'Hist!')
    hosted.keeps = true
    for (let time = 0; time < 2; time++) await home.tell(event)
    await settle()
    expect(home.delivered).toMatchObject([
      { content: { kind: 'outcome', of: event.id, state: 'kept', phrase: { params: { name: 'juliet@example.com' } } } },
    ])
  })
})

describe('a setback', () => {
  async function romeoWrites(refusal: ConstructorParameters<typeof Absent>[1] | 'refused') {
    const world = await fakeGateway()
    const { home, hosted } = world
    const room = { network: home.id, id: 'r' }
    const juliet = hosted.person('juliet@example.com')
    await home.tell({ kind: 'conversation', change: 'opened', conversation: room, by: home.person('romeo'), with: juliet })
    const event = message(home, room, 'romeo', 'Hist!')
    await home.tell(event)
    hosted.refusals.push(refusal === 'refused' ? new ContentRefused({ key: 'delivery.no-portal' }) : new Absent(juliet, refusal))
    await world.settle()
    return { ...world, event }
  }

  it('of waiting is told to the sender by the bot, in his room, about his message', async () => {
    const { home, event } = await romeoWrites({ key: 'delivery.contact-offline', params: { name: 'Juliet' } })
    expect(home.delivered).toMatchObject([
      {
        as: { id: 'bot' },
        content: { kind: 'outcome', of: event.id, state: 'waiting', phrase: { params: { reason: 'Juliet is offline.' } } },
      },
    ])
  })

  it('of a network that was taken out of the config is final', async () => {
    const { home, settle, stores } = await romeoWrites('refused')
    const [delivery] = stores.outbox.pushed
    if (!delivery) throw new Error('nothing was queued')
    const gone = { ...delivery, network: networkId('gone'), id: 'another' as typeof delivery.id }
    await stores.outbox.push({ ...gone, origin: { conversation: { network: home.id, id: 'r' }, id: 'other' as RemoteId } })
    await settle()
    const phrase = { key: 'delivery.failed', params: { reason: 'this gateway is not connected with gone any more.' } }
    expect(home.delivered.at(-1)?.content).toMatchObject({ kind: 'outcome', of: 'other', state: 'failed', phrase })
  })

  it('of refusal is told as final', async () => {
    const { home, event } = await romeoWrites('refused')
    expect(home.delivered).toMatchObject([{ content: { kind: 'outcome', of: event.id, state: 'failed' } }])
  })
})
