import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { NetworkEvent } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import { Answers } from '../../src/matrix/answers.ts'
import { Chats } from '../../src/matrix/chats.ts'
import type { RoomEvent } from '../../src/matrix/events.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { People } from '../../src/matrix/people.ts'
import { Permissions } from '../../src/matrix/permissions.ts'
import { Requests } from '../../src/matrix/requests.ts'
import type { Rooms } from '../../src/matrix/rooms.ts'
import type { Sender } from '../../src/matrix/send.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

const bot = '@msnbot:hs.test'

/** What stands between a room and the gateway: who wrote, what was handed on, what was answered, what was taken out. */
function stage() {
  const network = networkId('matrix')
  const handedOn: Extract<NetworkEvent, { kind: 'request' }>[] = []
  const answered: string[] = []
  const redactions: string[] = []
  let botMayRedact = true
  const chats = new Chats(new MemoryRecords())
  const rooms = {
    async redact(_room: string, event: string, as: string) {
      if (as === bot && !botMayRedact) throw new HomeserverError('PUT redact', { status: 403, reason: 'not in the room' })
      redactions.push(`${event} by ${as}`)
    },
  } as unknown as Rooms
  const sender = {
    async send({ content }: { content: { body: string } }) {
      answered.push(content.body)
    },
  } as unknown as Sender
  const permissions = new Permissions({ permissions: { 'hs.test': 'user', 'mantua.test': 'relay' }, domain: 'hs.test' })
  const people = new People({ bot, domain: 'hs.test', ghostNetworks: [], permissions })
  const answers = new Answers({ bot, rooms, chats, sender, log: silent })
  const sink = async (event: NetworkEvent) => void (event.kind === 'request' && handedOn.push(event))
  const requests = new Requests({ network, prefix: '!msn', people, rooms, chats, answers, sink })
  const from = (user: string, event = '$1'): RoomEvent => ({
    ...{ type: 'm.room.message', event_id: event, room_id: '!street:hs.test', sender: user, origin_server_ts: 1, content: {} },
  })
  return { requests, handedOn, answered, redactions, chats, from, botMayNotRedact: () => (botMayRedact = false) }
}

describe('what begins with the prefix', () => {
  const { requests } = stage()

  it.each([
    ['!msn help', 'help'],
    ['  !MSN   help me ', 'help me'],
    ['!msn', ''],
    ['!msn\nhelp', 'help'],
    ['!msn login\nlogout', 'login\nlogout'],
  ])('%j is for the bot', (body, text) => {
    expect(requests.afterPrefix(body)).toBe(text)
  })

  it.each(['help', '!msnhelp', 'try !msn help', '! msn help', '', '!ms', '!msn-help'])('%j is not', (body) => {
    expect(requests.afterPrefix(body)).toBeUndefined()
  })
})

describe('a request', () => {
  it('is handed on with what it answers, and can be taken out of the room', async () => {
    const { requests, handedOn, redactions, from } = stage()
    await requests.take(from('@romeo:hs.test'), { text: 'trace', isPrivate: false, about: '$0' })
    expect(handedOn).toMatchObject([{ text: 'trace', isPrivate: false, about: '$0', from: { id: '@romeo:hs.test' } }])
    await handedOn[0]?.redact()
    expect(redactions).toEqual([`$1 by ${bot}`])
  })

  it('is taken out by the ghost whose room it is, where the bot may not', async () => {
    const { requests, handedOn, redactions, chats, from, botMayNotRedact } = stage()
    const ghost = '@msn_juliet=40example.com:hs.test'
    await chats.remember('!street:hs.test', ghost)
    await requests.take(from('@romeo:hs.test'), { text: 'login', isPrivate: false })
    botMayNotRedact()
    await handedOn[0]?.redact()
    expect(redactions).toEqual([`$1 by ${ghost}`])
  })

  it('of somebody who may not talk with the bot is answered once, and not handed on', async () => {
    const { requests, handedOn, answered, from } = stage()
    await requests.take(from('@paris:mantua.test', '$1'), { text: 'help', isPrivate: false })
    await requests.take(from('@paris:mantua.test', '$2'), { text: 'help', isPrivate: true })
    expect(handedOn).toEqual([])
    expect(answered).toEqual(['You may not use this gateway. Please ask the person who runs it.'])
  })

  it('that is longer than any command goes no further', async () => {
    const { requests, handedOn, answered, from } = stage()
    await requests.take(from('@romeo:hs.test'), { text: 'x'.repeat(5000), isPrivate: true })
    expect(handedOn).toEqual([])
    expect(answered).toHaveLength(1)
  })
})
