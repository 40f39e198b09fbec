// Everything that is measured, on loopback: a real Synapse, a Redis, a Nudge with its MSN server in a process of its own, and in another
// a bare application service with a witness, a second one that is told what is said in every room and speaks as Romeo and his friends.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { networkId } from '../../src/core/address.ts'
import { silent } from '../../src/core/log.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { newToken, registrationYaml } from '../../src/matrix/registration.ts'
import { redisConfig } from '../../src/redis/config.ts'
import type { OpenRedis } from '../../src/redis/open.ts'
import { openRedis } from '../../src/redis/open.ts'
import { NudgeProcess } from '../../test/support/nudge-process.ts'
import type { Synapse } from '../../test/support/synapse.ts'
import { freePort, startSynapse } from '../../test/support/synapse.ts'
import { People, personAt, prefix } from '../msn/people.ts'
import { Talker } from './talker.ts'
import type { Ear, Lane, Moment, Said, Task } from './wire.ts'

export const domain = 'hs.test'
export const msnDomain = 'example.com'
const many = 1_000_000

/** One pair of people who talk over the gateway, and the same over the bare application service. */
export interface Pair {
  readonly talker: Talker
  /** The room of the portal, with Romeo as its speaker. */
  readonly bridged: Lane
  /** A room of the bare application service, with its own account, and with Romeo, as speaker. */
  readonly bare: Lane
  readonly bareFromRomeo: Lane
}

/** Milliseconds of processor time. */
export type Used = Readonly<Record<'synapse' | 'nudge' | 'bare', number>>

type Settings = Readonly<Record<string, unknown>> & { readonly matrix: object }

type Tokens = Readonly<Record<Ear, string>>

export class Stage {
  readonly synapse: Synapse
  readonly nudge: NudgeProcess
  readonly redis: OpenRedis
  readonly #people: People
  readonly #bare: ChildProcess
  readonly #tokens: Tokens
  readonly #folder: string
  readonly #settings: Settings
  #sent: (moments: readonly Moment[]) => void = () => {}
  #seen: (moments: readonly Moment[], by: Ear) => void = () => {}

