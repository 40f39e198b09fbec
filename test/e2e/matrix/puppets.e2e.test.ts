// What users say with other clients of theirs, as they see it on Matrix: a real Synapse, our Matrix side and the gateway. A network without
// wires plays the account that they have linked, because two clients of one account are needed there.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Assistant } from '../../../src/commands/assistant.ts'
import { networkId } from '../../../src/core/address.ts'
import { plainText } from '../../../src/core/content.ts'
import type { Delivery, DeliveryId } from '../../../src/core/delivery.ts'
import type { RemoteId } from '../../../src/core/event.ts'
import { Secret } from '../../../src/core/secret.ts'
import { openDesk } from '../../../src/desk.ts'
import { assembleGateway } from '../../../src/gateway/assembly.ts'
import type { MatrixConfig } from '../../../src/matrix/config.ts'
import { matrixConfig } from '../../../src/matrix/config.ts'
import { MatrixNetwork } from '../../../src/matrix/network.ts'
import { newToken, puppetRegistrationYaml, registrationYaml } from '../../../src/matrix/registration.ts'
import { Lines } from '../../matrix/stage.ts'
import { FakeNetwork } from '../../support/fake-network.ts'
import { ManualTimers } from '../../support/manual-timers.ts'
import { MatrixUser } from '../../support/matrix-user.ts'
import { memoryStores } from '../../support/memory-stores.ts'
import type { Synapse } from '../../support/synapse.ts'
import { freePort, startSynapse } from '../../support/synapse.ts'

const domain = 'hs.test'
const verona = networkId('verona')
const ghost = `@verona_juliet=40verona.test:${domain}`
const botId = `@msnbot:${domain}`
const puppetToken = newToken()

let synapse: Synapse
let settings: Record<string, unknown>
let names = 0

beforeAll(async () => {
  const port = await freePort()
  settings = {
    homeserver: `http://127.0.0.1:${port}`,
    domain,
    listen: { port: await freePort() },
    asToken: newToken(),
    hsToken: newToken(),
  }
  const config = matrixConfig.parse({ ...settings, puppetToken })
  const registration = [registrationYaml(config, [verona]), puppetRegistrationYaml(config, new Secret(puppetToken))]
  synapse = await startSynapse({ port, domain, registration })
})

afterAll(async () => {
  await synapse?.stop()
})

/** The gateway between Matrix and a network on which Romeo has linked an account. Time is what it is. */
async function openGateway(config: MatrixConfig, stores = memoryStores()) {
  const lines = new Lines()
  const { log } = lines
  const { records, tickets } = stores
  const home = new MatrixNetwork({
    ...{ id: networkId('matrix'), config, ghostNetworks: [verona], records, tickets, clock: Date.now, log },
  })
  const linked = new FakeNetwork('verona', 'linked')
  const timers = new ManualTimers()
  const parts = { patience: 60_000, reactions: true, clock: Date.now, timers, log }
  const { gateway, logins } = assembleGateway({
    networks: [home, linked],
    stores,
    assistant: (parts) => {
      const bot = new Assistant({ desk: openDesk({ ...parts, stores }), dialogues: stores.dialogues })
      return (user, request, level) => bot.answer(user, request, level)
    },
    ...parts,
  })
  for (const network of [home, linked]) await network.start((event) => gateway.receive(event))
  const done = new Set<Delivery>()
  const settle = async () => {
    for (const delivery of stores.outbox.pushed) {
      if (done.has(delivery)) continue
      done.add(delivery)
      await gateway.perform(delivery, { again: false, late: false })
    }
  }
  return { home, linked, logins, stores, lines, settle, stop: () => home.stop() }
}

type Opened = Awaited<ReturnType<typeof openGateway>>

/** Somebody on Matrix with an account on the other network. */
async function addUser({ linked, stores }: Opened) {
  const name = `romeo${names++}`
  const account = await synapse.addUser(name)
  const user = new MatrixUser(synapse.url, account)
  const known = await stores.users.at({ network: networkId('matrix'), id: user.userId })
  const chair = linked.person(`${name}@verona.test`)
  await stores.logins.save(known.id, chair, { password: new Secret('rosaline') })
  const conversation = { network: verona, id: 'juliet@verona.test', as: chair }
  return { user, account, known, conversation }
}

