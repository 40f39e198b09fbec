// Somebody with several accounts: two out there, and what they are on our own MSN server; chats of one or several people on each.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import type { NudgeProcess } from '../../support/nudge-process.ts'
import { runNudge } from '../../support/nudge-process.ts'
import { freePort } from '../../support/synapse.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`
const day = `day@${domains.verona}`
const night = `night@${domains.verona}`
const password = 'dagger-17'
const mercutios = `mercutio@${domains.msn}`
const picture = Buffer.from('a rose by any other name')
/** How long a link to a file is good here, in milliseconds. */
const linkLasts = 15_000

let world: World
let verona: NudgeProcess
let romeo: MatrixUser
let juliet: MsnUser
let nurse: MsnUser
/** Where Romeo talks with the bot. */
let talk: string
/** His room with Juliet, whom only the second account has on its list. */
let orchard: string
/** When he sent a picture to Mercutio, who is away. */
let sentAt: number

beforeAll(async () => {
  const port = await freePort()
  const media = { url: `http://127.0.0.1:${port}`, listen: { port }, hours: linkLasts / 3_600_000 }
  world = await World.start({ verona: true, networks: ['verona', 'mantua'], matrix: { media } })
  if (!world.verona) throw new Error('no verona')
  verona = world.verona
  juliet = await world.msnUser(verona, `juliet@${domains.verona}`, 'Juliet')
  nurse = await world.msnUser(verona, `nurse@${domains.verona}`, 'Nurse')
  for (const [account, friend] of [
    [day, nurse],
    [night, juliet],
  ] as const) {
    await world.addAccount(verona, account, password)
    const before = await world.signIn(verona, account, password)
    await before.adds(friend.account)
    await before.signsOut()
  }
  romeo = await world.matrixUser('romeo')
  talk = await romeo.startChat(bot)
  for (const account of [day, night]) {
    await asks(`login verona ${account}`, `The password of ${account}?`)
    await asks(password, `Signed in to verona as ${account}.`)
  }
  await sendsPicture()
})

afterAll(async () => {
  await world?.stop()
})

/** Romeo writes to the bot; gives the answer that holds these words. */
async function asks(text: string, words: string, where = talk): Promise<string> {
  const before = new Set((await romeo.messages(where)).map(({ event_id }) => event_id))
  await romeo.says(where, text)
  const isAnswer = ({ event_id, sender, content }: SeenEvent) =>
    !before.has(event_id) && sender === bot && String(content['body']).includes(words)
  return String((await romeo.sees(where, isAnswer)).content['body'])
}

/** Romeo sends a picture to somebody who is away. */
async function sendsPicture(): Promise<void> {
  await world.addAccount(world.nudge, mercutios, password)
  const room = await romeo.startChat(ghostOf('msn', mercutios))
  const url = await romeo.uploads(picture, 'image/png')
  sentAt = Date.now()
  await romeo.says(room, { msgtype: 'm.image', body: 'rose.png', url, info: { mimetype: 'image/png', size: picture.length } })
  await romeo.hears(room, `Not delivered yet: ${mercutios} is offline`)
}

