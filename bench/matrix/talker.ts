// Somebody at an MSN client of 2005: bare bytes over a socket, so that the load costs little.

import type { Command } from '../../src/msn/wire/command.ts'
import { Decoder } from '../../src/msn/wire/decoder.ts'
import { Line, online } from '../msn/line.ts'
import { type Moment, marksIn, now, textOf } from './wire.ts'

const header =
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\n'
/** So many messages may wait for the server's answer. */
const window = 8

interface Account {
  readonly port: number
  readonly account: string
  readonly ticket: string
}

export class Talker {
  readonly account: string
  readonly #line: Line
  #board: Line | undefined
  #trId = 10
  #unanswered = 0
  #wake = () => {}
  #seen: (moments: readonly Moment[]) => void = () => {}

  private constructor(account: string, line: Line) {
    this.account = account
    this.#line = line
  }

  static async signIn({ port, account, ticket }: Account): Promise<Talker> {
    return new Talker(account, await online(port, account, ticket))
  }

  /** Waits for somebody to open a conversation, and takes part in it. */
  async answers(): Promise<void> {
    await this.#line.hear('RNG ')
    const [session, place, , ticket] = (await this.#line.hear('\r\n')).trimEnd().split(' ')
    this.#line.pass(() => {})
    const board = await Line.dial(Number(place?.split(':')[1]))
    board.say(`ANS 1 ${this.account} ${ticket} ${session}\r\n`)
    await board.hear('ANS 1 OK\r\n')
    this.#board = board
    const decoder = new Decoder({ from: 'server' })
    board.pass((chunk) => {
      for (const command of decoder.push(chunk)) this.#take(command)
    })
  }

  /** From now on tells of every message that comes. */
  reports(seen: (moments: readonly Moment[]) => void): void {
    this.#seen = seen
  }

  /** Says so many messages as fast as the server answers. Gives when each was said. */
  async says(lane: number, first: number, each: number): Promise<Moment[]> {
    const sent: Moment[] = []
    for (let message = first; message < first + each; message++) {
      while (this.#unanswered >= window)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      const payload = header + textOf(lane, message)
      this.#unanswered++
      sent.push([lane, message, now()])
      this.#board?.say(`MSG ${this.#trId++} A ${payload.length}\r\n${payload}`)
    }
    return sent
  }

  leaves(): void {
    this.#board?.socket.destroy()
    this.#line.socket.destroy()
  }

  #take({ verb, payload }: Command): void {
    if (verb === 'NAK') throw new Error(`a message of ${this.account} was not taken`)
    if (verb === 'MSG' && payload) {
      const at = now()
      const marks = marksIn(Buffer.from(payload).toString('utf8'))
      if (marks.length > 0) this.#seen(marks.map(([lane, message]) => [lane, message, at]))
    }
    if (verb !== 'ACK') return
    this.#unanswered--
    this.#wake()
  }
}
