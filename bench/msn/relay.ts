// Beside which our server is measured: a TCP relay that parses nothing. The first chunk of a connection names a room; whatever comes after it is
// written to everybody else in that room.

import { createServer, type Socket } from 'node:net'
import { serve } from './child.ts'

const rooms = new Map<string, Set<Socket>>()

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', (name) => {
    const room = rooms.get(name.toString()) ?? new Set()
    rooms.set(name.toString(), room.add(socket))
    socket.on('data', (chunk) => {
      for (const other of room) if (other !== socket) other.write(chunk)
    })
    socket.on('close', () => {
      room.delete(socket)
      if (room.size === 0) rooms.delete(name.toString())
    })
    socket.write('.')
  })
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the relay does not listen')
  serve({ relay: address.port }, async () => {})
})
