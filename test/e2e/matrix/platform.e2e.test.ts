// How Nudge gets on with the homeserver itself, seen by its users: what comes days late, and what an operator reads who forgot the registration file.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { MatrixUser } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { NudgeProcess } from '../../support/nudge-process.ts'
import { freePort } from '../../support/synapse.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const hour = 3_600_000
/** By which a homeserver that was away is played: its users speak, and it says when. */
const token = randomBytes(32).toString('hex')
const away = {
  id: 'away',
  url: null,
  as_token: token,
  hs_token: randomBytes(32).toString('hex'),
  sender_localpart: 'away',
  rate_limited: false,
  namespaces: { users: [{ exclusive: false, regex: '@romeo:.*' }], aliases: [], rooms: [] },
}

let world: World
let juliet: MsnUser
let romeo: MatrixUser
let room: string

beforeAll(async () => {
  world = await World.start({ registrations: [stringify(away)], matrix: { presence: false } })
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet')
  romeo = await world.matrixUser('romeo')
  room = await romeo.startChat(ghostOf('msn', juliet.account))
  await romeo.says(room, 'But soft!')
  await juliet.hears('But soft!')
})

afterAll(async () => {
  await world?.stop()
})

/** Something that Romeo said so many hours ago, and that comes only now. */
async function comesLate(body: string, hours: number): Promise<string> {
  const query = `user_id=${encodeURIComponent(romeo.userId)}&ts=${Date.now() - hours * hour}`
  const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/${randomBytes(8).toString('hex')}?${query}`
  const answer = await fetch(`${world.synapse.url}/_matrix/client/v3/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ msgtype: 'm.text', body }),
  })
  return ((await answer.json()) as { event_id: string }).event_id
}

describe('what was said long ago and comes only now', () => {
  it('is left out after three days, and Romeo reads so once; what is younger arrives', async () => {
    const first = await comesLate('three days and an hour', 73)
    await comesLate('three days and more', 80)
    await comesLate('two days', 48)
    await juliet.hears('two days')
    const notice = await romeo.hears(room, 'Not delivered: this was said more than 72 hours ago')
    expect(notice.content['m.relates_to']).toMatchObject({ 'm.in_reply_to': { event_id: first } })
    await romeo.says(room, 'Art thou there?')
    await juliet.hears('Art thou there?')
    expect(juliet.heard.map(({ text }) => text).filter((text) => text.includes('three days'))).toEqual([])
    const notices = (await romeo.messages(room)).filter(({ content }) => String(content['body']).startsWith('Not delivered'))
    expect(notices).toHaveLength(1)
  })
})

describe('at the start', () => {
  it('an operator who did not give the registration file to the homeserver reads what to do', async () => {
    const secret = () => randomBytes(32).toString('hex')
    const nudge = await NudgeProcess.withConfig(join(world.folder, 'stranger.yaml'), {
      log: { level: 'info', format: 'json' },
      redis: { dataDir: join(world.folder, 'stranger') },
      seal: { keyFile: join(world.folder, 'stranger.key') },
      matrix: {
        homeserver: world.synapse.url,
        domain: domains.matrix,
        listen: { host: '127.0.0.1', port: await freePort() },
        asToken: secret(),
        hsToken: secret(),
      },
    })
    try {
      await nudge.start()
      const { msg } = await nudge.logs('what is wrong', ({ level }) => level === 'error')
      expect(msg).toContain('does not know our as_token. Give it the file that "nudge registration" writes, and restart it.')
    } finally {
      await nudge.stop()
    }
  })

  it('an operator who did reads that it works', () => {
    expect(world.nudge.log.map(({ msg }) => msg)).toContain('the homeserver and Nudge reach each other')
  })
})

describe('where the operator wants no presence', () => {
  it('nobody is shown to be there, neither by presence nor in a profile; what they write arrives', async () => {
    const ghost = ghostOf('msn', juliet.account)
    await juliet.shows('phone', 'to the nurse')
    await juliet.says(`romeo@matrix.${domains.msn}`, 'I am on the phone')
    await romeo.hears(room, 'I am on the phone')
    expect(await romeo.call('GET', `presence/${encodeURIComponent(ghost)}/status`)).toMatchObject({ presence: 'offline' })
    const profile = await romeo.call('GET', `profile/${encodeURIComponent(ghost)}`)
    expect(Object.keys(profile)).not.toContain('org.matrix.msc4426.status')
  })
})
