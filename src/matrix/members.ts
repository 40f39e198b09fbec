// Who comes into the rooms of our accounts, and who leaves them. Everything here may run twice for one event.

import type { Address, NetworkId } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import { ContentRefused } from '../core/errors.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Accounts } from './accounts.ts'
import { roomLink, serverOf } from './address.ts'
import type { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import type { Membership, RoomEvent } from './events.ts'
import { readMembership } from './events.ts'
import { HomeserverError, isFinal, toDeliveryError } from './homeserver-error.ts'
import type { People } from './people.ts'
import type { PortalRooms } from './portal-rooms.ts'
import type { Rooms } from './rooms.ts'
import { unlessDenied } from './rooms.ts'
import type { Upgrades } from './upgrades.ts'

/** So many invitations are declined at a time; whoever sends more gets no answer. */
const mostDeclining = 20

interface Options {
  readonly network: NetworkId
  readonly people: People
  readonly accounts: Accounts
  readonly rooms: Rooms
  readonly chats: Chats
  readonly answers: Answers
  readonly portalRooms: PortalRooms
  readonly upgrades: Upgrades
  /** What is written to our bot begins with this in rooms with others. */
  readonly prefix: string
  readonly sink: EventSink
  readonly log: Logger
}

/** What an inviter said before we had joined. */
interface Early {
  readonly said: readonly RoomEvent[]
  /** Whom the ghost stands for that was invited; undefined for our bot. */
  readonly person: Address | undefined
}

/** Takes changes of membership: our accounts go where they are invited, and the gateway is told who came and went. */
export class Members {
  readonly #options: Options
  #declining = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Whether one of us is invited by somebody of another server, in whose room our own server may not be yet. */
  isFarInvitation(event: RoomEvent): boolean {
    const { people } = this.#options
    const isInvitation = readMembership(event)?.now === 'invite' && people.isOurs(event.state_key ?? '')
    return isInvitation && serverOf(event.sender) !== serverOf(people.bot)
  }

  /** Takes an `m.room.member` event. Gives what was said to us before we were there to hear it. */
  async take(event: RoomEvent): Promise<Early | undefined> {
    const membership = readMembership(event)
    const who = event.state_key ?? ''
    switch (membership?.now) {
      case 'invite':
        return this.#takeInvitation(event, who)
      case 'join':
        await this.#takeJoin(event, who, membership)
        break
      case 'leave':
      case 'ban':
        if (!this.#options.people.isOurs(event.sender)) await this.#takeLeave(event, who, membership)
    }
    return undefined
  }

  async #takeInvitation(event: RoomEvent, who: string): Promise<Early | undefined> {
    const { people, accounts } = this.#options
    if (!people.isOurs(who) || people.isOurs(event.sender)) return undefined
    const person = people.behind(who)
    if (await this.#isOfSeveral(event.room_id)) {
      await this.#tellAttendance(event, 'invited', person)
      return undefined
    }
    if (!people.mayInvite(event.sender, who)) {
      // A server that is slow to take the answer shall not hold up everybody's messages.
      void this.#decline(event, who)
      return undefined
    }
    await accounts.ensure(who)
    if (!(await this.#join(event, who))) return undefined
    // Read before the chat is opened: our ghost may be sent out of it again.
    const said = await this.#saidSince(event, who)
    if (await this.#options.upgrades.continues(event.room_id, who)) return undefined
    const stays = person ? await this.#openChat(event, who, person) : await this.#greet(event)
    return stays ? { said, person } : undefined
  }

  /** What the inviter wrote before we had joined: the homeserver pushes only what happens in rooms that we are in. */
  async #saidSince(invitation: RoomEvent, as: string): Promise<RoomEvent[]> {
    const events = await this.#options.rooms.since(invitation.room_id, invitation.event_id, as)
    return events.filter(({ sender }) => sender === invitation.sender)
  }

  /** A user began a chat with one of our ghosts. False when the ghost did not stay. */
  async #openChat(event: RoomEvent, ghost: string, person: Address): Promise<boolean> {
    const { people, rooms, chats, network, portalRooms, prefix, sink } = this.#options
    const { room_id: room, sender: user } = event
    const members = await rooms.members(room, ghost)
    if (members.some(({ id }) => ![ghost, user, people.bot].includes(id)))
      return this.#refuse(event, ghost, { key: 'matrix.not-a-direct-chat', params: { bot: people.bot, prefix } })
    const name = members.find(({ id }) => id === user)?.name
    const chat = {
      conversation: this.#conversation(room),
      by: { network, id: user },
      ...(name && { byName: name }),
      with: person,
    }
    if (await rooms.isEncrypted(room, ghost)) {
      await sink({ kind: 'conversation', change: 'unreadable', ...chat })
      return false
    }
    await chats.remember(room, ghost)
    await sink({ kind: 'conversation', change: 'opened', ...chat })
    // The gateway may have sent our ghost out again.
    if ((await chats.ghostIn(room)) === ghost) await portalRooms.equip(room, ghost)
    return true
  }

  async #refuse(event: RoomEvent, as: string, phrase: Phrase): Promise<false> {
    await this.#options.answers.leave(event, as, phrase)
    return false
  }

  /** A user began to talk with our bot, or took it into a room. */
  async #greet(event: RoomEvent): Promise<true> {
    const { people, rooms, answers } = this.#options
    const { bot } = people
    const { room_id: room, sender } = event
    if ((await rooms.joined(room, bot))?.every((member) => member === bot || member === sender)) {
      if (await rooms.isEncrypted(room, bot)) await this.#talkElsewhere(event)
      else await answers.say(event, bot, { key: 'matrix.welcome' })
    }
    return true
  }

  /** Clients that encrypt every direct chat let their users make no other one with our bot, so that it makes one for them. */
  async #talkElsewhere(event: RoomEvent): Promise<void> {
    const { people, answers, portalRooms } = this.#options
    const { bot } = people
    try {
      const room = await portalRooms.openTalk(event.sender)
      await answers.say({ ...event, room_id: room }, bot, { key: 'matrix.welcome' })
      await answers.say(event, bot, { key: 'matrix.talk-elsewhere', params: { room: roomLink(room, bot) } })
    } catch (error) {
      const refusal = error instanceof HomeserverError ? toDeliveryError(error) : error
      if (!(refusal instanceof ContentRefused)) throw error
      await answers.say(event, bot, { key: 'matrix.no-talk', params: { reason: say(refusal.phrase) } })
    }
  }

  /** A user came into a chat to which our ghost had invited them. A join of one who is in it is a change of their name. */
  async #takeJoin(event: RoomEvent, who: string, { before, name }: Membership): Promise<void> {
    const { people, chats } = this.#options
    if (people.isOurs(who) || before === 'join') return
    const person = people.behind(await chats.ghostIn(event.room_id))
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
    const { people, chats, network } = this.#options
    const ghost = await chats.ghostIn(event.room_id)
    const isDeclined = before === 'invite' && who === event.sender
    if (ghost === people.bot && (who === people.bot || !people.isOurs(who))) {
      // Whoever throws our bot out of a room of several has left the chat.
      const id = who === people.bot ? event.sender : who
      await this.#tellAttendance(event, 'left', { network, id }, isDeclined ? { declined: true } : {})
      return who === people.bot ? this.#leaveSeveral(event.room_id) : undefined
    }
    const person = people.behind(ghost)
    if (person === undefined || (people.isOurs(who) && who !== ghost)) return
    const conversation = this.#conversation(event.room_id)
    if (who === ghost) return this.#takeEnd(event, person)
    const change = isDeclined ? 'declined' : 'left'
    await this.#options.sink({ kind: 'conversation', change, conversation, by: { network, id: who }, with: person })
  }

  /** Our ghost was thrown out. Our bot does not stay with the user alone: what is said there would be taken for commands. */
  async #takeEnd({ room_id: room, sender }: RoomEvent, person: Address): Promise<void> {
    const { people, rooms, chats, network, sink } = this.#options
    const by = { network, id: sender }
    await sink({ kind: 'conversation', change: 'ended', conversation: this.#conversation(room), by, with: person })
    const others = ((await rooms.joined(room, people.bot)) ?? []).filter((member) => !people.isOurs(member))
    if (others.length <= 1) await rooms.withdraw(room, people.bot)
    await chats.forget(room)
  }

  /** Our bot was thrown out of a room of several: the ghosts go, too: those that we know of, since a bot that is banned sees nobody any more. */
  async #leaveSeveral(room: string): Promise<void> {
    const { people, rooms, chats } = this.#options
    const members = ((await unlessDenied(rooms.members(room, people.bot))) ?? []).map(({ id }) => id)
    const ghosts = new Set([...(await chats.partyIn(room)), ...members.filter((id) => people.behind(id))])
    for (const ghost of ghosts) await rooms.withdraw(room, ghost)
    await chats.forget(room)
  }

  /** A user left a room of several, or declined to come, or asked one more into it. */
  async #tellAttendance(
    event: RoomEvent,
    change: 'left' | 'invited',
    who: Address | undefined,
    more: { declined?: true } = {},
  ): Promise<void> {
    const by = change === 'left' ? who : { network: this.#options.network, id: event.sender }
    const conversation = this.#conversation(event.room_id)
    const id = event.event_id as RemoteId
    if (who && by) await this.#options.sink({ kind: 'attendance', id, conversation, change, who, by, ...more })
  }

  async #isOfSeveral(room: string): Promise<boolean> {
    return (await this.#options.chats.ghostIn(room)) === this.#options.people.bot
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
    if (this.#declining >= mostDeclining) return
    this.#declining++
    try {
      await accounts.ensure(as)
      await rooms.leave(event.room_id, as, say({ key: 'command.not-for-you' }))
    } catch (error) {
      log.info({ room: event.room_id, as, err: error }, 'could not decline an invitation')
    } finally {
      this.#declining--
    }
  }

  #conversation(room: string): Conversation {
    return { network: this.#options.network, id: room }
  }
}
