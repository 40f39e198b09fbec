// Typing, presence and what becomes of messages, as somebody at a Matrix client and somebody at an MSN client see them.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import type { NudgeProcess } from '../../support/nudge-process.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`
const romeoThere = `romeo@${domains.verona}`

let world: World
let verona: NudgeProcess
/** Both with accounts on the MSN server out there: Juliet at her own client, Romeo by way of the gateway. */
let juliet: MsnUser
let romeo: MatrixUser
let ghost: string
/** Where Romeo talks with the bot, and where with Juliet. */
let talk: string
let room: string

beforeAll(async () => {
  world = await World.start({ verona: true, matrix: { outcomes: 'both' } })
  if (!world.verona) throw new Error('no verona')
  verona = world.verona
  juliet = await world.msnUser(verona, `juliet@${domains.verona}`, 'Juliet')
  ghost = ghostOf('verona', juliet.account)
  const linked = await linkedUser('romeo')
  romeo = linked.user
  talk = linked.talk
  room = await romeo.startChat(ghost)
  await romeo.says(room, 'But soft!')
  await juliet.hears('But soft!')
})

afterAll(async () => {
  await world?.stop()
})

/** Somebody at Matrix who has linked an account out there, on whose list Juliet is, as they are on hers. */
async function linkedUser(name: string, prepare: (user: MatrixUser) => Promise<void> = async () => {}) {
  const account = `${name}@${domains.verona}`
  const password = randomBytes(6).toString('hex')
  await world.addAccount(verona, account, password)
  const before = await world.signIn(verona, account, password)
  await before.adds(juliet.account)
  await before.signsOut()
  await juliet.adds(account)
  const user = await world.matrixUser(name)
  await prepare(user)
  const talk = await user.startChat(bot)
  for (const [words, answer] of [
    ['login verona', 'Your account on'],
    [account, 'The password of'],
    [password, 'Signed in'],
  ] as const) {
    await user.says(talk, words)
    await user.hears(talk, answer)
  }
  return { user, account, talk }
}

describe('typing', () => {
  it('shows on MSN again and again for as long as it lasts, and not after the message', async () => {
    await romeo.types(room, true)
    await juliet.sees('Romeo typing twice', () => juliet.typists.filter((who) => who === romeoThere).length >= 2 || undefined)
    await romeo.says(room, 'What light?')
    await romeo.types(room, false)
    await juliet.hears('What light?')
  })

  it('shows on Matrix until the message is there', async () => {
    juliet.types(romeoThere)
    await romeo.seesTyping(room, ghost, true)
    await juliet.says(romeoThere, 'Ay me.')
    await romeo.hears(room, 'Ay me.')
    await romeo.seesTyping(room, ghost, false)
  })

  it('ends by itself when nobody goes on, on both sides', async () => {
    const before = juliet.typists.length
    juliet.types(romeoThere)
    await romeo.seesTyping(room, ghost, true)
    await romeo.seesTyping(room, ghost, false)
    // By now Juliet would have been told thrice that Romeo types on, who has long said it.
    expect(juliet.typists).toHaveLength(before)
  })

  it('shows in a chat of several, both ways', async () => {
    const nurse = await world.msnUser(verona, `nurse@${domains.verona}`, 'Nurse')
    await juliet.gathers('cell', nurse.account, romeoThere)
    await juliet.saysOn('cell', 'Come hither, nurse.')
    const isChat = (state: readonly SeenEvent[]) => !state.some(({ content }) => content['type'] === 'm.space')
    const cell = await romeo.isInvitedBy(bot, isChat)
    await romeo.join(cell)
    await romeo.hears(cell, 'Come hither, nurse.')
    juliet.typesOn('cell')
    await romeo.seesTyping(cell, ghost, true)
    await romeo.types(cell, true)
    await nurse.sees('Romeo typing', () => nurse.typists.includes(romeoThere) || undefined)
    await romeo.types(cell, false)
    juliet.leaves('cell')
    await nurse.signsOut()
  })
})

