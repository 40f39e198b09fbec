// Where the scenes of test/transcripts/scenes are acted: people of the cast, each with our client, against whatever takes their connections.

import { Secret } from '../../src/core/secret.ts'
import type { SessionOptions } from '../../src/msn/client/session.ts'
import type { AddressBook, SignInTicket, TicketOffice } from '../../src/msn/client/web-ports.ts'
import type { Group, ListEntry } from '../../src/msn/model/contact-list.ts'
import { FakeWeb } from './fake-web.ts'
import type { Dialled, TestClient } from './msn-client.ts'
import { clientAt } from './msn-client.ts'

export type Actor = 'juliet' | 'romeo' | 'nurse' | 'tybalt'

/** What somebody's list holds before the scene begins. */
export interface Before {
  readonly friends: readonly Actor[]
  readonly blocked?: readonly Actor[]
  /** A group that the friends are in. */
  readonly group?: string
}

/** Where the connections and the tickets of a scene come from. */
export interface House extends Dialled {
  /** A ticket of Passport, for MSNP8 to 14. */
  ticketFor(who: Actor): Promise<Secret>
  /** A ticket and its secret, from MSNP15 on. */
  keyFor(who: Actor): Promise<SignInTicket>
}

export function accountOf(who: Actor): string {
  return `${who}@example.com`
}

export function nameOf(who: Actor): string {
  return `${who.charAt(0).toUpperCase()}${who.slice(1)}`
}

export class Stage {
  /** The dialect that the scene is about. */
  readonly dialect: number
  readonly #house: House
  readonly #before: Partial<Record<Actor, Before>>
  readonly #clients: TestClient[] = []

  constructor(dialect: number, house: House, before: Partial<Record<Actor, Before>>) {
    this.dialect = dialect
    this.#house = house
    this.#before = before
  }

  /** Somebody's client, signed in. */
  async enter(who: Actor, dialect = this.dialect, message?: string): Promise<TestClient> {
    const signIn = () => this.#house.ticketFor(who)
    const client = clientAt(this.#house, {
      account: accountOf(who),
      credential: { kind: 'password', password: new Secret('rosaline'), signIn },
      installation: 'verona',
      dialects: [dialect] as SessionOptions['dialects'],
      web: this.#webOf(who),
    })
    this.#clients.push(client)
    if (message !== undefined) await client.session.setPersonal(message)
    const state = await client.session.connect()
    if (state !== 'online') throw new Error(`${who} could not sign in at MSNP${dialect}: ${state}`)
    return client
  }

  /** Everybody goes. */
  async clear(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.session.close()))
  }

  /** The web services: the list as it was before the scene. What is changed by them does not go over this wire. */
  #webOf(who: Actor): { readonly tickets: TicketOffice; readonly book: AddressBook } {
    const { friends = [], blocked = [], group } = this.#before[who] ?? {}
    const groups: Group[] = group === undefined ? [] : [{ id: guidOf(99), name: group }]
    const entry = (actor: Actor, lists: number, index: number): ListEntry => ({
      ...{ handle: accountOf(actor), name: nameOf(actor), lists, properties: {} },
      ...(lists === 4 ? { groups: [] } : { guid: guidOf(index), groups: groups.map(({ id }) => id) }),
    })
    const entries = [...friends.map((actor, index) => entry(actor, 11, index)), ...blocked.map((actor) => entry(actor, 4, 0))]
    const web = new FakeWeb(entries, groups)
    web.ownName = nameOf(who)
    return { tickets: { signInTicket: () => this.#house.keyFor(who) }, book: web.book }
  }
}

function guidOf(index: number): string {
  return `c1f9a363-4ee9-4a33-a434-b056a4c55b${String(index).padStart(2, '0')}`
}
