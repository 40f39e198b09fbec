// Writes a scene down as it goes over the wire between our client and our server, with a named hole wherever the next time brings something else.

import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { duplexPair } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { Secret } from '../../src/core/secret.ts'
import type { Command, Speaker } from '../../src/msn/wire/command.ts'
import { Decoder } from '../../src/msn/wire/decoder.ts'
import { startServer } from './msn-server.ts'
import { prepare } from './scene-server.ts'
import type { Scene } from './scenes.ts'
import { accountOf, Stage } from './stage.ts'

/** So long after the last byte a scene is over, in milliseconds. */
const silence = 150

/** The text of a scene's transcript in one dialect. */
export async function recordScene(scene: Scene, dialect: number): Promise<string> {
  const fixture = await startServer()
  await prepare(fixture.server.services, scene.before)
  const recording = new Recording(`127.0.0.1:${fixture.server.ports.switchboard}`)
  const stage = new Stage(
    dialect,
    {
      dial: async ({ role, port }) => {
        const theirs = role === 'NS' ? fixture.server.ports.notification : port
        return recording.between(role, connect({ host: '127.0.0.1', port: theirs, noDelay: true }))
      },
      ticketFor: async (who) => new Secret(await fixture.ticketFor(accountOf(who))),
      keyFor: (who) => fixture.keyFor(accountOf(who)),
    },
    scene.before,
  )
  try {
    await scene.act(stage)
    await recording.quiet()
    return recording.written(`# MSNP${dialect}. ${scene.about}.`)
  } finally {
    recording.stop()
    await stage.clear()
    await fixture.stop()
  }
}

class Recording {
  readonly #said: string[] = []
  readonly #counts = new Map<string, number>()
  /** Values that are different each time, and the names of their holes. */
  readonly #holes = new Map<string, string>()
  readonly #owners = new Map<string, string>()
  #connection = 'NS'
  #over = false
  #lastAt = Date.now()

  constructor(boardAddress: string) {
    this.#holes.set(boardAddress, 'server')
  }

  /** The client's end of a connection to the server, everything that goes through being written down. */
  between(role: string, server: Duplex): Duplex {
    const count = (this.#counts.get(role) ?? 0) + 1
    this.#counts.set(role, count)
    const name = count === 1 ? role : `${role}${count}`
    const [ours, clients] = duplexPair()
    const decoders = { client: new Decoder({ from: 'client' }), server: new Decoder({ from: 'server' }) }
    let ended = false
    const pass = (speaker: Speaker, from: Duplex, to: Duplex) => {
      from.on('data', (chunk: Uint8Array) => {
        for (const command of decoders[speaker].push(chunk)) {
          if (command.verb === 'VER' && speaker === 'server') {
            const dialect = Number(/^MSNP(\d+)$/.exec(command.args[0] ?? '')?.[1])
            decoders.client.dialect = dialect
            decoders.server.dialect = dialect
          }
          this.#note(name, speaker, command)
        }
        to.write(chunk)
      })
      from.on('end', () => {
        if (!ended) this.#write(name, speaker === 'client' ? 'C!' : 'S!')
        ended = true
        to.end()
      })
      from.on('error', () => to.destroy())
    }
    pass('client', ours, server)
    pass('server', server, ours)
    return clients
  }

  async quiet(): Promise<void> {
    while (Date.now() - this.#lastAt < silence) await wait(silence)
  }

  stop(): void {
    this.#over = true
  }

  written(heading: string): string {
    return `${[heading, ...this.#said].join('\n')}\n`
  }

  #note(connection: string, speaker: Speaker, command: Command): void {
    const owner = this.#ownerOf(connection, speaker, command)
    for (const [value, hole] of changing(speaker, command, owner))
      if (!this.#holes.has(value)) this.#holes.set(value, this.#unused(hole))
    this.#write(connection, this.#withHoles(speaker, command))
  }

  /** Whose connection it is, as soon as they have said so. */
  #ownerOf(connection: string, speaker: Speaker, { verb, args }: Command): string {
    const said = speaker === 'client' && /^(USR|ANS)$/.test(verb) ? args.find((arg) => arg.includes('@')) : undefined
    if (said !== undefined) this.#owners.set(connection, said.replace(/@.*/, ''))
    return this.#owners.get(connection) ?? ''
  }

  #unused(hole: string): string {
    const taken = new Set(this.#holes.values())
    for (let count = 1; ; count++) {
      const name = count === 1 ? hole : `${hole}${count}`
      if (!taken.has(name)) return name
    }
  }

  #withHoles(speaker: Speaker, command: Command): string {
    const filled = (text: string) => {
      let result = text
      for (const [value, hole] of this.#holes) result = result.replaceAll(value, `{${hole}}`)
      return result
    }
    const words = [command.verb, ...(command.trId === undefined ? [] : [command.trId]), ...command.args].map(String)
    const line = `${speaker === 'client' ? 'C' : 'S'}: ${words.map(filled).join(' ')}`
    if (!command.payload) return line
    if (command.payload.length === 0) return `${line} 0`
    const body = Buffer.from(command.payload).toString('utf8')
    const payload = filled(profile(body))
    return `${line} ${payload === body ? command.payload.length : '{}'}\n${payload.replaceAll('\r\n', '\n')}`
  }

  #write(connection: string, text: string): void {
    if (this.#over) return
    this.#lastAt = Date.now()
    if (connection !== this.#connection) this.#said.push(`@${connection}`)
    this.#connection = connection
    this.#said.push(text)
  }
}

/** What changes from one time to the next in a command: the value, and a name for it. */
function changing(speaker: Speaker, { verb, args }: Command, owner: string): [value: string, hole: string][] {
  const [first = '', second = '', third = '', fourth = ''] = args
  const is = (...verbs: string[]) => verbs.includes(verb)
  if (speaker === 'client') {
    if (!is('USR') || second !== 'S') return []
    if (first === 'MD5') return [[third, `${owner}Proof`]]
    return first === 'TWN'
      ? [[third, `${owner}Ticket`]]
      : [
          [third, `${owner}Key`],
          [fourth, `${owner}Blob`],
        ]
  }
  if (is('USR') && first === 'MD5') return [[third, `${owner}Salt`]]
  if (is('USR') && first === 'SSO') return [[fourth, `${owner}Nonce`]]
  if (is('USR') && first === 'TWN') return [[third, 'challenge']]
  if (is('XFR')) return [[fourth, 'board']]
  if (is('RNG'))
    return [
      [args[3] ?? '', 'call'],
      [args[0] ?? '', 'session'],
    ]
  if (is('CAL')) return [[second, 'session']]
  if (is('SYN') && args.length === 4) return [[first, 'changed']]
  const guids = args.join(' ').matchAll(/\b(?<!\{)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\})\b/g)
  return [...guids].map(([guid]) => [guid, verb === 'LSG' || verb === 'ADG' ? 'group' : 'contact'])
}

/** Lines of the profile that tell the time, the ticket for web pages and the client's port (msnp-core.md 3.8). */
function profile(text: string): string {
  return text.replace(/^(LoginTime|MSPAuth|ClientPort): \S+/gm, (_, key: string) => `${key}: {}`)
}