const linkedRoom = (text: string) => decodeURIComponent(/https:\/\/matrix\.to\/#\/([^?\s]+)/.exec(text)?.[1] ?? '')

describe('somebody with two accounts on one network', () => {
  it('sees the list of each, and how each is', async () => {
    expect(await asks('contacts', `Contacts of ${day}`)).toContain(nurse.account)
    expect(await asks('contacts', `Contacts of ${night}`)).toContain(juliet.account)
    await asks('logins', `${day} on verona: online`)
    await asks('logins', `${night} on verona: online`)
  })

  it('begins a chat by the account that has the contact on its list', async () => {
    const ghost = ghostOf('verona', juliet.account)
    orchard = await romeo.startChat(ghost)
    await romeo.says(orchard, 'He jests at scars')
    const { from } = await juliet.hears('He jests at scars')
    expect(from).toBe(night)
    await juliet.says(from, 'Ay me!')
    expect(await romeo.hears(orchard, 'Ay me!')).toMatchObject({ sender: ghost })
  })

  it('has a chat with the same person for each account, and what is said in one does not come into the other', async () => {
    const ghost = ghostOf('verona', juliet.account)
    await juliet.says(day, 'Good morrow')
    const other = await romeo.isInvitedBy(ghost)
    expect(other).not.toBe(orchard)
    await romeo.join(other)
    await romeo.hears(other, 'Good morrow')
    await romeo.says(other, 'Is the day so young?')
    expect(await juliet.hears('Is the day so young?')).toMatchObject({ from: day })
    await romeo.says(orchard, 'Is she a Capulet?')
    expect(await juliet.hears('Is she a Capulet?')).toMatchObject({ from: night })
    expect((await romeo.messages(orchard)).map(({ content }) => content['body'])).not.toContain('Good morrow')
  })

  it('is asked which of them is meant where both can be', async () => {
    await asks(`add-contact tybalt@${domains.verona}`, 'On which of your accounts?')
    await asks(`start-chat tybalt@${domains.verona}`, 'On which of your accounts?')
    await asks(`start-chat verona/${day} tybalt@${domains.verona}`, `Your chat with tybalt@${domains.verona} is here`)
  })

  it('answers those who want to be a contact', async () => {
    const benvolio = await world.msnUser(verona, `benvolio@${domains.verona}`, 'Benvolio')
    const peter = await world.msnUser(verona, `peter@${domains.verona}`, 'Peter')
    for (const asking of [benvolio, peter]) {
      await asking.adds(day)
      await romeo.hears(talk, `(${asking.account}) wants to be a contact of ${day}`)
    }
    await asks(`accept ${benvolio.account}`, `${benvolio.account} is a contact of yours now.`)
    await benvolio.seesPresence(day, 'online')
    await asks(`decline ${peter.account}`, `${peter.account} was declined, and is blocked.`)
    await expect(peter.says(day, 'My young lady bid me inquire')).rejects.toMatchObject({ code: 'contact-offline' })
    await peter.seesPresence(day, 'offline')
  })
})

describe('somebody with accounts on two networks', () => {
  it('is asked on which one a further one is, and talks on each as the one that they have there', async () => {
    const account = `exile@${domains.verona}`
    await world.addAccount(verona, account, password)
    await asks('login', 'Which network?')
    await asks('Padua', 'There is no network of that name here.')
    await asks('mantua', 'Your account on mantua')
    await asks(account, `The password of ${account}?`)
    await asks(password, `Signed in to mantua as ${account}.`)
    await juliet.says(account, 'Art thou gone so?')
    const ghost = ghostOf('mantua', juliet.account)
    const room = await romeo.isInvitedBy(ghost)
    await romeo.join(room)
    expect(await romeo.hears(room, 'Art thou gone so?')).toMatchObject({ sender: ghost })
    await romeo.says(room, 'Let me be put to death')
    expect(await juliet.hears('Let me be put to death')).toMatchObject({ from: account })
  })
})

describe('an account that is used elsewhere', () => {
  it('comes back when its user says so, and the other was there all the time', async () => {
    const elsewhere = await world.signIn(verona, night, password)
    await romeo.hears(talk, `${night} was signed in somewhere else`)
    await asks('logins', `${night} on verona: signed in elsewhere`)
    await nurse.says(day, 'Where is my man?')
    await romeo.join(await romeo.isInvitedBy(ghostOf('verona', nurse.account)))
    await asks('relogin', `Signed in to verona as ${night}.`)
    await elsewhere.sees('that it is signed out', () => elsewhere.state !== 'online' || undefined)
    await romeo.says(orchard, 'It is my lady')
    expect(await juliet.hears('It is my lady')).toMatchObject({ from: night })
  })

  it('is told of when its password is another now, at the next sign-in', async () => {
    const changed = await runNudge(['account', 'passwd', day, '--config', verona.configFile], { input: 'poison-18\n' })
    expect(changed.code, changed.errors).toBe(0)
    expect(await verona.stop()).toBe(0)
    for (const each of [juliet, nurse]) each.insists()
    await verona.start()
    await romeo.hears(talk, `verona refused ${day}`)
    await asks('logins', `${day} on verona: refused`)
    await asks(`login verona ${day}`, `The password of ${day}?`)
    await asks('poison-18', `Signed in to verona as ${day}.`)
  })
})

describe('a chat of several that is called together by the bot', () => {
  it('says where it leads, carries words both ways, and is a new room after it was deleted', async () => {
    const people = [juliet.account, nurse.account]
    const room = linkedRoom(await asks(`create-group verona/${day} ${people.join(' ')}`, `Your chat with ${people.join(', ')}`))
    await romeo.join(room)
    await romeo.says(room, 'Ladies!')
    const { board = '' } = await juliet.hears('Ladies!')
    await nurse.hears('Ladies!')
    await juliet.saysOn(board, 'Romeo!')
    expect(await romeo.hears(room, 'Romeo!')).toMatchObject({ sender: ghostOf('verona', juliet.account) })
    const state = (type: string) => romeo.sees(room, (event) => event.type === type)
    const info = await state('m.bridge')
    expect(info.content).toMatchObject({ bridgebot: bot, protocol: { id: 'verona' }, channel: { displayname: 'Juliet, Nurse' } })
    expect(await state('uk.half-shot.bridge')).toMatchObject({ state_key: info.state_key, content: info.content })
    expect((await state('io.element.functional_members')).content).toEqual({ service_members: [bot] })
    expect((await state('m.room.name')).content).toEqual({ name: 'Juliet, Nurse' })

    await romeo.says(room, '!msn delete-portal')
    const rooms = async () => (await romeo.call('GET', 'joined_rooms'))['joined_rooms']
    await expect.poll(rooms, { timeout: 60_000 }).not.toContain(room)
  })
})

describe('a picture that waited for longer than a link is good', () => {
  const isOver = (since: number) =>
    expect.poll(() => Date.now() - since, { timeout: 60_000, interval: 500 }).toBeGreaterThan(linkLasts)

  it('comes with a link that is good from then on, and ends after that', async () => {
    await isOver(sentAt)
    const mercutio = await world.signIn(world.nudge, mercutios, password)
    const link = /http:\/\/\S+/.exec((await mercutio.hears('rose.png')).text)?.[0] ?? ''
    const file = await fetch(link)
    expect([file.status, await file.text()]).toEqual([200, picture.toString()])
    await isOver(Date.now())
    expect((await fetch(link)).status).toBe(404)
  })
})
