// What is said in a room because of an event there: to whoever wrote what cannot be carried, or invited whom they cannot have.

import { deliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Chats } from './chats.ts'
import { toMatrix } from './content.ts'
import type { RoomEvent } from './events.ts'
import { isFinal } from './homeserver-error.ts'
import type { Rooms } from './rooms.ts'
import type { Sender } from './send.ts'

interface Options {
  readonly bot: string
  readonly rooms: Rooms
  readonly chats: Chats
  readonly sender: Sender
  readonly log: Logger
}

/** Every method throws a HomeserverError while the homeserver cannot be reached; that it refuses is only logged. */
export class Answers {
  readonly #options: Options

  constructor({ bot, rooms, chats, sender, log }: Options) {
    this.#options = { bot, rooms, chats, sender, log }
  }

  /** Answers an event, as our bot, which tells everything that becomes of a message; or as the ghost where the bot is not in the room. */
  async tell(event: RoomEvent, phrase: Phrase): Promise<void> {
    const { bot, rooms, chats } = this.#options
    const ghost = await chats.ghostIn(event.room_id)
    const isAlone = ghost !== undefined && ghost !== bot && !(await rooms.joined(event.room_id, bot))
    await this.say(event, isAlone ? ghost : bot, phrase)
  }

  /** Says something because of an event, once however often the event comes. */
  async say(event: RoomEvent, as: string, phrase: Phrase): Promise<void> {
    const { sender, log } = this.#options
    const id = deliveryId('matrix', event.event_id, phrase.key)
    const isMessage = event.type !== 'm.room.member'
    const content = isMessage
      ? toMatrix({ kind: 'outcome', of: event.event_id as RemoteId, state: 'failed', phrase }, id, [event.sender])
      : toMatrix({ kind: 'notice', phrase }, id)
    try {
      await sender.send({ id, room: event.room_id, as, content, again: false })
    } catch (error) {
      if (!isFinal(error)) throw error
      log.info({ room: event.room_id, as, err: error }, 'could not say something in a room')
    }
  }

  /** Leaves a room, saying why. */
  async leave(event: RoomEvent, as: string, phrase: Phrase): Promise<void> {
    await this.say(event, as, phrase)
    try {
      await this.#options.rooms.leave(event.room_id, as, say(phrase))
    } catch (error) {
      if (!isFinal(error)) throw error
    }
  }
}
