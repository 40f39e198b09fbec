// Puts the parts of the gateway together. Used by app.ts and by the tests.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Network } from '../core/network.ts'
import type * as Stores from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import { Activities } from './activity.ts'
import { Attendances } from './attendance.ts'
import { Chairs } from './chairs.ts'
import { Changes } from './changes.ts'
import { Gateway } from './gateway.ts'
import { Ghosts } from './ghosts.ts'
import { Heard } from './heard.ts'
import { Levels } from './levels.ts'
import { Logins } from './logins.ts'
import { Networks } from './networks.ts'
import { Notices } from './notices.ts'
import { Outcomes } from './outcomes.ts'
import { Portals } from './portals.ts'
import { Presences } from './presence.ts'
import { Relay } from './relay.ts'
import { Requests } from './requests.ts'
import { Several } from './several.ts'
import { Shelves } from './shelves.ts'
import { Speakers } from './speaker.ts'
import type { Assistant } from './talks.ts'
import { Talks } from './talks.ts'
import { Trace } from './trace.ts'
import { WatchedPortals } from './watched-portals.ts'

export interface GatewayStores {
  readonly users: Stores.Users
  readonly logins: Stores.Logins
  readonly contacts: Stores.Contacts
  readonly ghosts: Stores.Ghosts
  readonly portals: Stores.Portals
  readonly messages: Stores.Messages
  readonly traces: Stores.Traces
  readonly outbox: Stores.Outbox
}

/** What our bot may use. */
export interface Backroom {
  readonly networks: Networks
  readonly levels: Levels
  readonly logins: Logins
  readonly portals: Portals
  readonly several: Several
  readonly relay: Relay
  readonly ghosts: Ghosts
  readonly shelves: Shelves
  readonly trace: Trace
  readonly clock: Clock
}

interface Ingredients {
  readonly networks: readonly Network[]
  readonly stores: GatewayStores
  /** Makes our bot, given what it may use. */
  readonly assistant: (parts: Backroom) => Assistant
  /** How long a message may wait to be delivered, in milliseconds. */
  readonly patience: number
  /** Whether smileys that are put to something are carried on. */
  readonly reactions: boolean
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

export interface AssembledGateway {
  readonly gateway: Gateway
  readonly logins: Logins
  readonly portals: Portals
  readonly ghosts: Ghosts
  readonly shelves: Shelves
  readonly presences: Presences
  readonly trace: Trace
}

/** The gateway over some networks and stores. */
export function assembleGateway(ingredients: Ingredients): AssembledGateway {
  const { networks: list, stores, assistant, patience, reactions, clock, timers, log } = ingredients
  const networks = new Networks(list)
  const several = new Several({ networks, ghosts: stores.ghosts })
  const shared = { networks, several, clock, timers, log, ...stores }
  const levels = new Levels(shared)
  const chairs = new Chairs(shared)
  const ghosts = new Ghosts({ networks, ghosts: stores.ghosts, timers, log })
  const shelves = new Shelves({ ...shared, chairs })
  const notices = new Notices(shared)
  const presences = new Presences({ ...shared, chairs, ghosts })
  const activities = new Activities({ ...shared, chairs })
  const watched = new WatchedPortals(stores.portals, (portal) => {
    shelves.changed(portal.anchor.as)
    presences.placed(portal).catch((error: unknown) => log.debug({ err: error }, 'a contact is not shown in a new chat'))
  })
  const portals = new Portals({ ...shared, portals: watched, levels, chairs, ghosts })
  const outcomes = new Outcomes({ ...shared, portals, chairs, notices })
  const heard = new Heard(shared)
  const changes = new Changes({ ...shared, portals, heard, outcomes })
  const trace = new Trace({ ...shared, portals })
  const relay = new Relay({
    ...shared,
    portals,
    levels,
    ghosts,
    speakers: new Speakers({ networks, levels }),
    heard,
    changes,
    outcomes,
    patience,
    reactions,
  })
  const attendances = new Attendances({ ...shared, portals, relay, outcomes })
  const requests = new Requests({ ...shared, portals, levels, ghosts, notices })
  const logins = new Logins({ ...shared, levels, ghosts, shelves, notices })
  const { users, messages } = stores
  const answer = assistant({ networks, levels, logins, portals, several, relay, ghosts, shelves, trace, clock })
  const gateway = new Gateway({
    networks,
    users,
    messages,
    portals,
    attendances,
    relay,
    changes,
    outcomes,
    trace,
    requests,
    ghosts,
    shelves,
    logins,
    presences,
    activities,
    notices,
    talks: new Talks({ ...shared, levels, notices, assistant: answer }),
    clock,
    log,
  })
  return { gateway, logins, portals, ghosts, shelves, presences, trace }
}
