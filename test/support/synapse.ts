// A real Synapse for tests and the demo: private, on a free loopback port, with everything in a folder of its own.
// Plain Node, so that it runs outside of vitest too.

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'

/** How long Synapse may take to come up or to go, in milliseconds. The machine may be busy. */
const patience = 90_000

const sharedSecret = 'test'

interface Options {
  /** The name of the homeserver. */
  readonly domain?: string
  /** The port to listen on, from `freePort`. Needed when the registration has to be made before. */
  readonly port?: number
  /** The registration file of the application service, as YAML; of several, where there are. */
  readonly registration: string | readonly string[]
  /** More settings of the homeserver. */
  readonly settings?: Record<string, unknown>
}

/** Somebody's account, signed in. */
export interface Account {
  readonly userId: string
  readonly password: string
  readonly accessToken: string
}

/**
 * A port that nothing listens on, below those that the system hands out for outgoing connections, so that nobody gets it by chance
 * between now and its use.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer()
    probe.once('error', () => answer(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => answer(true)))
  })
}

/** The Python that has Synapse: `SYNAPSE_PYTHON`, or the one that the set-up script made. */
function synapsePython(): string {
  const python = process.env['SYNAPSE_PYTHON'] ?? resolve(import.meta.dirname, '../../.tools/synapse/bin/python')
  if (!existsSync(python)) throw new Error(`there is no Synapse at ${python}: run "npm run setup" first, or set SYNAPSE_PYTHON`)
  return python
}

/** A running Synapse. */
export class Synapse {
  readonly url: string
  readonly domain: string
  readonly #folder: string
  #process: ChildProcess | undefined

  constructor(options: { url: string; domain: string; folder: string }) {
    this.url = options.url
    this.domain = options.domain
    this.#folder = options.folder
  }

  /** The process id; undefined when it is stopped. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts the process, again after a `halt`; resolves when it answers. */
  async resume(): Promise<void> {
    const python = synapsePython()
    const child = spawn(python, ['-m', 'synapse.app.homeserver', '-c', join(this.#folder, 'hs.yaml')], {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-4000)
    })
    this.#process = child
    const deadline = Date.now() + patience
    while (!(await this.#isHealthy())) {
      if (child.exitCode !== null) throw new Error(`Synapse ended: ${complaint}\n${await this.#log()}`)
      if (Date.now() > deadline) throw new Error(`Synapse does not answer: ${complaint}\n${await this.#log()}`)
      await wait(50)
    }
  }

  /** Stops the process and keeps its data. With `SIGKILL` it gets no time to end well. */
  async halt(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(impatience)
  }

  /** Stops it for good and removes its data. */
  async stop(): Promise<void> {
    await this.halt()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Makes an account and signs it in. */
  async addUser(name: string, password: string = randomBytes(12).toString('hex')): Promise<Account> {
    const path = `${this.url}/_synapse/admin/v1/register`
    const { nonce } = (await (await fetch(path)).json()) as { nonce: string }
    const mac = createHmac('sha1', sharedSecret).update([nonce, name, password, 'notadmin'].join('\0')).digest('hex')
    const answer = await fetch(path, {
      method: 'POST',
      body: JSON.stringify({ nonce, username: name, password, admin: false, mac }),
    })
    const made = (await answer.json()) as { user_id: string; access_token: string }
    if (!answer.ok) throw new Error(`Synapse did not make ${name}: ${JSON.stringify(made)}`)
    return { userId: made.user_id, password, accessToken: made.access_token }
  }

  /** Signs somebody in who has an account. */
  async signIn(name: string, password: string): Promise<Account> {
    const identifier = { type: 'm.id.user', user: name }
    const body = JSON.stringify({ type: 'm.login.password', identifier, password })
    const answer = await fetch(`${this.url}/_matrix/client/v3/login`, { method: 'POST', body })
    const made = (await answer.json()) as { user_id: string; access_token: string }
    if (!answer.ok) throw new Error(`Synapse did not let ${name} in: ${JSON.stringify(made)}`)
    return { userId: made.user_id, password, accessToken: made.access_token }
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(1000) })).ok
    } catch {
      return false
    }
  }

  async #log(): Promise<string> {
    return (await readFile(join(this.#folder, 'hs.log'), 'utf8').catch(() => '')).slice(-4000)
  }
}

/** Starts a Synapse; resolves when it answers. */
export async function startSynapse(options: Options): Promise<Synapse> {
  const folder = await mkdtemp(join(tmpdir(), 'nudge-synapse-'))
  const port = options.port ?? (await freePort())
  const domain = options.domain ?? 'hs.test'
  const synapse = new Synapse({ url: `http://127.0.0.1:${port}`, domain, folder })
  try {
    const registrations = [options.registration]
      .flat()
      .map((text, index) => ({ text, file: join(folder, `registration-${index}.yaml`) }))
    for (const { text, file } of registrations) await writeFile(file, text, { mode: 0o600 })
    await writeFile(join(folder, 'signing.key'), `ed25519 a_test ${randomBytes(32).toString('base64').replace('=', '')}\n`)
    await writeFile(join(folder, 'log.yaml'), stringify(logConfig(folder)))
    await writeFile(
      join(folder, 'hs.yaml'),
      stringify({
        ...serverConfig({ folder, port, domain, registrations: registrations.map(({ file }) => file) }),
        ...options.settings,
      }),
    )
    await synapse.resume()
  } catch (error) {
    await synapse.stop()
    throw error
  }
  return synapse
}

function logConfig(folder: string): object {
  return {
    version: 1,
    formatters: { plain: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
    handlers: { file: { class: 'logging.FileHandler', filename: join(folder, 'hs.log'), formatter: 'plain' } },
    root: { level: 'WARNING', handlers: ['file'] },
    disable_existing_loggers: false,
  }
}

interface ServerFacts {
  readonly folder: string
  readonly port: number
  readonly domain: string
  readonly registrations: readonly string[]
}

function serverConfig({ folder, port, domain, registrations }: ServerFacts): object {
  const noLimit = { per_second: 9999, burst_count: 9999 }
  return {
    server_name: domain,
    pid_file: join(folder, 'pid'),
    listeners: [
      { port, bind_addresses: ['127.0.0.1'], type: 'http', tls: false, resources: [{ names: ['client'], compress: false }] },
    ],
    database: { name: 'sqlite3', args: { database: join(folder, 'hs.db') } },
    media_store_path: join(folder, 'media'),
    signing_key_path: join(folder, 'signing.key'),
    log_config: join(folder, 'log.yaml'),
    report_stats: false,
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    enable_registration: false,
    registration_shared_secret: sharedSecret,
    macaroon_secret_key: 'test',
    form_secret: 'test',
    bcrypt_rounds: 4,
    presence: { enabled: true },
    app_service_config_files: registrations,
    rc_message: noLimit,
    rc_registration: noLimit,
    rc_login: { address: noLimit, account: noLimit, failed_attempts: noLimit },
    rc_joins: { local: noLimit, remote: noLimit },
    rc_joins_per_room: noLimit,
    rc_invites: { per_room: noLimit, per_user: noLimit, per_issuer: noLimit },
    rc_presence: { per_user: noLimit },
    rc_room_creation: noLimit,
  }
}
