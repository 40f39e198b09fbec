// Verona, whole: a real Synapse, a Nudge with its own MSN server, and, where wanted, a second Nudge that plays an MSN server out there.
// Private, on free loopback ports, in a folder of its own. Used by the end-to-end tests and by the demo, so it is plain Node.

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MatrixUser } from './matrix-user.ts'
import { MsnUser } from './msn-user.ts'
import { NudgeProcess, runNudge } from './nudge-process.ts'
import type { Synapse } from './synapse.ts'
import { freePort, startSynapse } from './synapse.ts'

/** The names in this world. */
export const domains = { matrix: 'hs.test', msn: 'msn.hs.test', verona: 'verona.test' } as const

interface Wanted {
  /** A second Nudge, to whose MSN server users link accounts; `new`: in MSNP18, with all that it has on the web. */
  readonly verona?: boolean | 'new'
  /** The networks by which users reach it; one, unless more are named. */
  readonly networks?: readonly string[]
  /** Told what is being done, for a person who waits. */
  readonly tell?: (what: string) => void
  readonly logLevel?: 'info' | 'debug' | 'trace'
  /** More settings of the homeserver. */
  readonly homeserver?: Record<string, unknown>
  /** Registration files of other application services at the homeserver. */
  readonly registrations?: readonly string[]
  /** More settings of the Matrix side of the gateway. */
  readonly matrix?: Record<string, unknown>
  /** More settings of the gateway. */
  readonly settings?: Record<string, unknown>
}

export class World {
  readonly folder: string
  readonly synapse: Synapse
  readonly nudge: NudgeProcess
  readonly verona: NudgeProcess | undefined
  /** Every password that was given to an account, and every ticket that was got for one. */
  readonly secrets: string[] = []
  readonly #people: { close(): Promise<void> }[] = []

  private constructor(folder: string, synapse: Synapse, nudge: NudgeProcess, verona: NudgeProcess | undefined) {
    this.folder = folder
    this.synapse = synapse
    this.nudge = nudge
    this.verona = verona
  }

