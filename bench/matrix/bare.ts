// A bare application service, in a process of its own: it puts messages into rooms, and notes what the homeserver pushes. Nothing else.
// Arguments: the address of the homeserver, the as_tokens of the bare one and of the witness, the ports on which they listen.

import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { type Ear, type Moment, marksIn, now, type Said, type Task, textOf } from './wire.ts'

const [homeserver = '', bareToken = '', witnessToken = '', barePort = '', witnessPort = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const run = Date.now()
let transaction = 0

const tell = (said: Said) => process.send?.(said)

async function textIn(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function put(room: string, as: string, body: string): Promise<void> {
  const query = `user_id=${encodeURIComponent(as)}`
  const url = `${homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${run}-${transaction++}?${query}`
  const token = as.startsWith('@bare') ? bareToken : witnessToken
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'PUT', agent, headers }, async (answer) => {
      const text = await textIn(answer)
      if (answer.statusCode === 200) resolve()
      else reject(new Error(`${answer.statusCode} ${text}`))
    })
    call.on('error', reject)
    call.end(body)
  })
}

async function perform({ lanes, each, first }: Task): Promise<void> {
  const sent: Moment[] = []
  await Promise.all(
    lanes.map(async ({ room, as }, lane) => {
      for (let message = first; message < first + each; message++) {
        sent.push([lane, message, now()])
        await put(room, as, JSON.stringify({ msgtype: 'm.text', body: textOf(lane, message) }))
      }
    }),
  )
  tell({ sent })
}

function listen(by: Ear, port: number): Promise<void> {
  const server = createServer(async (incoming, answer) => {
    const text = await textIn(incoming)
    answer.setHeader('content-type', 'application/json')
    answer.end('{}')
    const { events = [] } = JSON.parse(text || '{}') as { events?: { content: { body?: unknown } }[] }
    const at = now()
    const seen = events.flatMap(({ content: { body } }) =>
      typeof body === 'string' ? marksIn(body).map(([lane, message]): Moment => [lane, message, at]) : [],
    )
    if (seen.length > 0) tell({ seen, by })
  })
  server.keepAliveTimeout = 180_000
  return new Promise((resolve) => server.listen({ host: '127.0.0.1', port }, resolve))
}

process.on('message', (task: Task) => {
  perform(task).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(1))
await listen('bare', Number(barePort))
await listen('witness', Number(witnessPort))
tell({ listening: true })
