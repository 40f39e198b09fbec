// Beside which our server is measured: a TCP relay that parses nothing. The first chunk of a connection names a room; whatever comes after it is
// written to everybody else in that room. In rooms whose name begins so, the speaker is written a few bytes for every chunk, as long as an ACK.

import { createServer, type Socket } from 'node:net'
import { serve } from './child.ts'
import { answering } from './line.ts'

const answer = Buffer.from('ACK 1000\r\n')

const rooms = new Map<string, Set<Socket>>()

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', (first) => {
    const name = first.toString()
    const room = rooms.get(name) ?? new Set()
    const isAnswering = name.startsWith(answering)
    rooms.set(name, room.add(socket))
    socket.on('data', (chunk) => {
      for (const other of room) if (other !== socket) other.write(chunk)
      if (isAnswering) socket.write(answer)
    })
    socket.on('close', () => {
      room.delete(socket)
      if (room.size === 0) rooms.delete(name)
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