type Person = Awaited<ReturnType<typeof addUser>>

let said = 0

/** Something is said in the chat there: by the user with another client, or by Juliet. */
async function hears(
  { linked, settle }: Opened,
  { conversation }: Person,
  by: 'user' | 'juliet',
  text: string,
  sentAt = Date.now(),
) {
  const from = by === 'user' ? conversation.as : linked.person('juliet@verona.test')
  const id = `said-${said++}` as RemoteId
  await linked.tell({ kind: 'message', id, conversation, from, content: plainText(text), sentAt })
  await settle()
}

describe('on a homeserver that knows the second registration', () => {
  let gateway: Opened
  let person: Person

  beforeAll(async () => {
    gateway = await openGateway(matrixConfig.parse({ ...settings, puppetToken }))
    await gateway.lines.line(/reach each other/)
  })

  afterAll(async () => {
    await gateway?.stop()
  })

  beforeEach(async () => {
    person = await addUser(gateway)
  })

  it('a chat with somebody whom the user has on their list is joined for them, and one with a stranger is not', async () => {
    const { user, conversation } = person
    const juliet = gateway.linked.person('juliet@verona.test')
    const lists = ['forward', 'allow'] as const
    gateway.linked.lists.set(conversation.as.id, [{ address: juliet, name: 'Juliet', lists, groups: [] }])
    await hears(gateway, person, 'juliet', 'Romeo!')
    const { joined_rooms: rooms } = (await user.call('GET', 'joined_rooms')) as { joined_rooms: string[] }
    expect(rooms).toHaveLength(1)
    await user.hears(rooms[0] ?? '', 'Romeo!')
    const tybalt = gateway.linked.person('tybalt@verona.test')
    const id = 'said-by-a-stranger' as RemoteId
    const said = { id, conversation: { ...conversation, id: tybalt.id }, content: plainText('Turn thee'), sentAt: Date.now() }
    await gateway.linked.tell({ kind: 'message', from: tybalt, ...said })
    await gateway.settle()
    const room = await user.isInvitedBy('@verona_tybalt=40verona.test:hs.test')
    expect(rooms).not.toContain(room)
  })

  it('what a user says elsewhere appears as the user, who comes in where they were only invited, and does not go back', async () => {
    const { user } = person
    await hears(gateway, person, 'juliet', 'Ay me')
    const room = await user.isInvitedBy(ghost)
    await hears(gateway, person, 'user', 'She speaks')
    const event = await user.hears(room, 'She speaks')
    expect(event).toMatchObject({ sender: user.userId, content: { 'fi.mau.double_puppet_source': 'nudge' } })
    await user.says(room, 'O, speak again')
    await expect.poll(() => gateway.settle().then(() => gateway.linked.delivered), { timeout: 60_000 }).toHaveLength(1)
    expect(gateway.linked.delivered).toMatchObject([{ content: { runs: [{ text: 'O, speak again' }] } }])
    expect((await user.messages(room)).map(({ sender, content }) => [sender, content['body']])).toEqual([
      [ghost, 'Ay me'],
      [user.userId, 'She speaks'],
      [user.userId, 'O, speak again'],
    ])
  })

  it('and is there once, also where an earlier try was told by the bot, or the bot tells it now', async () => {
    const { user } = person
    await hears(gateway, person, 'juliet', 'Ay me')
    const room = await user.isInvitedBy(ghost)
    await user.join(room)
    const { id: network, bot } = gateway.home
    const themselves = { network, id: user.userId }
    const conversation = { network, id: room }
    for (const speakers of [
      [bot, themselves],
      [themselves, bot],
    ]) {
      const parcel = { id: newToken().slice(0, 24) as DeliveryId, conversation, content: plainText('once'), sentAt: Date.now() }
      const ids: string[] = []
      for (const [index, as] of speakers.entries()) {
        await gateway.home.lends(as)
        ids.push((await gateway.home.deliver({ ...parcel, as, again: index > 0 })).id)
      }
      expect(new Set(ids).size).toBe(1)
    }
    expect((await user.messages(room)).map(({ content }) => content['body'])).toEqual(['Ay me', 'once', 'once'])
  })

  it('and stands there with the time at which it was said', async () => {
    const { user, conversation } = person
    const delivered = () => gateway.linked.delivered.filter(({ as }) => as.id === conversation.as.id)
    // Longer ago than what others say there may be to be carried on.
    const before = Date.now() - 5 * 24 * 3_600_000
    await hears(gateway, person, 'user', 'while nobody was there', before)
    const room = await user.isInRoom()
    await user.says(room, 'Now I am')
    await expect
      .poll(() => gateway.settle().then(() => delivered()), { timeout: 60_000 })
      .toMatchObject([{ content: { runs: [{ text: 'Now I am' }] } }])
    const [message, ...others] = await user.messages(room)
    expect(message).toMatchObject({ sender: user.userId, origin_server_ts: before })
    expect(others).toHaveLength(1)
  })
})

