// A client that is nothing but a socket and the codec: it says what the test says, and keeps what it hears, in order.

import type { Duplex } from 'node:stream'
import type { Command } from '../../src/msn/wire/command.ts'
import { Decoder } from '../../src/msn/wire/decoder.ts'

/** What is heard when the server hangs up. */
export const hungUp = 'hung up'

export class BareClient {
  readonly #stream: Duplex
  readonly #decoder = new Decoder({ from: 'server' })
  readonly #heard: (Command | typeof hungUp)[] = []
  #wake: () => void = () => {}
  #over = false

  constructor(stream: Duplex) {
    this.#stream = stream
    const end = () => {
      if (!this.#over) this.#heard.push(hungUp)
      this.#over = true
      this.#wake()
    }
    stream.on('data', (chunk: Uint8Array) => {
      this.#heard.push(...this.#decoder.push(chunk))
      this.#wake()
    })
    stream.on('end', () => {
      stream.end()
      end()
    })
    stream.on('close', end)
    stream.on('error', end)
  }

  set dialect(dialect: number) {
    this.#decoder.dialect = dialect
  }

  /** Writes a line, and below it a payload whose length is put at its end. */
  say(line: string, payload?: string): void {
    this.write(payload === undefined ? `${line}\r\n` : `${line} ${Buffer.byteLength(payload)}\r\n${payload}`)
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#stream.destroyed && !this.#stream.writableEnded) this.#stream.write(bytes)
  }

  /** The next command, or `hung up`. */
  async next(): Promise<Command | typeof hungUp> {
    for (;;) {
      const first = this.#heard.shift()
      if (first !== undefined) return first
      if (this.#over) return hungUp
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The next command as a line, with its payload below. */
  async hear(): Promise<string> {
    const command = await this.next()
    return command === hungUp ? hungUp : text(command)
  }

  /** So many commands, as lines. */
  async hearAll(count: number): Promise<string[]> {
    const lines: string[] = []
    while (lines.length < count) lines.push(await this.hear())
    return lines
  }

  /** The next command of this verb, what comes before it being passed over. Rejects when the server hangs up. */
  async hearOnly(verb: string): Promise<string> {
    for (;;) {
      const line = await this.hear()
      if (line === hungUp) throw new Error(`the server hung up before ${verb}`)
      if (line.startsWith(verb)) return line
    }
  }

  /** What has come and was not heard yet. */
  get unheard(): string[] {
    return this.#heard.map((command) => (command === hungUp ? hungUp : text(command)))
  }

  /** Stops reading. */
  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Says no more; the server still hears what was said. */
  finish(): void {
    this.#stream.end()
  }

  /** Goes without a word. */
  hangUp(): void {
    this.#stream.destroy()
  }
}

function text({ verb, trId, args, payload }: Command): string {
  const words = [verb, ...(trId === undefined ? [] : [String(trId)]), ...args]
  return payload === undefined
    ? words.join(' ')
    : `${[...words, payload.length].join(' ')}\n${Buffer.from(payload).toString('utf8')}`
}