describe('presence', () => {
  it.each([
    ['busy', 'online', 'Busy'],
    ['phone', 'online', 'On the phone'],
    ['brb', 'unavailable', 'Be right back'],
    ['lunch', 'unavailable', 'Out to lunch'],
    ['away', 'unavailable', 'Away'],
    ['idle', 'unavailable', undefined],
    ['offline', 'offline', undefined],
    ['online', 'online', undefined],
  ] as const)('of somebody on MSN who is %s shows as %s, and in words', async (status, presence, words) => {
    await juliet.shows(status)
    await romeo.seesPresence(ghost, (seen) => seen.presence === presence && seen.status_msg === words)
  })

  it('carries the personal message, and stands in the profile, where it stays', async () => {
    await juliet.shows('phone', 'to the nurse')
    const words = 'On the phone: to the nurse'
    await romeo.seesPresence(ghost, (seen) => seen.status_msg === words)
    const status = { text: words, emoji: '📞' }
    await expect
      .poll(() => romeo.call('GET', `profile/${encodeURIComponent(ghost)}`), { timeout: 60_000 })
      .toMatchObject({ 'm.status': status, 'org.matrix.msc4426.status': status })
    await juliet.shows('online', '')
  })

  it('of a user at Matrix shows on their account out there, with their status', async () => {
    await romeo.is('unavailable', 'in Mantua')
    await juliet.seesPresence(romeoThere, 'idle', 'in Mantua')
    // Who is gone from Matrix is away on MSN: their account is still there, and takes what is written to them.
    await romeo.is('offline', 'in Mantua')
    await juliet.seesPresence(romeoThere, 'away', 'in Mantua')
    await romeo.is('online', 'in Verona')
    await juliet.seesPresence(romeoThere, 'online', 'in Verona')
  })

  it('of a user at Matrix comes with the status of their profile, too', async () => {
    const field = 'org.matrix.msc4426.status'
    const status = { text: 'A plague on both your houses', emoji: '🩸' }
    const { account } = await linkedUser('mercutio', async (user) => {
      await user.call('PUT', `profile/${encodeURIComponent(user.userId)}/${field}`, { [field]: status })
      await user.is('online')
    })
    await juliet.seesPresence(account, 'online', 'A plague on both your houses')
  })

  it('is said again before the homeserver lets go of who does not sync', async () => {
    await juliet.shows('busy')
    await romeo.seesPresence(ghost, (seen) => seen.status_msg === 'Busy')
    const path = `presence/${encodeURIComponent(ghost)}/status`
    const ago = async () => Number((await romeo.call('GET', path))['last_active_ago'])
    await expect.poll(ago, { timeout: 60_000, interval: 500 }).toBeGreaterThan(15_000)
    await expect.poll(ago, { timeout: 60_000, interval: 500 }).toBeLessThan(15_000)
    expect(await romeo.call('GET', path)).toMatchObject({ presence: 'online', status_msg: 'Busy' })
  })

  it('is what the user chose, until they want it to be as at Matrix again', async () => {
    await romeo.says(talk, 'presence lunch')
    await juliet.seesPresence(romeoThere, 'lunch')
    await romeo.says(talk, 'psm banished')
    await juliet.seesPresence(romeoThere, 'lunch', 'banished')
    await romeo.says(talk, 'presence auto')
    await romeo.hears(talk, 'you are seen as you are here')
    await romeo.says(talk, 'psm auto')
    await romeo.hears(talk, 'is what your status says here')
    // Who writes is there, so this comes last.
    await romeo.is('unavailable', 'in Mantua')
    await juliet.seesPresence(romeoThere, 'idle', 'in Mantua')
  })
})

describe('a message that arrived', () => {
  it('has been read by the bot, and has a tick', async () => {
    const event = await romeo.says(room, 'O, speak again, bright angel!')
    await juliet.hears('O, speak again, bright angel!')
    await romeo.seesRead(room, bot, event)
    const tick = await romeo.sees(
      room,
      ({ type, content }) => type === 'com.beeper.message_send_status' && JSON.stringify(content).includes(event),
    )
    expect(tick).toMatchObject({ sender: bot, content: { status: 'SUCCESS', 'm.relates_to': { event_id: event } } })
  })
})

describe('an MSN server that is gone for a moment', () => {
  it('is no news to the user, and what was written meanwhile arrives', async () => {
    await verona.stop()
    await romeo.sees(talk, () => true)
    await romeo.says(room, 'Wherefore art thou away?')
    juliet.insists()
    await verona.start()
    await juliet.hears('Wherefore art thou away?')
    const told = (await romeo.messages(talk)).map(({ content }) => String(content['body']))
    expect(told.filter((words) => /not been reached|cannot be reached|is back/.test(words))).toEqual([])
  })
})
