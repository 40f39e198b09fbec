import { randomBytes } from 'node:crypto'
import { type Duplex, duplexPair } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { Tunnel } from '../../../../src/msn/server/web/tunnel.ts'
import { ManualTimers, settled } from '../../../support/manual-timers.ts'

let timers: ManualTimers
let server: Duplex
let tunnel: Tunnel
let closings: number
const nothing = new Uint8Array()
const here = new AbortController().signal

beforeEach(() => {
  timers = new ManualTimers()
  closings = 0
  const [client, other] = duplexPair()
  server = other
  tunnel = new Tunnel(client, timers, () => closings++)
})

const poll = (patience = 0, gone = here) => tunnel.exchange(nothing, patience, gone)

test('whatever a server says arrives whole and in order, however much it is', async () => {
  const said = randomBytes(1_000_000)
  server.end(said)
  const heard: Uint8Array[] = []
  for (let isOver = false; !isOver; ) {
    const answer = await poll()
    expect(answer.bytes.length).toBeLessThanOrEqual(256 * 1024)
    heard.push(answer.bytes)
    isOver = answer.isOver
  }
  expect(Buffer.concat(heard).equals(said)).toBe(true)
  expect(closings).toBe(1)
})

test('what the client says arrives whole, and comes back in the same answer when the server is quick', async () => {
  server.pipe(server)
  const said = randomBytes(10_000)
  const { bytes } = await tunnel.exchange(said, 250, here)
  expect(Buffer.from(bytes).equals(said)).toBe(true)
})

test('nothing is taken for an answer that nobody waits for', async () => {
  const gone = new AbortController()
  const waiting = poll(30_000, gone.signal)
  gone.abort()
  expect((await waiting).bytes).toHaveLength(0)
  server.write('QNG 50\r\n')
  await settled()
  expect((await poll(0, AbortSignal.abort())).bytes).toHaveLength(0)
  expect(String((await poll()).bytes)).toBe('QNG 50\r\n')
})

test('a client that comes back within a minute is still connected, one that does not is gone for the server too', async () => {
  await timers.pass(59_000)
  await poll()
  await timers.pass(59_000)
  expect(closings).toBe(0)
  let ended = false
  server.on('end', () => {
    ended = true
  })
  server.resume()
  await timers.pass(1000)
  await settled()
  expect([closings, ended]).toEqual([1, true])
})

test('a server that does not read for half a minute is given up', async () => {
  const saying = tunnel.exchange(randomBytes(1_000_000), 250, here)
  await timers.pass(30_000)
  expect((await saying).isOver).toBe(true)
  expect(closings).toBe(1)
})

test('a second client cannot come in while an answer is on its way', async () => {
  const id = tunnel.nextId()
  expect(tunnel.isOpenTo(id)).toBe(true)
  const waiting = poll(30_000)
  expect(tunnel.isOpenTo(id)).toBe(false)
  await timers.pass(30_000)
  await waiting
  expect(tunnel.isOpenTo(id)).toBe(true)
  tunnel.nextId()
  expect(tunnel.isOpenTo(id)).toBe(false)
})
