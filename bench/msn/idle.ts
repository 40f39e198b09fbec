// What clients cost that are signed in and do nothing but ping: memory for each, and processor time for all.

import { setTimeout as pause } from 'node:timers/promises'
import { inFlight } from '../measure.ts'
import type { Child } from './child.ts'
import type { Line } from './line.ts'
import { online } from './line.ts'
import type { People } from './people.ts'
import { personAt } from './people.ts'

/** So many come and go first, so that the heap has the size that it keeps. */
const warm = 5000
const counts = [1000, 5000] as const
/** Seconds between two pings of a client, as we tell them. */
const pingEvery = 50
/** Seconds that processor time is counted for. */
const watchFor = 10

export async function idle(child: Child, people: People): Promise<string[][]> {
  const enter = async (index: number) =>
    online(child.ports['notification'] ?? 0, personAt(index), await people.ticketFor(personAt(index)))
  const comers = Array.from({ length: warm }, (_, index) => index)
  await inFlight(comers, 20, async (index) => (await enter(index)).socket.destroy())
  await pause(5000)
  const before = await child.usage(true)
  const lines: Line[] = []
  const rows: string[][] = []
  for (const count of counts) {
    const coming = Array.from({ length: count - lines.length }, (_, index) => lines.length + index)
    await inFlight(coming, 20, async (index) => lines.push(await enter(index)))
    await pause(1000)
    const { heap, resident, cpu } = await child.usage(true)
    await pingAll(lines)
    const used = ((await child.usage()).cpu - cpu) / (watchFor * 1e6)
    rows.push([
      `${count}`,
      kibibytes(heap - before.heap, count),
      kibibytes(resident - before.resident, count),
      (used * 100).toFixed(2),
    ])
  }
  for (const line of lines) line.socket.destroy()
  return rows
}

/** Each client would ping once in fifty seconds; those whose turn comes while we watch do. */
async function pingAll(lines: readonly Line[]): Promise<void> {
  const turns = watchFor * 10
  const each = Math.ceil(lines.length / (pingEvery * 10))
  for (let turn = 0; turn < turns; turn++) {
    for (const line of lines.slice(turn * each, (turn + 1) * each)) line.say('PNG\r\n')
    await pause(100)
  }
}

function kibibytes(bytes: number, count: number): string {
  return (bytes / 1024 / count).toFixed(1)
}
