import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { silent } from '../src/core/log.ts'
import { type EmbeddedMsn, embedMsn } from '../src/embedded.ts'
import { memoryStores } from './support/memory-stores.ts'

let embedded: EmbeddedMsn | undefined

afterEach(() => embedded?.stop())

test('the web server has room for so many connections from one address; the next is hung up on, until one of them ends', async () => {
  const { msn: config } = parseConfig(
    'msn: { domain: msn.example.com, notificationPort: 0, switchboardPort: 0, http: { port: 0 }, limits: { connectionsPerAddress: 1 } }',
    'nudge.yaml',
  )
  if (!config) throw new Error('no msn in the config')
  const stores = memoryStores()
  embedded = embedMsn({ config, matrix: undefined, stores, clock: Date.now, log: silent })
  await embedded.start(async () => {})
  const port = Number(new URL(embedded.places.http).port)
  const asks = async (): Promise<{ socket: Socket; status: string }> => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.write('GET /style.css HTTP/1.1\r\nHost: x\r\n\r\n')
    const status = await new Promise<string>((resolve) => {
      socket.once('data', (answer) => resolve(answer.toString().slice(9, 12))).once('close', () => resolve('hung up'))
      socket.on('error', () => {})
    })
    return { socket, status }
  }
  const { socket, status } = await asks()
  expect([status, (await asks()).status]).toEqual(['200', 'hung up'])
  socket.destroy()
  let next = await asks()
  while (next.status === 'hung up') next = await asks()
  next.socket.destroy()
})