  private constructor(parts: {
    synapse: Synapse
    nudge: NudgeProcess
    redis: OpenRedis
    people: People
    bare: ChildProcess
    tokens: Tokens
    folder: string
    settings: Settings
  }) {
    this.synapse = parts.synapse
    this.nudge = parts.nudge
    this.redis = parts.redis
    this.#people = parts.people
    this.#bare = parts.bare
    this.#tokens = parts.tokens
    this.#folder = parts.folder
    this.#settings = parts.settings
    this.#bare.on('message', (said: Said) => {
      if ('sent' in said) this.#sent(said.sent)
      if ('seen' in said) this.#seen(said.seen, said.by)
    })
  }

  static async set(accounts: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'nudge-bench-'))
    const redis = await openRedis(redisConfig.parse({ dataDir: join(folder, 'redis') }), { log: silent })
    const connection = redis.connect()
    const people = new People(connection)
    await people.make(accounts)
    const [homeserver, nudgePort] = [await freePort(), await freePort()]
    const [barePort, witnessPort] = [await freePort(), await freePort()]
    const tokens = { bare: newToken(), witness: newToken() }
    const matrix = {
      homeserver: `http://127.0.0.1:${homeserver}`,
      domain,
      listen: { host: '127.0.0.1', port: nudgePort },
      asToken: newToken(),
      hsToken: newToken(),
    }
    const settings = {
      log: { level: process.env['BENCH_LOG'] ?? 'info', format: 'json' },
      redis: { url: `unix://${connection.options.path}`, prefix },
      seal: { keyFile: join(folder, 'seal.key') },
      matrix,
      msn: await msnServer(),
    }
    const nudge = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), settings)
    const registrations = [
      registrationYaml(matrixConfig.parse(matrix), [networkId('msn')]),
      registrationOf('bare', { port: barePort, asToken: tokens.bare, regex: `@bare_.*:${domain}`, exclusive: true }),
      registrationOf('witness', { port: witnessPort, asToken: tokens.witness, regex: `@romeo.*:${domain}`, exclusive: false }),
    ]
    const synapse = await startSynapse({ domain, port: homeserver, registration: registrations })
    const bare = fork(new URL('./bare.ts', import.meta.url), [
      matrix.homeserver,
      tokens.bare,
      tokens.witness,
      String(barePort),
      String(witnessPort),
    ])
    await once(bare, 'message')
    await nudge.start()
    return new Stage({ synapse, nudge, redis, people, bare, tokens, folder, settings })
  }

  async strike(): Promise<void> {
    this.#bare.kill()
    await this.nudge.stop()
    await this.synapse.stop()
    await this.redis.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Another Nudge in the place of the first, which is stopped: it finds the homeserver at this address. Not started yet. */
  async nudgeBehind(homeserver: string): Promise<NudgeProcess> {
    await this.nudge.stop()
    const settings = { ...this.#settings, matrix: { ...this.#settings.matrix, homeserver } }
    return NudgeProcess.withConfig(join(this.#folder, 'nudge-behind.yaml'), settings)
  }

  /** Two people who have begun to talk. */
  async pair(index: number): Promise<Pair> {
    const juliet = personAt(index)
    const romeo = await this.#account(`romeo${index}`)
    const account = await this.#account(`bare_${index}`)
    const talker = await Talker.signIn({
      port: this.nudge.places.notification?.port ?? 0,
      account: juliet,
      ticket: await this.#people.ticketFor(juliet),
    })
    const ghost = `@msn_${juliet.replace('@', '=40')}:${domain}`
    const room = await this.#room(romeo, ghost)
    const answered = talker.answers()
    await this.#call(romeo, 'PUT', `rooms/${encodeURIComponent(room)}/send/m.room.message/first`, {
      msgtype: 'm.text',
      body: 'But soft!',
    })
    await answered
    const bareRoom = await this.#room(romeo, account)
    await this.#call(account, 'POST', `rooms/${encodeURIComponent(bareRoom)}/join`, {})
    return {
      talker,
      bridged: { room, as: romeo },
      bare: { room: bareRoom, as: account },
      bareFromRomeo: { room: bareRoom, as: romeo },
    }
  }

  /** Has the bare application service say something. */
  speak(task: Task): void {
    this.#bare.send(task)
  }

  /** What everybody has used so far, in milliseconds of processor time. */
  async used(): Promise<Used> {
    const [synapse, nudge, bare] = await Promise.all([this.synapse.pid, this.nudge.pid, this.#bare.pid].map(cpuOf))
    return { synapse: synapse ?? 0, nudge: nudge ?? 0, bare: bare ?? 0 }
  }

  /** Who is told what the bare application service sent and what the homeserver pushed to it. */
  listens(to: { sent(moments: readonly Moment[]): void; seen(moments: readonly Moment[], by: Ear): void }): void {
    this.#sent = (moments) => to.sent(moments)
    this.#seen = (moments, by) => to.seen(moments, by)
  }

  async #account(name: string): Promise<string> {
    const id = `@${name}:${domain}`
    await this.#call(id, 'POST', 'register', { type: 'm.login.application_service', username: name, inhibit_login: true })
    return id
  }

  async #room(owner: string, guest: string): Promise<string> {
    const { room_id: room } = await this.#call(owner, 'POST', 'createRoom', {
      preset: 'trusted_private_chat',
      is_direct: true,
      invite: [guest],
    })
    return String(room)
  }

  async #call(as: string, method: string, path: string, body: object): Promise<Record<string, unknown>> {
    const token = this.#tokens[as.startsWith('@bare') ? 'bare' : 'witness']
    const query = path === 'register' ? '' : `?user_id=${encodeURIComponent(as)}`
    const answer = await fetch(`${this.synapse.url}/_matrix/client/v3/${path}${query}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    const content = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(content)}`)
    return content
  }
}

async function msnServer(): Promise<object> {
  // Everybody comes from one address here, and talks as fast as they can.
  const limits = {
    connections: many,
    connectionsPerAddress: many,
    messagesPerSecond: many,
    changesPerMinute: many,
    boardsPerMinute: many,
  }
  const [notificationPort, switchboardPort, port] = [await freePort(), await freePort(), await freePort()]
  return { domain: msnDomain, notificationPort, switchboardPort, http: { host: '127.0.0.1', port }, limits }
}

/** Milliseconds of processor time that a process has used (proc(5): fields 14 and 15, in hundredths of a second). */
async function cpuOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

interface Service {
  readonly port: number
  readonly asToken: string
  readonly regex: string
  readonly exclusive: boolean
}

function registrationOf(id: string, { port, asToken, regex, exclusive }: Service): string {
  return stringify({
    id,
    url: `http://127.0.0.1:${port}`,
    as_token: asToken,
    hs_token: newToken(),
    sender_localpart: `${id}bot`,
    rate_limited: false,
    // As Nudge has it: presence and typing cost the homeserver the same for both.
    receive_ephemeral: exclusive,
    namespaces: { users: [{ exclusive, regex }], aliases: [], rooms: [] },
  })
}