describe('on a homeserver that does not know it', () => {
  it('the operator reads how to mend that, and the bot tells what a user says elsewhere', async () => {
    const gateway = await openGateway(matrixConfig.parse({ ...settings, puppetToken: newToken() }))
    try {
      await gateway.lines.line(/does not know matrix\.puppetToken: give it the file that "nudge registration --puppets" writes/)
      const person = await addUser(gateway)
      await hears(gateway, person, 'user', 'She speaks')
      const room = await person.user.isInvitedBy(ghost)
      await person.user.join(room)
      expect(await person.user.hears(room, 'She speaks')).toMatchObject({ sender: botId, content: { body: 'You: She speaks' } })
    } finally {
      await gateway.stop()
    }
  })
})

describe('a user who lends us a token', () => {
  it('speaks as themselves, also after a restart, until it is signed out; then hears of it once, and nothing is lost', async () => {
    const config = matrixConfig.parse(settings)
    let gateway = await openGateway(config)
    try {
      await gateway.lines.line(/reach each other/)
      const person = await addUser(gateway)
      const { user, account } = person
      const talk = await user.startChat(botId)
      await user.hears(talk, 'Hello!')
      const lent = await synapse.signIn(account.userId.slice(1, account.userId.indexOf(':')), account.password)
      const command = await user.says(talk, `login-matrix ${lent.accessToken}`)
      const tells = (words: string) =>
        expect.poll(
          async () => {
            await gateway.settle()
            return (await user.messages(talk)).filter(({ content }) => String(content['body']).includes(words)).length
          },
          { timeout: 60_000 },
        )
      await tells('appears as said by you from now on').toBe(1)
      await user.sees(
        talk,
        ({ type, redacts, content }) => type === 'm.room.redaction' && (redacts ?? content['redacts']) === command,
      )
      await hears(gateway, person, 'user', 'one')
      const room = await user.isInRoom(talk)
      expect(await user.hears(room, 'one')).toMatchObject({ sender: user.userId })

      await gateway.stop()
      gateway = await openGateway(config, gateway.stores)
      await gateway.lines.line(/reach each other/)
      await gateway.logins.restore()
      await hears(gateway, person, 'user', 'two')
      expect(await user.hears(room, 'two')).toMatchObject({ sender: user.userId })

      await new MatrixUser(synapse.url, lent).call('POST', 'logout', {})
      await hears(gateway, person, 'user', 'three')
      await hears(gateway, person, 'user', 'four')
      expect(await user.hears(room, 'three')).toMatchObject({ sender: botId, content: { body: 'You: three' } })
      expect(await user.hears(room, 'four')).toMatchObject({ sender: botId })
      await tells('I cannot speak as you any more').toBe(1)
      expect(gateway.linked.delivered).toEqual([])
      expect(JSON.stringify(gateway.lines.lines)).not.toContain(lent.accessToken)
    } finally {
      await gateway.stop()
    }
  })
})
