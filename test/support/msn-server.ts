// Our server on free ports, with the cast of the tests: Juliet, Romeo, the nurse and Tybalt, and people of verona.example who are hosted.

import { connect } from 'node:net'
import type { Logger } from '../../src/core/log.ts'
import { silent } from '../../src/core/log.ts'
import { Secret } from '../../src/core/secret.ts'
import { Accounts } from '../../src/msn/server/accounts.ts'
import type { Handle } from '../../src/msn/server/handle.ts'
import type { MsnServerOptions } from '../../src/msn/server/server.ts'
import { MsnServer } from '../../src/msn/server/server.ts'
import type { IssuedToken } from '../../src/msn/server/tokens.ts'
import { BareClient } from './bare-client.ts'
import { ManualTimers } from './manual-timers.ts'
import { MemoryRecords, MemoryTickets } from './memory-stores.ts'

export const password = 'rosaline'
export const cast = ['juliet@example.com', 'romeo@example.com', 'nurse@example.com', 'tybalt@example.com'] as const

export interface TestServer {
  readonly server: MsnServer
  readonly timers: ManualTimers
  readonly tickets: MemoryTickets
  readonly records: MemoryRecords
  /** Everything that was logged, as JSON lines. */
  readonly logged: string[]
  /** A ticket as the sign-in pages give it. */
  ticketFor(account: string): Promise<string>
  /** A ticket and its secret, as they are given for a sign-in from MSNP15 on. */
  keyFor(account: string): Promise<IssuedToken>
  /** A bare client over TCP. */
  dial(role: 'NS' | 'SB'): Promise<BareClient>
  /** The same, at another port. */
  dialPort(port: number): Promise<BareClient>
  /** A bare client in-process, as our own sessions are. */
  dialInside(role: 'NS' | 'SB'): BareClient
  stop(): Promise<void>
}

/** The accounts of the cast as they are kept; made once, because hashing passwords takes its time. */
let accounts: Promise<readonly (readonly [id: string, record: unknown])[]> | undefined

async function castAccounts(): Promise<readonly (readonly [id: string, record: unknown])[]> {
  const records = new MemoryRecords()
  const made = new Accounts(records, () => false)
  for (const email of cast) await made.add(email, new Secret(password), { md5: true })
  const kept: (readonly [id: string, record: unknown])[] = []
  for await (const entry of records.list('accounts')) kept.push(entry)
  return kept
}

export async function startServer(options: Partial<MsnServerOptions> = {}): Promise<TestServer> {
  const timers = new ManualTimers()
  const records = new MemoryRecords()
  const tickets = new MemoryTickets(timers.clock)
  const logged: string[] = []
  const server = new MsnServer({
    domain: 'msn.example.com',
    listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0 },
    records,
    tickets,
    isHostedAddress: (email) => email.endsWith('@verona.example'),
    summon: async () => false,
    log: logInto(logged),
    clock: timers.clock,
    timers,
    ...options,
  })
  accounts ??= castAccounts()
  for (const [id, record] of await accounts) await records.update('accounts', id, () => record)
  await server.start()
  const clients: BareClient[] = []
  const opened = (client: BareClient) => {
    clients.push(client)
    return client
  }
  const dialPort = async (port: number) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return opened(new BareClient(socket))
  }
  return {
    ...{ server, timers, tickets, records, logged },
    ticketFor: async (account) => (await server.tokens.issue(account as Handle, 'messenger', 300)).ticket.reveal(),
    keyFor: (account) => server.tokens.issue(account as Handle, 'sign-in', 300),
    dial: (role) => dialPort(role === 'NS' ? server.ports.notification : server.ports.switchboard),
    dialPort,
    dialInside: (role) => opened(new BareClient(server.connect(role))),
    stop: async () => {
      for (const client of clients) client.hangUp()
      await server.stop()
    },
  }
}

function logInto(lines: string[]): Logger {
  const write = (level: string) => (context: unknown, message: string) => {
    lines.push(JSON.stringify({ level, context, message }))
  }
  const names = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
  const writers = Object.fromEntries(names.map((level) => [level, write(level)])) as Record<
    (typeof names)[number],
    Logger['info']
  >
  const log: Logger = { ...silent, ...writers, child: () => log, isLevelEnabled: () => true }
  return log
}
