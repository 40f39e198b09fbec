// Our client with everything it tells kept in lists, so that tests assert on what arrived.

import type { Duplex } from 'node:stream'
import { wordsOf } from '../../src/core/content.ts'
import { silent } from '../../src/core/log.ts'
import type { LoginState } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { MsnContact } from '../../src/msn/client/contact-book.ts'
import type { ContactPresence, IncomingMessage, SessionOptions } from '../../src/msn/client/session.ts'
import { MsnSession } from '../../src/msn/client/session.ts'
import { readContent } from '../../src/msn/content.ts'
import { ManualTimers } from './manual-timers.ts'

/** Whatever answers a dialling client. */
export interface Dialled {
  dial(to: { role: 'NS' | 'SB'; host: string; port: number }): Promise<Duplex>
}

export interface TestClient {
  readonly session: MsnSession
  readonly timers: ManualTimers
  readonly messages: IncomingMessage[]
  readonly presences: ContactPresence[]
  readonly typing: string[]
  readonly states: LoginState[]
  /** The last reason that came with a state. */
  readonly reasons: (string | undefined)[]
  /** The list as the session last told it whole, with the changes since. */
  contacts: MsnContact[]
  /** Resolves once something holds; the test's own time-out ends the wait. */
  until(holds: () => boolean): Promise<void>
}

/** Juliet's client, before it connects. */
export function clientAt(server: Dialled, options: Partial<SessionOptions> = {}): TestClient {
  const timers = new ManualTimers()
  const watchers = new Set<() => void>()
  const told = () => {
    for (const watch of [...watchers]) watch()
  }
  const lists = { messages: [] as IncomingMessage[], presences: [] as ContactPresence[], typing: [] as string[] }
  const states: LoginState[] = []
  const reasons: (string | undefined)[] = []
  const session = new MsnSession({
    account: 'juliet@example.com',
    credential: { kind: 'ticket', ticket: async () => new Secret('t=juliet&p=') },
    dial: (to) => server.dial(to),
    server: { host: 'msn.example.org', port: 1863 },
    dialects: [12],
    log: silent,
    clock: timers.clock,
    timers,
    random: () => 1,
    onMessage: async (message) => {
      lists.messages.push(message)
      told()
    },
    onTyping: (who) => {
      lists.typing.push(who)
      told()
    },
    onPresence: (presence) => {
      lists.presences.push(presence)
      told()
    },
    onContacts: (whole, contacts) => {
      const changed = new Set(contacts.map((contact) => contact.account))
      const kept = whole ? [] : client.contacts.filter((contact) => !changed.has(contact.account))
      client.contacts = [...kept, ...contacts.filter((contact) => contact.lists.length > 0)]
      told()
    },
    onState: (state, reason) => {
      states.push(state)
      reasons.push(reason?.key)
      told()
    },
    ...options,
  })
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const watch = () => {
        if (!holds()) return
        watchers.delete(watch)
        resolve()
      }
      watchers.add(watch)
      watch()
    })
  const client: TestClient = { session, timers, ...lists, states, reasons, contacts: [], until }
  return client
}

/** A client writes plain text to somebody. */
export function says(client: TestClient, to: string, text: string): Promise<'said' | 'stored'> {
  const head = 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n'
  return client.session.send(to, Buffer.from(head + text))
}

/** What a client was told: the words of a text, the kind of anything else. */
export function heard(client: TestClient): (string | undefined)[] {
  return client.messages.map(({ message }) => {
    const content = readContent(message)
    return content?.kind === 'text' ? wordsOf(content) : content?.kind
  })
}
