// A server that says the S: lines of a transcript and expects its C: lines: our client is played against it.

import type { Duplex } from 'node:stream'
import { duplexPair } from 'node:stream'
import type { Command } from '../../src/msn/wire/command.ts'
import { Decoder } from '../../src/msn/wire/decoder.ts'
import { trace } from '../../src/msn/wire/trace.ts'
import type { Memory, Step } from './transcript.ts'
import { bytesOf, matches, parseTranscript } from './transcript.ts'

/** The server's end of one connection. */
class Line {
  readonly #stream: Duplex
  readonly #decoder = new Decoder({ from: 'client' })
  readonly #heard: (Command | 'end')[] = []
  #wake: () => void = () => {}

  constructor(stream: Duplex, answersPings: boolean) {
    this.#stream = stream
    stream.on('data', (chunk: Uint8Array) => {
      for (const command of this.#decoder.push(chunk)) {
        if (answersPings && command.verb === 'PNG') stream.write('QNG 60\r\n')
        else this.#heard.push(command)
      }
      this.#wake()
    })
    stream.on('end', () => {
      this.#heard.push('end')
      stream.end()
      this.#wake()
    })
    stream.on('error', () => {})
  }

  async next(): Promise<Command | 'end'> {
    for (;;) {
      const first = this.#heard.shift()
      if (first !== undefined) return first
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  write(bytes: Uint8Array): void {
    this.#stream.write(bytes)
  }

  end(): void {
    this.#stream.end()
  }
}

export class ScriptedServer {
  /** Where the client dialled, in order. */
  readonly dialled: string[] = []
  /** Resolves when the transcript was played to its end; rejects at the first line that was otherwise. */
  readonly played: Promise<void>
  readonly #memory: Memory
  readonly #answersPings: boolean
  readonly #arrivals = new Map<string, ((line: Line) => void)[]>()
  readonly #waiting = new Map<string, Line[]>()
  readonly #lines = new Map<string, Line>()

  /** `known` is what holes stand for that the server is the first to fill; others are filled with their own names. */
  constructor(transcript: string, known: Iterable<readonly [hole: string, value: string]> = []) {
    this.#memory = new Map(known)
    // Pings are answered unless the transcript is about them.
    this.#answersPings = !transcript.includes('C: PNG')
    this.played = this.#play(parseTranscript(transcript))
    // A test awaits it; until then a failure is not unhandled.
    this.played.catch(() => {})
  }

  /** What stood in a hole. */
  remembered(name: string): string | undefined {
    return this.#memory.get(name)
  }

  /** Says something to the client that stands in no transcript. */
  interrupt(text: string): void {
    this.#lines.get('NS')?.write(Buffer.from(text))
  }

  /** Takes a connection of the client. */
  readonly dial = async ({ role, host, port }: { role: string; host: string; port: number }): Promise<Duplex> => {
    this.dialled.push(`${role} ${host}:${port}`)
    const [ours, theirs] = duplexPair()
    const line = new Line(ours, this.#answersPings)
    const wanted = this.#arrivals.get(role)?.shift()
    if (wanted) wanted(line)
    else this.#waiting.set(role, [...(this.#waiting.get(role) ?? []), line])
    return theirs
  }

  async #play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const line = await this.#lineOf(step.connection)
      if (step.speaker === 'server') {
        if (step.said) line.write(bytesOf(step.said, this.#memory))
        else line.end()
        continue
      }
      const command = await line.next()
      const said = command === 'end' ? 'the client hung up' : trace('client', command)
      const fits = command === 'end' || !step.said ? command === 'end' && !step.said : matches(step.said, command, this.#memory)
      if (!fits)
        throw new Error(`line ${step.line}: expected ${step.said?.words.join(' ') ?? 'the client to hang up'}\nbut: ${said}`)
    }
  }

  async #lineOf(connection: string): Promise<Line> {
    const known = this.#lines.get(connection)
    if (known) return known
    const role = connection.slice(0, 2)
    const arrived = this.#waiting.get(role)?.shift()
    const line =
      arrived ?? (await new Promise<Line>((resolve) => this.#arrivals.set(role, [...(this.#arrivals.get(role) ?? []), resolve])))
    this.#lines.set(connection, line)
    return line
  }
}
