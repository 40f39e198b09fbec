import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { dialTcp } from '../../src/msn/tcp.ts'

it('a wire carries both ways', async () => {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await dialTcp({ role: 'NS', host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  wire.write('VER 1 MSNP12\r\n')
  expect(String((await once(wire, 'data'))[0])).toBe('VER 1 MSNP12\r\n')
  wire.destroy()
  server.close()
})

it('a wire is left with nobody listening but its owner', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = (await dialTcp({ role: 'NS', host: '127.0.0.1', port: (server.address() as AddressInfo).port })) as Socket
  expect([wire.listenerCount('error'), wire.listenerCount('timeout'), wire.timeout]).toEqual([0, 0, 0])
  wire.destroy()
  server.close()
})

it('nobody at the other end is an error', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  await expect(dialTcp({ role: 'NS', host: '127.0.0.1', port })).rejects.toThrow('ECONNREFUSED')
})
