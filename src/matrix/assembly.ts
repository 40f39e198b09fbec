// Puts the parts of the Matrix side together: those by which we act on the homeserver. What comes from there is for the inbox.

import type { NetworkId } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { EventSink } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Records, Tickets } from '../core/stores.ts'
import { systemTimers } from '../core/timers.ts'
import { Accounts } from './accounts.ts'
import { Chats } from './chats.ts'
import type { MatrixConfig } from './config.ts'
import { Departures } from './departures.ts'
import { DirectChats } from './direct-chats.ts'
import { Homeserver } from './homeserver.ts'
import { Media } from './media/media.ts'
import { MemberNames } from './member-names.ts'
import { Mentions } from './mentions.ts'
import { People } from './people.ts'
import { Permissions } from './permissions.ts'
import { Pictures } from './pictures.ts'
import { PortalRooms } from './portal-rooms.ts'
import { ProfileStatuses } from './profile-status.ts'
import { Puppets } from './puppets.ts'
import { Reach } from './reach.ts'
import { registrationOf } from './registration.ts'
import { RoomLooks } from './room-looks.ts'
import { Rooms } from './rooms.ts'
import { Sender } from './send.ts'
import { Signals } from './signals.ts'
import { SpaceRooms } from './space-rooms.ts'
import { Spaces } from './spaces.ts'

export interface MatrixOptions {
  readonly id: NetworkId
  readonly config: MatrixConfig
  /** The networks whose people have ghosts here. */
  readonly ghostNetworks: readonly NetworkId[]
  readonly records: Records
  readonly tickets: Tickets
  readonly clock: Clock
  readonly log: Logger
}

export type Parts = ReturnType<typeof assemble>

/** Makes the parts. None of them does anything yet. */
export function assemble(options: MatrixOptions, sink: EventSink) {
  const { config, ghostNetworks, records, tickets, clock, log } = options
  const { domain, homeserver: url, registrationId } = config
  const bot = `@${config.senderLocalpart}:${domain}`
  const people = new People({ bot, domain, ghostNetworks, permissions: new Permissions(config) })
  const isOurs = (userId: string) => people.isOurs(userId)
  const behind = (userId: string) => people.behind(userId)
  const homeserver = new Homeserver({ url, domain, registration: registrationOf(config, ghostNetworks), clock, log })
  const all = { homeserver, records, bot, domain, isOurs, behind, timers: systemTimers, clock, log }

  const pictures = new Pictures(all)
  const accounts = new Accounts({ ...all, pictures, nameFor: (userId) => behind(userId)?.id })
  const puppets = new Puppets({ ...all, config, sink })
  const rooms = new Rooms(homeserver)
  const chats = new Chats(records)
  const basis = { ...all, people, pictures, accounts, puppets, rooms, chats }

  const sender = new Sender(basis)
  const manners = { federates: config.federatePortals, linksFiles: config.media !== undefined }
  const spaceRooms = new SpaceRooms(basis)
  return {
    ...basis,
    sender,
    names: new MemberNames(basis),
    mentions: new Mentions(basis),
    media: new Media({ ...basis, config: config.media, tickets }),
    portalRooms: new PortalRooms({ ...basis, manners }),
    departures: new Departures({ ...basis, sender }),
    looks: new RoomLooks({ ...basis, names: config.portalNames }),
    spaces: config.spaces ? new Spaces({ ...basis, spaceRooms }) : undefined,
    directChats: new DirectChats(basis),
    statuses: new ProfileStatuses(basis),
    signals: new Signals({ ...basis, config }),
    reach: new Reach({ ...basis, url, registrationId }),
  }
}
