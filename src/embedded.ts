// Our own MSN server with what belongs to it: its web pages, its accounts, and the gateway's seat on it.

import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { matrixId } from './config.ts'
import type { Address, Naming, NetworkId } from './core/address.ts'
import type { Clock } from './core/clock.ts'
import { StartError } from './core/errors.ts'
import type { EventSink } from './core/event.ts'
import { allows } from './core/level.ts'
import type { Logger } from './core/log.ts'
import type { Records, Tickets, Users } from './core/stores.ts'
import { say } from './core/words.ts'
import { naming } from './matrix/address.ts'
import type { MatrixConfig } from './matrix/config.ts'
import { Permissions } from './matrix/permissions.ts'
import { HostedAddresses } from './msn/address.ts'
import { HostedMsn } from './msn/hosted.ts'
import { Crowd } from './msn/server/crowd.ts'
import { Invites } from './msn/server/invites.ts'
import { MsnServer } from './msn/server/server.ts'
import type { Place } from './msn/server/web/pages/place.ts'
import { webPlugins } from './msn/server/web/plugins.ts'
import { openSite } from './msn/server/web/site.ts'
import { closeVintageTls, openVintageTls } from './msn/server/web/vintage-tls.ts'

type EmbeddedConfig = NonNullable<Config['msn']>

interface Ingredients {
  readonly config: EmbeddedConfig
  /** The home of the people who are hosted; absent: there are none. */
  readonly matrix: MatrixConfig | undefined
  readonly stores: { readonly records: Records; readonly tickets: Tickets; readonly users: Pick<Users, 'find'> }
  readonly clock: Clock
  readonly log: Logger
}

/** The addresses of people from elsewhere on our server. */
export function hostedAddressesOf(config: EmbeddedConfig, matrix: MatrixConfig | undefined): HostedAddresses {
  const namings = new Map<NetworkId, Naming>(matrix ? [[matrixId, naming(matrix.domain)]] : [])
  return new HostedAddresses(config.id, config.domain, namings)
}

/** Puts the server, its pages and its network together; nothing is started. */
export function embedMsn(ingredients: Ingredients): EmbeddedMsn {
  return new EmbeddedMsn(ingredients)
}

export class EmbeddedMsn {
  readonly network: HostedMsn
  readonly #config: EmbeddedConfig
  readonly #server: MsnServer
  readonly #web: FastifyInstance
  /** Who is connected to the web server, by HTTP or HTTPS. */
  readonly #crowd: Crowd
  readonly #clock: Clock
  readonly #log: Logger
  #vintageTls: Server | undefined

  constructor({ config, matrix, stores, clock, log }: Ingredients) {
    const addresses = hostedAddressesOf(config, matrix)
    this.#config = config
    this.#clock = clock
    this.#log = log
    this.#server = new MsnServer({
      domain: config.domain,
      listen: {
        host: config.host,
        notificationPort: config.notificationPort,
        switchboardPort: config.switchboardPort,
        dispatchPort: config.dispatchPort,
      },
      advertise: config.advertise,
      challenge: config.challenge,
      oldestClient: config.oldestClient,
      limits: config.limits,
      ...stores,
      isHostedAddress: (email) => addresses.owns(email),
      welcomes: (email) => this.network.welcomes(email),
      summon: (email) => this.network.summon(email),
      offline: (to, from, fromName, body) => this.network.leave(to, from, fromName, body),
      pictured: (email) => this.network.pictured(email),
      clock,
      log,
    })
    this.network = new HostedMsn({
      id: config.id,
      addresses,
      ticketFor: (address, name) => this.#server.hostedTicket(address, name),
      invitationTo: (address, from) => this.#server.invitationTo(address, from),
      pictureOf: (account) => this.#server.pictureOf(account),
      pictureAt: (name) => this.#server.picture(name),
      dial: async ({ role }) => this.#server.connect(role),
      permits: permittedBy(matrix),
      isShutOut: async (person) => (await stores.users.find(person))?.isBlocked ?? false,
      records: stores.records,
      clock,
      log,
    })
    const plugins = webPlugins({
      server: this.#server,
      invites: new Invites(stores.records, clock),
      registration: config.registration,
      loginUrl: config.loginUrl,
      place: () => this.#place,
      authority: () => readCertificate(config.authority.certFile),
    })
    this.#web = openSite({ plugins, trustedProxies: config.http.trustedProxies, log })
    const { connections: most, connectionsPerAddress: mostPerAddress } = config.limits
    this.#crowd = new Crowd({ most, mostPerAddress, log })
    this.#web.server.on('connection', (socket) => this.#crowd.admit(socket))
  }

  /** Begins to listen: the server first, then its pages. Throws a StartError when a port is taken. */
  async start(sink: EventSink): Promise<void> {
    await this.network.start(sink)
    await this.#server.start()
    const { host, port } = this.#config.http
    await this.#web.listen({ host, port }).catch((error: Error) => {
      throw new StartError(say({ key: 'server.cannot-listen', params: { detail: error.message } }))
    })
    const { enabled, ...vintage } = this.#config.vintageTls
    if (!enabled) return
    this.#vintageTls = await openVintageTls({ ...vintage, site: this.#web, clock: this.#clock, log: this.#log })
    this.#vintageTls.on('connection', (socket) => this.#crowd.admit(socket))
  }

  async stop(): Promise<void> {
    if (this.#vintageTls) await closeVintageTls(this.#vintageTls)
    await this.#web.close()
    await this.network.stop()
    await this.#server.stop()
  }

  /** Where clients find it, as its pages tell people. */
  get #place(): Place {
    const { notification, switchboard } = this.#server.ports
    const { domain, advertise, http } = this.#config
    return {
      domain,
      notificationPort: notification,
      switchboardPort: switchboard,
      httpPort: portOf(this.#web.server) ?? http.port,
      httpsPort: portOf(this.#vintageTls),
      advertise,
    }
  }

  /** Where clients and their sign-in find it. */
  get places() {
    const { notification, switchboard } = this.#server.ports
    const { host, http, vintageTls } = this.#config
    const https = portOf(this.#vintageTls)
    return {
      notification: { host, port: notification },
      switchboard: { host, port: switchboard },
      http: `http://${http.host}:${portOf(this.#web.server) ?? http.port}`,
      ...(https !== undefined && { https: `https://${vintageTls.host}:${https}` }),
    }
  }
}

/** Where a server listens; undefined when it does not. */
function portOf(server: Pick<Server, 'address'> | undefined): number | undefined {
  const address = server?.address()
  return typeof address === 'object' && address !== null ? address.port : undefined
}

/** Read each time, so that an authority that is made meanwhile is handed out. Undefined when there is none that can be read. */
async function readCertificate(file: string): Promise<X509Certificate | undefined> {
  try {
    return new X509Certificate(await readFile(file))
  } catch {
    return undefined
  }
}

/** Who may have chats on Matrix is hosted here. */
function permittedBy(matrix: MatrixConfig | undefined): (person: Address) => boolean {
  const permissions = matrix && new Permissions(matrix)
  return ({ network, id }) => permissions !== undefined && network === matrixId && allows(permissions.of(id), 'user')
}
