// How many people a second can sign in, with a real Redis behind: with a ticket that they have, or with a password that is hashed.

import { inFlight, percentile } from '../measure.ts'
import type { Child } from './child.ts'
import { signIn } from './line.ts'
import type { People } from './people.ts'
import { password, personAt } from './people.ts'

const width = 64
const withTicket = 3000
const withPassword = 200
const rounds = 3

/** From dialling to `USR OK`, at MSNP12, 64 at a time. The median of three rounds. */
export async function ticketSignIns(child: Child, people: People): Promise<string[]> {
  const everybody = Array.from({ length: withTicket }, (_, index) => personAt(index))
  const tickets = new Map<string, string>()
  await inFlight(everybody, 100, async (person) => tickets.set(person, await people.ticketFor(person)))
  return median(child, everybody, async (person) => {
    const line = await signIn(child.ports['notification'] ?? 0, person, tickets.get(person) ?? '')
    line.socket.destroy()
  })
}

/** A ticket from the sign-in page for a password. */
export async function passwordSignIns(child: Child): Promise<string[]> {
  const everybody = Array.from({ length: withPassword }, (_, index) => personAt(index))
  return median(child, everybody, async (person) => {
    const authorization = `Passport1.4 OrgVerb=GET,OrgURL=http%3A%2F%2Fmessenger%2Emsn%2Ecom,sign-in=${person},pwd=${password},lc=1033`
    const response = await fetch(`http://127.0.0.1:${child.ports['http']}/login2.srf`, { headers: { authorization } })
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`the sign-in page answered ${response.status}`)
  })
}

async function median<Person>(
  child: Child,
  everybody: readonly Person[],
  signsIn: (person: Person) => Promise<void>,
): Promise<string[]> {
  const results: { perSecond: number; times: number[]; cpu: number }[] = []
  for (let round = 0; round <= rounds; round++) {
    const times: number[] = []
    const before = await child.usage()
    const began = performance.now()
    await inFlight(everybody, width, async (person) => {
      const at = performance.now()
      await signsIn(person)
      times.push(performance.now() - at)
    })
    const took = performance.now() - began
    const cpu = ((await child.usage()).cpu - before.cpu) / everybody.length
    if (round > 0) results.push({ perSecond: (everybody.length / took) * 1000, times, cpu })
  }
  const middle = results.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(rounds / 2)]
  if (!middle) throw new Error('there was no round')
  const { perSecond, times, cpu } = middle
  return [perSecond.toFixed(0), percentile(times, 0.5).toFixed(1), percentile(times, 0.99).toFixed(1), cpu.toFixed(0)]
}
