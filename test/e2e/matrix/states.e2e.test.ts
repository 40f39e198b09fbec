// What users are told of their accounts, at a homeserver that shows nobody who is there: a real Synapse, a real MSN server that goes and
// comes back, and between them the gateway with a clock that the test turns.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Assistant } from '../../../src/commands/assistant.ts'
import { networkId } from '../../../src/core/address.ts'
import type { Delivery } from '../../../src/core/delivery.ts'
import type { LoginState } from '../../../src/core/login.ts'
import { openDesk } from '../../../src/desk.ts'
import { assembleGateway } from '../../../src/gateway/assembly.ts'
import { matrixConfig } from '../../../src/matrix/config.ts'
import { MatrixNetwork } from '../../../src/matrix/network.ts'
import { newToken, registrationYaml } from '../../../src/matrix/registration.ts'
import { webCaller } from '../../../src/msn/client/web/call.ts'
import { networkWeb } from '../../../src/msn/client/web/services.ts'
import { linkedConfig } from '../../../src/msn/config.ts'
import { LinkedMsn } from '../../../src/msn/linked.ts'
import { dialTcp } from '../../../src/msn/tcp.ts'
import { Lines } from '../../matrix/stage.ts'
import { ManualTimers } from '../../support/manual-timers.ts'
import { MatrixUser } from '../../support/matrix-user.ts'
import { memoryStores } from '../../support/memory-stores.ts'
import { MsnUser } from '../../support/msn-user.ts'
import { NudgeProcess, runNudge } from '../../support/nudge-process.ts'
import type { Synapse } from '../../support/synapse.ts'
import { freePort, startSynapse } from '../../support/synapse.ts'

const domain = 'hs.test'
const id = networkId('verona')
const romeoThere = 'romeo@verona.test'
const julietThere = 'juliet@verona.test'
const password = 'dagger-17'
const bot = `@msnbot:${domain}`
const ghost = `@verona_juliet=40verona.test:${domain}`

const stores = memoryStores()
const lines = new Lines()
const timers = new ManualTimers()
const delivered = new Set<Delivery>()

let folder: string
let verona: NudgeProcess
let synapse: Synapse
let romeo: MatrixUser
let juliet: MsnUser
let talk: string
let config: ReturnType<typeof matrixConfig.parse>
let running: Awaited<ReturnType<typeof startGateway>>

