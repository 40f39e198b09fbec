// What happens in the rooms of our accounts, as the gateway understands it. Everything here may run twice for one event.

import type { Address, NetworkId } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Accounts } from './accounts.ts'
import { serverOf } from './address.ts'
import { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import { fromMatrix } from './content.ts'
import type { Membership, MessageContent, RoomEvent } from './events.ts'
import { readMembership, readMessage, readPresence, readTyping } from './events.ts'
import { isFinal } from './homeserver-error.ts'
import { presenceOf } from './presence.ts'
import { Recent } from './recent.ts'
import type { Rooms } from './rooms.ts'
import type { Sender } from './send.ts'
import { TypingWatch } from './typing.ts'

/** The longest text for the bot, in characters. */
const longestRequest = 4096

const rememberedEvents = 10_000

interface Options {
  readonly network: NetworkId
  readonly bot: string
  /** Servers whose users may use the gateway. */
  readonly servers: ReadonlySet<string>
  readonly accounts: Accounts
  readonly rooms: Rooms
  readonly chats: Chats
  readonly sender: Sender
  /** Whom a user id stands for, if it is a ghost of ours. */
  behind(userId: string): Address | undefined
  sink: EventSink
  readonly log: Logger
}

/** Takes events as the homeserver pushes them. */
export class Incoming {
  readonly #options: Options
  readonly #answers: Answers
  readonly #typing = new TypingWatch()
  /** Events that were taken before the homeserver pushed them. */
  readonly #caughtUp = new Recent<true>(rememberedEvents)

  constructor(options: Options) {
    this.#options = options
    this.#answers = new Answers(options)
  }

  /** Resolves when what the event asks for is done or safe. */
  async take(event: RoomEvent): Promise<void> {
    if (this.#caughtUp.get(event.event_id)) return undefined
    if (event.type === 'm.room.member') return this.#takeMember(event)
    return this.#takeWords(event)
  }

  /** `person`: whom the ghost stands for to whom it was said, where that is known already. */
  async #takeWords(event: RoomEvent, person?: Address): Promise<void> {
    if (this.#isOurs(event.sender)) return undefined
    switch (event.type) {
      case 'm.room.message':
        return this.#takeMessage(event, person)
      case 'm.room.encrypted':
        return this.#takeUnreadable(event, { key: 'matrix.encrypted-message' })
      case 'm.sticker':
        return this.#takeUnreadable(event, { key: 'matrix.unsupported' })
      default:
        return undefined
    }
  }

  /** Tells of those who began or stopped typing, and of users who came, went or changed. */
  async takeEphemeral(value: unknown): Promise<void> {
    const list = readTyping(value)
    if (!list) return this.#takePresence(value)
    const { network } = this.#options
    const users = list.users.filter((user) => !this.#isOurs(user))
    for (const { user, typing } of this.#typing.changes({ room: list.room, users }))
      await this.#options.sink({
        kind: 'typing',
        conversation: this.#conversation(list.room),
        from: { network, id: user },
        typing,
      })
  }

  async #takePresence(value: unknown): Promise<void> {
    const update = readPresence(value)
    if (!update || this.#isOurs(update.user) || !this.#mayUse(update.user)) return
    const of = { network: this.#options.network, id: update.user }
    await this.#options.sink({ kind: 'presence', of, presence: presenceOf(update) })
  }

  /** Tells the sender of a message that it was left out because of a fault. */
  async apologise(event: RoomEvent): Promise<void> {
    if (event.type === 'm.room.message' && !this.#isOurs(event.sender)) await this.#answers.tell(event, { key: 'matrix.fault' })
  }

  async #takeMember(event: RoomEvent): Promise<void> {
    const membership = readMembership(event)
    const who = event.state_key ?? ''
    switch (membership?.now) {
      case 'invite':
        return this.#takeInvitation(event, who)
      case 'join':
        return this.#takeJoin(event, who, membership)
      case 'leave':
      case 'ban':
        return this.#isOurs(event.sender) ? undefined : this.#takeLeave(event, who, membership)
      default:
        return undefined
    }
  }

  async #takeInvitation(event: RoomEvent, who: string): Promise<void> {
    if (!this.#isOurs(who) || this.#isOurs(event.sender)) return
    if (await this.#isOfSeveral(event.room_id)) return this.#tellAttendance(event, 'invited', this.#options.behind(who))
    if (!this.#mayUse(event.sender)) {
      // A server that is slow to take the answer shall not hold up everybody's messages.
      void this.#decline(event, who)
      return
    }
    const person = this.#options.behind(who)
    await this.#options.accounts.ensure(who)
    if (!(await this.#join(event, who))) return
    // Read before the chat is opened: our ghost may be sent out of it again.
    const early = await this.#saidSince(event, who)
    const stays = person ? await this.#openChat(event, who, person) : await this.#greet(event)
    if (stays) await this.#catchUp(early, person)
  }

  /** What the inviter wrote before we had joined: the homeserver pushes only what happens in rooms that we are in. */
  async #saidSince(invitation: RoomEvent, as: string): Promise<RoomEvent[]> {
    const events = await this.#options.rooms.since(invitation.room_id, invitation.event_id, as)
    return events.filter(({ sender }) => sender === invitation.sender)
  }

  async #catchUp(early: readonly RoomEvent[], person: Address | undefined): Promise<void> {
    for (const event of early) {
      await this.#takeWords(event, person)
      this.#caughtUp.set(event.event_id, true)
    }
  }

  /** A user began a chat with one of our ghosts. False when the ghost did not stay. */
  async #openChat(event: RoomEvent, ghost: string, person: Address): Promise<boolean> {
    const { bot, rooms, chats, network } = this.#options
    const { room_id: room, sender: user } = event
    const members = await rooms.members(room, ghost)
    if (members.some(({ id }) => ![ghost, user, bot].includes(id)))
      return this.#refuse(event, ghost, { key: 'matrix.not-a-direct-chat' })
    if (await rooms.isEncrypted(room, ghost)) return this.#refuse(event, ghost, { key: 'matrix.encrypted-room' })
    await chats.remember(room, ghost)
    const name = members.find(({ id }) => id === user)?.name
    await this.#options.sink({
      kind: 'conversation',
      change: 'opened',
      conversation: this.#conversation(room),
      by: { network, id: user },
      ...(name && { byName: name }),
      with: person,
    })
    return true
  }

  async #refuse(event: RoomEvent, as: string, phrase: Phrase): Promise<false> {
    await this.#answers.leave(event, as, phrase)
    return false
  }

  /** A user began to talk with our bot, or took it into a room. */
  async #greet(event: RoomEvent): Promise<true> {
    const { bot, rooms } = this.#options
    const { room_id: room, sender } = event
    if ((await rooms.joined(room, bot))?.every((member) => member === bot || member === sender)) {
      const isEncrypted = await rooms.isEncrypted(room, bot)
      await this.#answers.say(event, bot, { key: isEncrypted ? 'matrix.encrypted-room' : 'matrix.welcome' })
    }
    return true
  }

  /** A user came into a chat to which our ghost had invited them. A join of one who is in it is a change of their name. */
  async #takeJoin(event: RoomEvent, who: string, { before, name }: Membership): Promise<void> {
    const person = this.#isOurs(who) || before === 'join' ? undefined : await this.#contactIn(event.room_id)
    if (person === undefined) return
    await this.#options.sink({
      kind: 'conversation',
      change: 'joined',
      conversation: this.#conversation(event.room_id),
      by: { network: this.#options.network, id: who },
      ...(name && { byName: name }),
      with: person,
    })
  }

  /** A user left a chat, declined it, or threw our ghost out. */
  async #takeLeave(event: RoomEvent, who: string, { before }: Membership): Promise<void> {
    const { bot, chats, network, behind } = this.#options
    const ghost = await chats.ghostIn(event.room_id)
    const isDeclined = before === 'invite' && who === event.sender
    if (ghost === bot && !this.#isOurs(who))
      return this.#tellAttendance(event, 'left', { network, id: who }, isDeclined ? { declined: true } : {})
    const person = ghost === undefined ? undefined : behind(ghost)
    if (person === undefined || (this.#isOurs(who) && who !== ghost)) return
    const by = { network, id: this.#isOurs(who) ? event.sender : who }
    const conversation = this.#conversation(event.room_id)
    const change = isDeclined ? 'declined' : 'left'
    await this.#options.sink({ kind: 'conversation', change, conversation, by, with: person })
  }

  /** A user left a room of several, or declined to come, or asked one more into it. */
  async #tellAttendance(
    event: RoomEvent,
    change: 'left' | 'invited',
    who: Address | undefined,
    more: { declined?: true } = {},
  ): Promise<void> {
    const { network } = this.#options
    const by = { network, id: change === 'left' ? (event.state_key ?? '') : event.sender }
    const conversation = this.#conversation(event.room_id)
    const id = event.event_id as RemoteId
    if (who) await this.#options.sink({ kind: 'attendance', id, conversation, change, who, by, ...more })
  }

  async #isOfSeveral(room: string): Promise<boolean> {
    return (await this.#options.chats.ghostIn(room)) === this.#options.bot
  }

  async #takeMessage(event: RoomEvent, person: Address | undefined): Promise<void> {
    const message = readMessage(event.content)
    // A redacted message has no content left.
    if (!message) return
    const place = person ? 'chat' : await this.#placeOf(event)
    if (place === 'management') return this.#takeRequest(event, message)
    if (place === 'chat') return this.#takeChatMessage(event, message, person ?? (await this.#contactIn(event.room_id)))
  }

  async #takeUnreadable(event: RoomEvent, why: Phrase): Promise<void> {
    if ((await this.#placeOf(event)) !== 'elsewhere') await this.#answers.tell(event, why)
  }

  async #takeChatMessage(event: RoomEvent, message: MessageContent, person: Address | undefined): Promise<void> {
    const read = fromMatrix(message)
    if (read === undefined) return
    if (!('kind' in read)) return this.#answers.tell(event, read)
    await this.#options.sink({
      kind: 'message',
      ...(person && { with: person }),
      id: event.event_id as RemoteId,
      conversation: this.#conversation(event.room_id),
      from: { network: this.#options.network, id: event.sender },
      content: read,
      sentAt: event.origin_server_ts,
    })
  }

  /** Whom the ghost in a room stands for. */
  async #contactIn(room: string): Promise<Address | undefined> {
    const ghost = await this.#options.chats.ghostIn(room)
    return ghost === undefined ? undefined : this.#options.behind(ghost)
  }

  /** Text for the bot. It is handed on as it was typed: it may be a password. */
  async #takeRequest(event: RoomEvent, message: MessageContent): Promise<void> {
    if (message.msgtype === 'm.notice' || message['m.relates_to']?.rel_type === 'm.replace') return
    if (message.msgtype !== 'm.text') return this.#answers.tell(event, { key: 'matrix.unsupported' })
    if (message.body.length > longestRequest) return this.#answers.tell(event, { key: 'matrix.too-long' })
    const { network, bot, rooms } = this.#options
    await this.#options.sink({
      kind: 'request',
      id: event.event_id as RemoteId,
      conversation: this.#conversation(event.room_id),
      from: { network, id: event.sender },
      text: message.body,
      redact: () => rooms.redact(event.room_id, event.event_id, bot),
    })
  }

  /** Where something was said: with a ghost, alone with our bot, or where it is none of our business. */
  async #placeOf(event: RoomEvent): Promise<'chat' | 'management' | 'elsewhere'> {
    const { bot, chats, rooms } = this.#options
    if ((await chats.ghostIn(event.room_id)) !== undefined) return 'chat'
    const members = await rooms.joined(event.room_id, bot)
    // The room of a ghost that we know nothing of any more: the gateway may.
    if (!members) return 'chat'
    const isAlone = members.every((member) => member === bot || member === event.sender)
    return isAlone && this.#mayUse(event.sender) ? 'management' : 'elsewhere'
  }

  /** Whether we could join; false when the invitation does not stand any more. */
  async #join(event: RoomEvent, as: string): Promise<boolean> {
    try {
      await this.#options.rooms.join(event.room_id, as)
      return true
    } catch (error) {
      // A room on a server that does not answer shall not hold up everybody's messages either.
      if (!isFinal(error) && serverOf(event.sender) === serverOf(as)) throw error
      this.#options.log.info({ room: event.room_id, as, err: error }, 'could not accept an invitation')
      return false
    }
  }

  /** Never rejects: whoever may not use us can live without an answer. */
  async #decline(event: RoomEvent, as: string): Promise<void> {
    const { accounts, rooms, log } = this.#options
    try {
      await accounts.ensure(as)
      await rooms.leave(event.room_id, as, say({ key: 'matrix.not-allowed' }))
    } catch (error) {
      log.info({ room: event.room_id, as, err: error }, 'could not decline an invitation')
    }
  }

  #conversation(room: string): Conversation {
    return { network: this.#options.network, id: room }
  }

  #isOurs(userId: string): boolean {
    return userId === this.#options.bot || this.#options.behind(userId) !== undefined
  }

  #mayUse(userId: string): boolean {
    const server = serverOf(userId)
    return server !== undefined && this.#options.servers.has(server)
  }
}
