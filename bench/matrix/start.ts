// How long a start takes with many people known from before, and what it asks of the homeserver and writes to it.

import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { networkId } from '../../src/core/address.ts'
import { RedisGhosts } from '../../src/mapping/ghosts.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import { RedisPortals } from '../../src/mapping/portals.ts'
import { RedisRecords } from '../../src/mapping/records.ts'
import { RedisUsers } from '../../src/mapping/users.ts'
import { ghostUserId } from '../../src/matrix/address.ts'
import { inFlight } from '../measure.ts'
import { personAt, prefix } from '../msn/people.ts'
import type { Stage } from './stage.ts'
import { domain, msnDomain } from './stage.ts'

const ghosts = 5000
const portals = 1000
const users = 200

/** Quiet for so long, a start is over. In milliseconds. */
const quiet = 3000

const [matrix, msn] = [networkId('matrix'), networkId('msn')]

/** Makes everybody known, as if they had talked before. */
async function acquaint(stage: Stage): Promise<void> {
  const redis = stage.redis.connect()
  const keys = keySpace(prefix)
  const stores = {
    users: new RedisUsers(redis, keys),
    ghosts: new RedisGhosts(redis, keys),
    portals: new RedisPortals(redis, keys),
    records: new RedisRecords(redis, keys),
  }
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
  await inFlight(numbers(ghosts), 100, async (index) => {
    const of = { network: msn, id: personAt(index) }
    await stores.ghosts.save({ of, on: matrix, name: `Person ${index}` })
    const account = ghostUserId(of, domain) ?? ''
    await stores.records.update('matrix-account', account, () => ({ name: `Person ${index}` }))
  })
  await inFlight(numbers(users), 20, async (index) => {
    await stores.ghosts.save({ of: userAt(index), on: msn, name: `Montague ${index}` })
    await stores.users.at(userAt(index))
  })
  await inFlight(numbers(portals), 20, async (index) => {
    const owner = index % users
    const user = await stores.users.at(userAt(owner))
    const contact = { network: msn, id: personAt(index) }
    const chair = { network: msn, id: `montague${owner}@matrix.${msnDomain}` }
    const portal = await stores.portals.claim({ ...contact, as: chair }, user.id)
    const room = `!seed${index}:${domain}`
    await stores.portals.bind(portal.id, { network: matrix, id: room })
    await stores.records.update('matrix-chat', room, () => ({ ghost: ghostUserId(contact, domain) }))
  })
  redis.disconnect()
}

function userAt(index: number) {
  return { network: matrix, id: `@montague${index}:${domain}` }
}

/** Stands before the homeserver, and counts what is asked. */
async function counter(homeserver: string): Promise<{ url: string; calls: string[]; close(): void }> {
  const calls: string[] = []
  const server = createServer((incoming, answer) => {
    calls.push(`${incoming.method} ${incoming.url?.split('?')[0]}`)
    const { method, headers } = incoming
    const call = request(`${homeserver}${incoming.url}`, { ...(method && { method }), headers }, (theirs) => {
      answer.writeHead(theirs.statusCode ?? 502, theirs.headers)
      theirs.pipe(answer)
    })
    call.on('error', () => answer.destroy())
    incoming.pipe(call)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close }
}

/** The rows of a start among strangers, and of the second among 5,000 who are known: the first finds out what it does not know. */
export async function starts(stage: Stage): Promise<string[][]> {
  const gate = await counter(stage.synapse.url)
  const nudge = await stage.nudgeBehind(gate.url)
  const rows: string[][] = []
  const start = async (name: string) => {
    gate.calls.length = 0
    const since = nudge.log.length
    const began = performance.now()
    await nudge.start()
    const up = performance.now() - began
    await nudge.logs('the way to the homeserver', ({ msg }) => msg.includes('reach each other'), since)
    const ready = performance.now() - began
    for (let before = -1; before !== gate.calls.length; await pause(quiet)) before = gate.calls.length
    const writes = gate.calls.filter((call) => !call.startsWith('GET') && !call.endsWith('/ping'))
    const resident = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${nudge.pid}/status`, 'utf8'))?.[1]
    rows.push([
      name,
      (up / 1000).toFixed(1),
      (ready / 1000).toFixed(1),
      String(gate.calls.length),
      String(writes.length),
      (Number(resident) / 1024).toFixed(0),
    ])
    if (process.env['BENCH_CALLS']) console.log(gate.calls.join('\n'))
    await nudge.stop()
  }
  await start('nobody known')
  await acquaint(stage)
  await start('5,000 ghosts and 1,000 portals known, for the first time')
  await start('the same again')
  gate.close()
  return rows
}

export const startHead = ['start', 'up after s', 'homeserver reached after s', 'calls', 'of them writes', 'MiB resident']