  /** Starts it all. What was started is stopped again when something fails. */
  static async start({
    verona: withVerona = false,
    networks = ['verona'],
    tell = () => {},
    logLevel = 'info',
    homeserver: homeserverSettings = {},
    registrations = [],
    matrix = {},
    settings = {},
  }: Wanted = {}): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'nudge-'))
    const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
    try {
      const log = { level: logLevel, format: 'json' }
      const verona = withVerona ? await makeVerona(folder, log) : undefined
      if (verona) {
        tell('a second Nudge, as an MSN server out there')
        stops.push(() => verona.stop())
        await verona.start()
      }
      const homeserver = await freePort()
      const nudge = await makeNudge(folder, { log, homeserver, verona, networks, isNew: withVerona === 'new', matrix, settings })
      tell('Synapse')
      const synapse = await startSynapse({
        domain: domains.matrix,
        port: homeserver,
        registration: [await register(folder, nudge), ...registrations],
        settings: homeserverSettings,
      })
      stops.push(() => synapse.stop())
      tell('Nudge, with its own MSN server and Redis')
      stops.push(() => nudge.stop())
      await nudge.start()
      return new World(folder, synapse, nudge, verona)
    } catch (error) {
      for (const stop of stops.reverse()) await stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    for (const person of this.#people) await person.close()
    await this.nudge.stop()
    await this.verona?.stop()
    await this.synapse.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Somebody at a Matrix client. */
  async matrixUser(name: string, password?: string): Promise<MatrixUser> {
    return new MatrixUser(this.synapse.url, await this.synapse.addUser(name, password))
  }

  /** Somebody who has an account, at one more Matrix client. */
  async signedInMatrixUser(name: string, password: string): Promise<MatrixUser> {
    return new MatrixUser(this.synapse.url, await this.synapse.signIn(name, password))
  }

  /** Makes an account on one of the MSN servers, as an operator does. */
  async addAccount(server: NudgeProcess, address: string, password: string, ...options: string[]): Promise<void> {
    this.secrets.push(password)
    const { code, errors } = await runNudge(['account', 'add', address, '--config', server.configFile, ...options], {
      input: `${password}\n`,
    })
    if (code !== 0) throw new Error(`the account ${address} was not made: ${errors}`)
  }

  /** Somebody at an MSN client, with a new account, signed in. */
  async msnUser(server: NudgeProcess, address: string, name: string, dialects?: readonly number[]): Promise<MsnUser> {
    const password = randomBytes(6).toString('hex')
    const old = dialects?.some((dialect) => dialect < 8) ? ['--old-clients'] : []
    await this.addAccount(server, address, password, ...old)
    return this.signIn(server, address, password, { name, ...(dialects && { dialects }) })
  }

  /** Signs somebody in at an MSN client. */
  async signIn(
    server: NudgeProcess,
    account: string,
    password: string,
    more: { name?: string; dialects?: readonly number[] } = {},
  ) {
    const { notification, http } = server.places
    if (!notification || http === undefined) throw new Error('this Nudge has no MSN server')
    const user = new MsnUser({
      account,
      password,
      server: notification,
      http,
      onTicket: (ticket) => this.secrets.push(ticket),
      ...more,
    })
    await user.signsIn()
    this.#people.push({ close: () => user.signsOut() })
    return user
  }
}

/** The ghost on Matrix of somebody on an MSN network. */
export function ghostOf(network: string, address: string): string {
  return `@${network}_${address.replace('@', '=40')}:${domains.matrix}`
}

async function makeVerona(folder: string, log: object): Promise<NudgeProcess> {
  await mkdir(join(folder, 'verona'))
  const msn = await msnServer(domains.verona)
  return NudgeProcess.withConfig(join(folder, 'verona', 'nudge.yaml'), { log, msn })
}

interface NudgeParts {
  readonly log: object
  readonly homeserver: number
  readonly verona: NudgeProcess | undefined
  readonly networks: readonly string[]
  readonly isNew: boolean
  readonly matrix: Record<string, unknown>
  readonly settings: Record<string, unknown>
}

async function makeNudge(folder: string, parts: NudgeParts): Promise<NudgeProcess> {
  const { log, homeserver, verona, networks, isNew, matrix: more, settings } = parts
  await mkdir(join(folder, 'nudge'))
  const token = () => randomBytes(32).toString('hex')
  const matrix = {
    homeserver: `http://127.0.0.1:${homeserver}`,
    domain: domains.matrix,
    listen: { host: '127.0.0.1', port: await freePort() },
    asToken: token(),
    hsToken: token(),
    ...more,
  }
  const msn = await msnServer(domains.msn)
  const there = verona?.places
  const web = isNew ? { profile: 'nudge', web: there?.http } : { nexus: `${there?.http}/rdr/pprdr.asp` }
  const out = there?.notification && { ...there.notification, ...web }
  const linked = out && Object.fromEntries(networks.map((network) => [network, out]))
  return NudgeProcess.withConfig(join(folder, 'nudge', 'nudge.yaml'), {
    log,
    matrix,
    msn,
    ...(linked && { linked }),
    ...settings,
  })
}

/** Its ports are fixed for the life of this world, so that clients find it again after a restart. */
async function msnServer(domain: string) {
  const [notificationPort, switchboardPort, port] = [await freePort(), await freePort(), await freePort()]
  return { domain, notificationPort, switchboardPort, http: { host: '127.0.0.1', port } }
}

async function register(folder: string, nudge: NudgeProcess): Promise<string> {
  const output = join(folder, 'nudge', 'registration.yaml')
  const { code, errors } = await runNudge(['registration', '--config', nudge.configFile, '--output', output])
  if (code !== 0) throw new Error(`no registration was written: ${errors}`)
  return readFile(output, 'utf8')
}
