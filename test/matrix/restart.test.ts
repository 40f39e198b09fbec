// What a restart costs the homeserver: the whole gateway and our Matrix side between an account with many contacts and a homeserver that counts.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { Contact } from '../../src/core/contact.ts'
import { plainText } from '../../src/core/content.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import type { Login } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import { assembleGateway } from '../../src/gateway/assembly.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken } from '../../src/matrix/registration.ts'
import { FakeNetwork } from '../support/fake-network.ts'
import { ManualTimers } from '../support/manual-timers.ts'
import { memoryStores } from '../support/memory-stores.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'

const verona = networkId('verona')
const [contacts, ghosts, chats] = [5000, 5000, 100]

let stub: StubHomeserver
let stores: ReturnType<typeof memoryStores>
let tokens: { asToken: string; hsToken: string }
let stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  stub = await StubHomeserver.start()
  stores = memoryStores()
  tokens = { asToken: newToken(), hsToken: newToken() }
})

afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
  await stub.stop()
})

/** The gateway as it starts. Nothing is left of one before but the stores. */
async function start() {
  const config = matrixConfig.parse({ homeserver: stub.url, domain: 'hs.test', listen: { port: 0 }, ...tokens })
  const { records, tickets } = stores
  const parts = { records, tickets, clock: Date.now, log: silent }
  const home = new MatrixNetwork({ id: networkId('matrix'), config, ghostNetworks: [verona], ...parts })
  const linked = new FakeNetwork('verona', 'linked')
  const timers = new ManualTimers()
  const assembled = assembleGateway({
    ...{ networks: [home, linked], stores, assistant: () => async () => [], patience: 60_000, reactions: true },
    ...{ clock: Date.now, timers, log: silent },
  })
  const { gateway, shelves } = assembled
  for (const network of [home, linked]) await network.start((event) => gateway.receive(event))
  const stop = () => home.stop()
  stops.push(stop)
  let said = 0
  const begun = stores.outbox.pushed.length
  return {
    ...assembled,
    linked,
    stop,
    /** Everything that a network tells after a sign-in, and a word from each of those with whom there is a chat. */
    async live({ id: login, address: as }: Login): Promise<void> {
      const everybody = Array.from({ length: contacts }, (_, index) => linked.person(`friend${index}@verona.test`))
      const listed = everybody.map((address, index): Contact => {
        const groups = index < chats && index % 2 === 0 ? [`Group ${index % 5}`] : []
        return { login, address, name: `Friend ${index}`, lists: ['forward'], groups }
      })
      await linked.tell({ kind: 'contacts', login, whole: true, contacts: listed })
      for (const of of everybody)
        await linked.tell({ kind: 'presence', of, seenBy: as, presence: { status: 'online' }, name: of.id.toUpperCase() })
      for (const from of everybody.slice(0, chats)) {
        const conversation = { network: verona, id: from.id, as }
        const id = `said-${Math.random()}-${said++}` as RemoteId
        await linked.tell({ kind: 'message', id, conversation, from, content: plainText('hi'), sentAt: Date.now() })
      }
      await gateway.idle()
      for (const delivery of stores.outbox.pushed.slice(begun)) await gateway.perform(delivery, { again: false, late: false })
      await shelves.allChanged()
      await timers.pass(1000)
      await shelves.idle()
    },
  }
}

const isSaid = (call: string) => call.includes('/send/m.room.message/')
const isSignal = (call: string) => call.includes('presence/') || call.includes('/typing/') || call.includes('/m.status')

it('a restart with thousands of ghosts writes nothing and asks nothing that it knows, and says only what is new', async () => {
  // Ghosts that were needed once, and are not now.
  for (let index = chats; index < ghosts; index++)
    await stores.records.update('matrix-account', `@verona_friend${index}=40verona.test:hs.test`, () => ({
      name: `FRIEND${index}@VERONA.TEST`,
    }))
  const first = await start()
  const romeo = await stores.users.at({ network: networkId('matrix'), id: '@romeo:hs.test' })
  const address = first.linked.person('romeo@verona.test')
  const login = await first.logins.link(romeo, address, { password: new Secret('dagger') }, 'test')
  if (!login) throw new Error('somebody else has the account')
  await first.live(login)
  expect(stub.calls.filter((call) => call === 'POST createRoom')).toHaveLength(chats + 1 + 5)
  await first.stop()

  stub.asked.length = 0
  const second = await start()
  await second.live(login)
  await second.stop()
  expect(stub.calls.filter(isSaid)).toHaveLength(chats)
  const others = stub.calls.filter((call) => !isSaid(call) && !isSignal(call))
  // Nobody sees those who share no room with anybody, so they show no presence.
  const strangers = stub.calls.filter((call) => Number(/@verona_friend(\d+)=/.exec(call)?.[1] ?? 0) >= chats)
  expect(strangers).toEqual([])
  // What finds the way to the homeserver at each start.
  expect(others.sort()).toEqual(['GET client/versions', 'POST client/v1/appservice/nudge/ping', 'POST register'])
  expect(stub.asked.find(({ path }) => path === 'register')?.body).toMatchObject({ username: 'msnbot' })
}, 60_000)
