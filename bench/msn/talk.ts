// How many messages a second get from one to another, and how long each takes: over boards of our server, or over the relay.

import { setTimeout as pause } from 'node:timers/promises'
import { writeSaid } from '../../src/msn/dialect/board.ts'
import { encode } from '../../src/msn/wire/encoder.ts'
import { percentile } from '../measure.ts'
import type { Child } from './child.ts'
import { answering, Line, online } from './line.ts'
import type { People } from './people.ts'
import { personAt } from './people.ts'

export interface Pair {
  /** Who talks, who hears, and how long the bytes of a message are when they arrive. */
  readonly talker: Line
  readonly hearer: Line
  readonly said: (trId: number, ack: Ack) => string
  readonly length: number
}

/** Whether the talker is told that a message arrived (A), as clients want it for text, or not (N). */
export type Ack = 'A' | 'N'

export interface Talk {
  readonly perSecond: number
  /** In milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of processor time that the server used for each. */
  readonly cpu: number
}

const header =
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\n'
const payload = `${header}${'But, soft! what light through yonder window breaks? '.repeat(2)}`

/** Two people on a board. */
export async function boardPair({ ports }: Child, people: People, index: number): Promise<Pair> {
  const names = [personAt(2 * index), personAt(2 * index + 1)] as const
  const { notification = 0, switchboard = 0 } = ports
  const enter = async (name: (typeof names)[number]) => online(notification, name, await people.ticketFor(name))
  const [caller, called] = [await enter(names[0]), await enter(names[1])]
  caller.say('XFR 7 SB\r\n')
  await caller.hear(' CKI ')
  const ticket = (await caller.hear('\r\n')).trimEnd()
  const talker = await Line.dial(switchboard)
  talker.say(`USR 1 ${names[0]} ${ticket}\r\nCAL 2 ${names[1]}\r\n`)
  await called.hear('RNG ')
  const [session, , , answer] = (await called.hear('\r\n')).split(' ')
  const hearer = await Line.dial(switchboard)
  hearer.say(`ANS 1 ${names[1]} ${answer} ${session}\r\n`)
  await hearer.hear('ANS 1 OK\r\n')
  await talker.hear('JOI ')
  await talker.hear('\r\n')
  const said = (trId: number, ack: Ack) => `MSG ${trId} ${ack} ${payload.length}\r\n${payload}`
  return { talker, hearer, said, length: arrivedFrom(names[0]).length }
}

/** The same bytes as arrive over a board, over the relay; with an answer to the talker, or without. */
export async function relayPair({ ports }: Child, index: number, isAnswering: boolean): Promise<Pair> {
  const ends = [await Line.dial(ports['relay'] ?? 0), await Line.dial(ports['relay'] ?? 0)] as const
  for (const end of ends) {
    end.say(`${isAnswering ? answering : ''}room ${index}`)
    await end.hear('.')
  }
  const arrived = arrivedFrom(personAt(2 * index))
  return { talker: ends[0], hearer: ends[1], said: () => arrived, length: arrived.length }
}

/** What somebody says, as the other hears it. */
function arrivedFrom(handle: string): string {
  return encode(writeSaid({ handle, name: handle }, Buffer.from(payload))).toString('latin1')
}

interface How {
  readonly ack: Ack
  readonly window: number
  readonly milliseconds: number
}

/** All pairs talk for so many milliseconds, with so many messages of each under way at any time. */
export async function talk(child: Child, pairs: readonly Pair[], how: How): Promise<Talk> {
  const { ack, window, milliseconds } = how
  const times: number[] = []
  const before = await child.usage()
  const began = performance.now()
  const end = began + milliseconds
  let count = 0
  await Promise.all(
    pairs.map(({ talker, hearer, said, length }) => {
      const sentAt: number[] = []
      let trId = 10
      let bytes = 0
      const say = () => {
        sentAt.push(performance.now())
        talker.say(said(trId++, ack))
      }
      const over = new Promise<void>((resolve) => {
        talker.pass(() => {})
        hearer.pass((chunk) => {
          bytes += chunk.length
          const now = performance.now()
          for (; bytes >= length; bytes -= length) {
            times.push(now - (sentAt.shift() ?? now))
            count++
            if (now < end) say()
            else if (sentAt.length === 0) resolve()
          }
        })
      })
      for (let at = 0; at < window; at++) say()
      return over
    }),
  )
  const took = performance.now() - began
  // What is under way to the talkers still belongs to this talk.
  await pause(50)
  const after = await child.usage()
  return {
    perSecond: (count / took) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpu: (after.cpu - before.cpu) / count,
  }
}
