// Somebody who behaves, while others do not: what reaches them must always be MSNP that a server may say to them. A line that a hostile client got
// into their stream would be none, or an answer to something they never asked.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Command } from '../src/msn/wire/command.ts'
import { Decoder } from '../src/msn/wire/decoder.ts'
import { isErrorVerb, isSpoken } from '../src/msn/wire/verbs.ts'

/** Milliseconds for an answer; then the server hangs. */
const patience = 15_000
/** What the server may say to somebody who asked nothing. */
const unasked = new Set([
  'NLN',
  'FLN',
  'ILN',
  'UBX',
  'UBN',
  'UBM',
  'RNG',
  'NOT',
  'MSG',
  'ADD',
  'ADC',
  'REM',
  'ADL',
  'RML',
  'JOI',
  'BYE',
  'BPR',
  'QNG',
])

export class Witness {
  readonly #socket: Socket
  readonly #decoder = new Decoder({ from: 'server' })
  readonly #dialect: number
  readonly #heard: Command[] = []
  #asked = 0
  #wrong: string | undefined
  #wake: () => void = () => {}
  /** Sees everything that comes. */
  onCommand: (command: Command) => void = () => {}

  private constructor(socket: Socket, dialect: number) {
    this.#socket = socket
    this.#dialect = dialect
    this.#decoder.dialect = dialect
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('close', () => this.#fail('the server hung up on somebody who behaves'))
    socket.on('error', () => {})
  }

  static async dial(port: number, dialect: number): Promise<Witness> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    return new Witness(socket, dialect)
  }

  /** What is wrong, if anything is. */
  get wrong(): string | undefined {
    return this.#wrong
  }

  /** Asks, and gives the answer under the same number. Rejects when there is none in time. */
  async ask(verb: string, rest: string, payload?: string): Promise<Command> {
    const trId = ++this.#asked
    this.say(`${verb} ${trId} ${rest}`.trimEnd(), payload)
    return this.hear(
      (command) => command.trId === trId && (command.verb === verb || isErrorVerb(command.verb) || command.verb === 'ACK'),
    )
  }

  say(line: string, payload?: string): void {
    this.#socket.write(payload === undefined ? `${line}\r\n` : `${line} ${Buffer.byteLength(payload)}\r\n${payload}`)
  }

  /** The next command that this is true of; others are passed over. Rejects when it does not come in time. */
  async hear(wanted: (command: Command) => boolean): Promise<Command> {
    const end = Date.now() + patience
    for (;;) {
      if (this.#wrong !== undefined) throw new Error(this.#wrong)
      const at = this.#heard.findIndex(wanted)
      const found = this.#heard[at]
      if (found) {
        this.#heard.splice(0, at + 1)
        return found
      }
      if (Date.now() > end) throw new Error('the server does not answer somebody who behaves')
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, 1000)
      this.#wake = resolve
      await promise
      clearTimeout(timer)
    }
  }

  hangUp(): void {
    this.#wrong ??= 'gone'
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    try {
      for (const command of this.#decoder.push(chunk)) {
        this.#judge(command)
        this.#heard.push(command)
        if (this.#heard.length > 10_000) this.#heard.shift()
        this.onCommand(command)
      }
    } catch (error) {
      this.#fail(`what reached somebody who behaves is no MSNP: ${String(error)}`)
    }
    this.#wake()
  }

  #judge({ verb, trId, args }: Command): void {
    const shown = `${verb} ${trId ?? ''} ${args.join(' ')}`.slice(0, 300)
    if (!isErrorVerb(verb) && !isSpoken('server', verb, this.#dialect)) this.#fail(`somebody who behaves was told ${shown}`)
    else if (trId !== undefined && trId > this.#asked) this.#fail(`an answer to what was never asked: ${shown}`)
    else if (
      trId === undefined &&
      !unasked.has(verb) &&
      verb !== 'GTC' &&
      verb !== 'BLP' &&
      verb !== 'PRP' &&
      verb !== 'LST' &&
      verb !== 'LSG'
    )
      this.#fail(`somebody who behaves was told ${shown}`)
    else if (args.some((arg) => /[\x00-\x1f\x7f]/.test(arg)))
      this.#fail(`control characters reached somebody who behaves: ${shown}`)
  }

  #fail(what: string): void {
    this.#wrong ??= what
    this.#wake()
  }
}
