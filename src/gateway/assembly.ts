// Puts the parts of the gateway together. Used by app.ts and by the tests.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Network } from '../core/network.ts'
import type * as Stores from '../core/stores.ts'
import { Attendances } from './attendance.ts'
import { Chairs } from './chairs.ts'
import type { Assistant } from './gateway.ts'
import { Gateway } from './gateway.ts'
import { Ghosts } from './ghosts.ts'
import { Levels } from './levels.ts'
import { Logins } from './logins.ts'
import { Networks } from './networks.ts'
import { Notices } from './notices.ts'
import { Portals } from './portals.ts'
import { Presences } from './presence.ts'
import { Relay } from './relay.ts'
import { Requests } from './requests.ts'
import { Several } from './several.ts'

export interface GatewayStores {
  readonly users: Stores.Users
  readonly logins: Stores.Logins
  readonly contacts: Stores.Contacts
  readonly ghosts: Stores.Ghosts
  readonly portals: Stores.Portals
  readonly messages: Stores.Messages
  readonly outbox: Stores.Outbox
}

interface Ingredients {
  readonly networks: readonly Network[]
  readonly stores: GatewayStores
  /** Makes our bot, given what it may use. */
  readonly assistant: (parts: { logins: Logins; networks: Networks; portals: Portals }) => Assistant
  /** How long a message may wait to be delivered, in milliseconds. */
  readonly patience: number
  readonly clock: Clock
  readonly log: Logger
}

export interface AssembledGateway {
  readonly gateway: Gateway
  readonly logins: Logins
  readonly portals: Portals
  readonly ghosts: Ghosts
  readonly presences: Presences
}

/** The gateway over some networks and stores. */
export function assembleGateway({ networks: list, stores, assistant, patience, clock, log }: Ingredients): AssembledGateway {
  const networks = new Networks(list)
  const several = new Several({ networks, ghosts: stores.ghosts })
  const shared = { networks, several, clock, log, ...stores }
  const levels = new Levels(shared)
  const chairs = new Chairs(shared)
  const ghosts = new Ghosts({ networks, ghosts: stores.ghosts, log })
  const notices = new Notices(shared)
  const portals = new Portals({ ...shared, chairs, ghosts })
  const relay = new Relay({ ...shared, portals, ghosts, patience })
  const attendances = new Attendances({ ...shared, portals, relay })
  const requests = new Requests({ ...shared, portals, ghosts, notices })
  const logins = new Logins({ ...shared, ghosts, notices })
  const presences = new Presences({ ...shared, chairs, ghosts })
  const { users, messages } = stores
  const answer = assistant({ logins, networks, portals })
  const gateway = new Gateway({
    networks,
    users,
    levels,
    messages,
    portals,
    several,
    attendances,
    relay,
    requests,
    ghosts,
    logins,
    presences,
    notices,
    assistant: answer,
    clock,
    log,
  })
  return { gateway, logins, portals, ghosts, presences }
}
