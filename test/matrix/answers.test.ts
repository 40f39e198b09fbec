import { describe, expect, it } from 'vitest'
import { silent } from '../../src/core/log.ts'
import { Answers } from '../../src/matrix/answers.ts'
import { Chats } from '../../src/matrix/chats.ts'
import type { RoomEvent } from '../../src/matrix/events.ts'
import type { Rooms } from '../../src/matrix/rooms.ts'
import type { Sender } from '../../src/matrix/send.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

const bot = '@msnbot:hs.test'
const ghost = '@msn_juliet=40example.com:hs.test'
const room = '!balcony:hs.test'

/** Who of us tells Romeo what is wrong with what he wrote, where these are in the room. */
async function whoTells(members: readonly string[], host?: string): Promise<string | undefined> {
  const speakers: string[] = []
  const chats = new Chats(new MemoryRecords())
  if (host) await chats.remember(room, host)
  const rooms = { joined: async (_: string, as: string) => (members.includes(as) ? members : undefined) } as unknown as Rooms
  const sender = { send: async ({ as }: { as: string }) => void speakers.push(as) } as unknown as Sender
  const event: RoomEvent = {
    ...{ type: 'm.room.message', event_id: '$1', room_id: room, sender: '@romeo:hs.test', origin_server_ts: 1, content: {} },
  }
  await new Answers({ bot, rooms, chats, sender, log: silent }).tell(event, { key: 'matrix.only-text' })
  return speakers[0]
}

describe('what is wrong with a message', () => {
  it('is told by the bot, as everything that became of one', async () => {
    expect(await whoTells([ghost, bot], ghost)).toBe(bot)
    expect(await whoTells([ghost, bot], bot)).toBe(bot)
    expect(await whoTells([bot])).toBe(bot)
  })

  it('is told by the ghost where the bot is not in the room', async () => {
    expect(await whoTells([ghost], ghost)).toBe(ghost)
  })
})