async function startGateway() {
  const clock = () => Date.now() + timers.clock()
  const { records, tickets } = stores
  const shared = { records, clock, log: lines.log }
  const home = new MatrixNetwork({ ...shared, id: networkId('matrix'), config, ghostNetworks: [id], tickets })
  const { notification, http } = verona.places
  const settings = linkedConfig.parse({ ...notification, nexus: `${http}/rdr/pprdr.asp`, dialects: [12] })
  const web = networkWeb(settings, webCaller(fetch), clock)
  const linked = new LinkedMsn({ ...shared, ...web, id, config: settings, dial: dialTcp, timers })
  const { gateway, logins } = assembleGateway({
    networks: [home, linked],
    stores,
    assistant: (parts) => {
      const assistant = new Assistant({ desk: openDesk({ ...parts, stores }), dialogues: stores.dialogues })
      return (user, request, level) => assistant.answer(user, request, level)
    },
    ...{ patience: 60_000, reactions: true, clock, timers, log: lines.log },
  })
  for (const network of [linked, home]) await network.start((event) => gateway.receive(event))
  /** Performs what is queued, and what comes of that, until the test is over. */
  let isOver = false
  const worker = (async () => {
    while (!isOver) {
      for (const delivery of stores.outbox.pushed.filter((each) => !delivered.has(each))) {
        delivered.add(delivery)
        await gateway.perform(delivery, { again: false, late: false })
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  const stop = async () => {
    isOver = true
    await worker
    logins.stop()
    for (const network of [home, linked]) await network.stop()
    await gateway.idle()
  }
  return { logins, stop }
}

/** Waits until Romeo's account is so. */
async function becomes(state: LoginState): Promise<void> {
  await expect
    .poll(async () => (await stores.logins.find({ network: id, id: romeoThere }))?.state, { timeout: 60_000 })
    .toBe(state)
}

const minutes = (count: number) => timers.pass(count * 60_000)

/** What the bot told Romeo, as he sees it. */
async function told(words: RegExp): Promise<number> {
  return (await romeo.messages(talk)).filter(({ sender, content }) => sender === bot && words.test(String(content['body'])))
    .length
}

const lost = /has not been reached for some minutes/
const back = /verona is back: romeo@verona\.test is signed in again/

const juliets = () => {
  const { notification, http } = verona.places
  if (!notification || http === undefined) throw new Error('no MSN server')
  return new MsnUser({ account: julietThere, password, server: notification, http })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nudge-'))
  const [notificationPort, switchboardPort, port] = [await freePort(), await freePort(), await freePort()]
  const msn = { domain: 'verona.test', notificationPort, switchboardPort, http: { host: '127.0.0.1', port } }
  verona = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), { log: { level: 'info', format: 'json' }, msn })
  await verona.start()
  for (const address of [romeoThere, julietThere]) {
    const made = await runNudge(['account', 'add', address, '--config', verona.configFile], { input: `${password}\n` })
    expect(made.code, made.errors).toBe(0)
  }
  const homeserver = await freePort()
  config = matrixConfig.parse({
    ...{ homeserver: `http://127.0.0.1:${homeserver}`, domain, listen: { port: await freePort() } },
    ...{ asToken: newToken(), hsToken: newToken() },
  })
  running = await startGateway()
  const registration = registrationYaml(config, [id])
  synapse = await startSynapse({ port: homeserver, domain, registration, settings: { presence: { enabled: false } } })
  romeo = new MatrixUser(synapse.url, await synapse.addUser('romeo'))
  juliet = juliets()
  await juliet.signsIn()
  await juliet.adds(romeoThere)
  talk = await romeo.startChat(bot)
  for (const [words, answer] of [
    ['login verona', 'Your account on'],
    [romeoThere, 'The password of'],
    [password, 'Signed in'],
  ] as const) {
    await romeo.says(talk, words)
    await romeo.hears(talk, answer)
  }
})

afterAll(async () => {
  await juliet?.signsOut()
  await running?.stop()
  await synapse?.stop()
  await verona?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a homeserver that shows nobody who is there', () => {
  it('is asked once, and gets no presence after that; a status in a profile it shows all the same', async () => {
    await lines.line(/presence is off there, and off here/)
    expect(lines.lines.filter((line) => line.includes('presence is off there'))).toHaveLength(1)
    await romeo.says(talk, `add-contact ${julietThere}`)
    await romeo.hears(talk, 'is now on your contact list')
    const room = await romeo.startChat(ghost)
    await romeo.says(room, 'But soft!')
    await juliet.hears('But soft!')
    await juliet.shows('phone')
    await expect
      .poll(() => romeo.call('GET', `profile/${encodeURIComponent(ghost)}`), { timeout: 60_000 })
      .toMatchObject({ 'm.status': { text: 'On the phone', emoji: '📞' } })
    expect(lines.lines.filter((line) => /could not show|a signal/.test(line))).toEqual([])
  })

  it('says nothing of the user either, who is seen online out there, or only while they do something', async () => {
    await juliet.seesPresence(romeoThere, 'online')
    await romeo.says(talk, 'presence active 10')
    await romeo.hears(talk, 'as away 10 minutes after you stopped')
    await minutes(11)
    await juliet.seesPresence(romeoThere, 'away')
    await romeo.says(talk, 'help')
    await juliet.seesPresence(romeoThere, 'online')
    await romeo.says(talk, 'presence auto')
    await romeo.hears(talk, 'you are seen as you are here')
  })
})

describe('an account whose network', () => {
  it('is gone for less than three minutes is no news', async () => {
    await verona.stop()
    await becomes('reconnecting')
    await minutes(2.9)
    await verona.start()
    await becomes('online')
    await minutes(10)
    expect(await told(lost)).toBe(0)
    expect(await told(back)).toBe(0)
  })

  it('is gone for longer is told once, also over a restart, and once that it is back', async () => {
    await verona.stop()
    await becomes('reconnecting')
    await minutes(3.1)
    await romeo.hears(talk, 'has not been reached for some minutes')
    await romeo.says(talk, 'status')
    await romeo.hears(talk, 'restoring the connection')
    await running.stop()
    await verona.start()
    running = await startGateway()
    await verona.stop()
    await running.logins.restore()
    await becomes('reconnecting')
    await minutes(30)
    await verona.start()
    await becomes('online')
    await romeo.hears(talk, 'verona is back')
    expect(await told(lost)).toBe(1)
    expect(await told(back)).toBe(1)
  })

  it('signed it out because it was used elsewhere is told at once, and once', async () => {
    const { notification, http } = verona.places
    if (!notification || http === undefined) throw new Error('no MSN server')
    const elsewhere = new MsnUser({ account: romeoThere, password, server: notification, http })
    await elsewhere.signsIn()
    await romeo.hears(talk, 'was signed in somewhere else')
    await minutes(30)
    await elsewhere.signsOut()
    expect(await told(/was signed in somewhere else/)).toBe(1)
  })

  it('refuses the password is told, and why', async () => {
    await romeo.says(talk, 'login verona')
    await expect.poll(() => told(/Your account on/)).toBe(2)
    await romeo.says(talk, romeoThere)
    await expect.poll(() => told(/The password of/)).toBe(2)
    await romeo.says(talk, 'rosaline')
    await romeo.hears(talk, `verona refused ${romeoThere}`)
    await becomes('refused')
    expect(await told(/verona refused/)).toBe(1)
  })
})
