// How long it takes until everybody who watches somebody has heard of a change, beside a relay that writes the same line to as many.

import { escapeArg } from '../../src/msn/wire/escape.ts'
import { inFlight, percentile } from '../measure.ts'
import type { Child } from './child.ts'
import { Line, online } from './line.ts'
import type { People } from './people.ts'
import { personAt } from './people.ts'

const watchers = 500
const changes = 100
const watched = personAt(0)

/** One change at a time: from saying it until each of the 500 has heard. */
export async function fanOut(server: Child, relay: Child, people: People): Promise<string[][]> {
  const enter = async (index: number) =>
    online(server.ports['notification'] ?? 0, personAt(index), await people.ticketFor(personAt(index)))
  const speaker = await enter(0)
  const crowd: Line[] = []
  await inFlight(
    Array.from({ length: watchers }, (_, index) => index + 1),
    10,
    async (index) => {
      const line = await enter(index)
      line.say(`ADC 7 FL N=${watched} F=Watched\r\n`)
      await line.hear(`ILN 7 NLN ${watched}`)
      await line.hear('\r\n')
      crowd.push(line)
    },
  )
  const states = ['BSY', 'NLN'] as const
  const ours = await rounds(server, crowd, (round) => {
    speaker.say(`CHG ${round + 10} ${states[round % 2]} 1073741824\r\n`)
    return `NLN ${states[round % 2]} ${watched} ${escapeArg(watched)} 1073741824\r\n`
  })
  for (const line of [speaker, ...crowd]) line.socket.destroy()

  const room: Line[] = []
  for (let index = 0; index <= watchers; index++) {
    const line = await Line.dial(relay.ports['relay'] ?? 0)
    line.say('presence')
    await line.hear('.')
    room.push(line)
  }
  const [said, ...hearers] = room
  const bare = await rounds(relay, hearers, (round) => {
    const line = `NLN ${states[round % 2]} ${watched} ${escapeArg(watched)} 1073741824\r\n`
    said?.say(line)
    return line
  })
  for (const line of room) line.socket.destroy()
  return [
    ['relay', ...bare],
    ['server', ...ours],
  ]
}

async function rounds(child: Child, crowd: readonly Line[], change: (round: number) => string): Promise<string[]> {
  const times: number[] = []
  const before = await child.usage()
  let took = 0
  for (let round = 0; round < changes; round++) {
    const began = performance.now()
    const word = change(round)
    await Promise.all(
      crowd.map(async (line) => {
        await line.hear(word)
        times.push(performance.now() - began)
      }),
    )
    took += performance.now() - began
  }
  const heard = changes * crowd.length
  const cpu = ((await child.usage()).cpu - before.cpu) / heard
  return [
    ((heard / took) * 1000).toFixed(0),
    percentile(times, 0.5).toFixed(1),
    percentile(times, 0.99).toFixed(1),
    cpu.toFixed(1),
  ]
}
