// Our client and our server, each of which is also tested against transcripts, in one room.

import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { SessionOptions } from '../../src/msn/client/session.ts'
import type { TestClient } from '../support/msn-client.ts'
import { clientAt } from '../support/msn-client.ts'
import type { TestServer } from '../support/msn-server.ts'
import { password, startServer } from '../support/msn-server.ts'

let fixture: TestServer
beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

async function client(account: string, dialect: number, options: Partial<SessionOptions> = {}): Promise<TestClient> {
  const made = clientAt(
    {
      dial: async ({ host, port }) => {
        const socket = connect({ host, port, noDelay: true })
        await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
        return socket
      },
    },
    {
      account,
      dialects: [dialect],
      server: { host: '127.0.0.1', port: fixture.server.ports.notification },
      credential: {
        kind: 'password',
        password: new Secret(password),
        signIn: async () => new Secret(await fixture.ticketFor(account)),
      },
      ...options,
    },
  )
  expect(await made.session.connect()).toBe('online')
  return made
}

const text = (words: string) => Buffer.from(`MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n${words}`)

describe.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('at MSNP%i', (dialect) => {
  test('two clients sign in, add each other, see each other and talk both ways', async () => {
    const juliet = await client('juliet@example.com', dialect)
    const romeo = await client('romeo@example.com', dialect)
    await juliet.session.addContact('romeo@example.com')
    await romeo.session.addContact('juliet@example.com')
    await juliet.until(() =>
      juliet.presences.some(({ account, status }) => account === 'romeo@example.com' && status === 'online'),
    )
    await romeo.until(() =>
      romeo.presences.some(({ account, status }) => account === 'juliet@example.com' && status === 'online'),
    )
    await juliet.session.send('romeo@example.com', text('Wherefore art thou Romeo? 🌹'))
    await romeo.until(() => romeo.messages.length === 1)
    await romeo.session.send('juliet@example.com', text('I take thee at thy word'))
    await juliet.until(() => juliet.messages.length === 1)
    const bodies = [...romeo.messages, ...juliet.messages].map(({ from, message }) => [
      from,
      Buffer.from(message.body).toString(),
    ])
    expect(bodies).toEqual([
      ['juliet@example.com', 'Wherefore art thou Romeo? 🌹'],
      ['romeo@example.com', 'I take thee at thy word'],
    ])
    await romeo.session.close()
    await juliet.until(() => juliet.presences.at(-1)?.status === 'offline')
    await juliet.session.close()
  })

  test('the list comes back whole at the next sign-in', async () => {
    const juliet = await client('juliet@example.com', dialect)
    await juliet.session.addContact('romeo@example.com')
    await juliet.session.close()
    const again = await client('juliet@example.com', dialect)
    expect(again.contacts.map(({ account, lists }) => [account, lists])).toEqual([['romeo@example.com', ['forward', 'allow']]])
    await again.session.close()
  })
})

test('a hosted person over a pair of streams hears what a vintage client says, and the sender learns that it is stored', async () => {
  const juliet = await client('juliet@example.com', 9)
  const mercutio = clientAt(
    { dial: async ({ role }) => fixture.server.connect(role) },
    {
      account: 'mercutio@verona.example',
      hosted: true,
      credential: {
        kind: 'ticket',
        ticket: async () => new Secret(await fixture.server.hostedTicket('mercutio@verona.example', 'Mercutio')),
      },
    },
  )
  expect(await mercutio.session.connect()).toBe('online')
  await juliet.session.send('mercutio@verona.example', text('Good den'))
  expect(mercutio.messages.map(({ from, message }) => [from, Buffer.from(message.body).toString()])).toEqual([
    ['juliet@example.com', 'Good den'],
  ])
  await mercutio.session.close()
  await juliet.session.close()
})
