// How ghosts, their chats and the bot look, as the user sees it; and that all of it is written once.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`
const ghost = ghostOf('msn', `juliet@${domains.msn}`)
const chair = `romeo@matrix.${domains.msn}`
const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAP///ywAAAAAAQABAAACAkQBADs=', 'base64')

let world: World
let romeo: MatrixUser
let juliet: MsnUser
let chat: string
/** What Juliet's client calls the picture that she keeps. */
let picture: string

beforeAll(async () => {
  world = await World.start()
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet Capulet')
  await juliet.saysOfThemselves('Ay me!')
  romeo = await world.matrixUser('romeo')
  await juliet.says(chair, 'Art thou not Romeo?')
  chat = await romeo.isInvitedBy(ghost)
  await romeo.join(chat)
  await romeo.hears(chat, 'Art thou not Romeo?')
})

afterAll(async () => {
  await world?.stop()
})

/** Juliet's client keeps a picture on the server, or shows it no more, as Windows Live Messenger does. */
async function storage(operation: string, inside: string): Promise<string> {
  const ticket = world.secrets.findLast((secret) => secret.startsWith('t='))?.replaceAll('&', '&amp;')
  const w10 = 'http://www.msn.com/webservices/storage/w10'
  const header = `<StorageApplicationHeader xmlns="${w10}"><ApplicationID>Messenger Client 8.5</ApplicationID><Scenario>RoamingSeed</Scenario></StorageApplicationHeader><StorageUserHeader xmlns="${w10}"><Puid>0</Puid><TicketToken>${ticket}</TicketToken></StorageUserHeader>`
  const answer = await fetch(`${world.nudge.places.http}/storageservice/SchematizedStore.asmx`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml', SOAPAction: `"${w10}/${operation}"` },
    body: `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${header}</soap:Header><soap:Body><${operation} xmlns="${w10}">${inside}</${operation}></soap:Body></soap:Envelope>`,
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`)
  return text
}

const alias = '<Alias><Name>0</Name><NameSpace>MyCidStuff</NameSpace></Alias>'

async function keepsPicture(bytes: Buffer): Promise<string> {
  const document = `<document xsi:type="Photo"><Name>tile</Name><DocumentStreams><DocumentStream xsi:type="PhotoStream"><DocumentStreamType>UserTileStatic</DocumentStreamType><MimeType>png</MimeType><Data>${bytes.toString('base64')}</Data><DataSize>0</DataSize></DocumentStream></DocumentStreams></document>`
  const made = await storage(
    'CreateDocument',
    `<parentHandle><RelationshipName>/UserTiles</RelationshipName>${alias}</parentHandle>${document}<relationshipName>ProfilePhoto</relationshipName>`,
  )
  return /<CreateDocumentResult>([^<]*)/.exec(made)?.[1] ?? ''
}

const isState =
  (type: string, key: string, value: unknown) =>
  ({ type: its, content }: SeenEvent): boolean =>
    its === type && content[key] === value

async function profile(user: string): Promise<Record<string, unknown>> {
  return romeo.call('GET', `profile/${encodeURIComponent(user)}`)
}

/** The profile of somebody, once it is as it should be. */
async function seesProfile(user: string, isIt: (looks: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries++) {
    const looks = await profile(user)
    if (isIt(looks)) return looks
    if (tries === 100) throw new Error(`${user} looks otherwise: ${JSON.stringify(looks)}`)
    await pause(100)
  }
}

describe('a chat', () => {
  it('bears the name of the contact, and their personal message as its topic', async () => {
    await romeo.sees(chat, isState('m.room.name', 'name', 'Juliet Capulet'))
    await romeo.sees(chat, isState('m.room.topic', 'topic', 'Ay me!'))
  })

  it('shows the picture that the contact keeps on our server, and so does their ghost', async () => {
    picture = await keepsPicture(gif)
    const member = ({ type, state_key, content }: SeenEvent) =>
      type === 'm.room.member' && state_key === ghost && typeof content['avatar_url'] === 'string'
    const uri = String((await romeo.sees(chat, member)).content['avatar_url'])
    await romeo.sees(chat, isState('m.room.avatar', 'url', uri))
    expect(await profile(ghost)).toMatchObject({ avatar_url: uri })
    expect(await romeo.downloads(uri)).toEqual(gif)
  })

  it('keeps the name that the user gives it, while the ghost goes by the new name of the contact', async () => {
    const path = `rooms/${encodeURIComponent(chat)}/state/m.room.name`
    await romeo.call('PUT', path, { name: 'My lady' })
    await romeo.sees(chat, isState('m.room.name', 'name', 'My lady'))
    await juliet.isCalled('Juliet Montague')
    await romeo.sees(chat, ({ type, state_key, content }) => {
      return type === 'm.room.member' && state_key === ghost && content['displayname'] === 'Juliet Montague'
    })
    await juliet.says(chair, 'What is in a name?')
    await romeo.hears(chat, 'What is in a name?')
    expect(await romeo.call('GET', path)).toEqual({ name: 'My lady' })
  })

  it('is written to by nobody after a restart, when nothing changed', async () => {
    const stateOf = async () =>
      (await romeo.history(chat))
        .filter(({ state_key }) => state_key !== undefined)
        .map(({ type, event_id, content }) => `${type} ${event_id} ${JSON.stringify(content)}`)
    const before = await stateOf()
    juliet.insists()
    expect(await world.nudge.stop()).toBe(0)
    await juliet.sees('that she is signed out', () => juliet.state !== 'online' || undefined)
    await world.nudge.start()
    await juliet.sees('that she is signed in again', () => juliet.state === 'online' || undefined)
    await juliet.says(chair, 'Romeo, doff thy name')
    await romeo.hears(chat, 'Romeo, doff thy name')
    expect(await stateOf()).toEqual(before)
  })
})

describe('a ghost', () => {
  it('shows no picture any more when the contact shows none', async () => {
    const source = `<relationshipName>ProfilePhoto</relationshipName><sourceHandle>${alias}<RelationshipName>MyProfile</RelationshipName></sourceHandle>`
    await storage(
      'DeleteRelationships',
      `${source}<targetHandles><ObjectHandle><ResourceID>${picture}</ResourceID></ObjectHandle></targetHandles>`,
    )
    await seesProfile(ghost, (looks) => looks['avatar_url'] === undefined || looks['avatar_url'] === '')
  })
})

describe('the bot', () => {
  it('has a name and a picture', async () => {
    const { displayname, avatar_url: uri } = await profile(bot)
    expect(displayname).toBe('Nudge')
    expect((await romeo.downloads(String(uri))).subarray(1, 4).toString()).toBe('PNG')
  })
})
