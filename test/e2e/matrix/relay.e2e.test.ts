// Others in the room of a user: they speak through the user's chair under their names, if the user wants that and they may.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`
let world: World
let juliet: MsnUser
let romeo: MatrixUser
let nurse: MatrixUser
let tybalt: MatrixUser
let room: string

beforeAll(async () => {
  const permissions = {
    [domains.matrix]: 'user',
    [`@nurse:${domains.matrix}`]: 'relay',
    [`@tybalt:${domains.matrix}`]: 'block',
  }
  world = await World.start({ matrix: { permissions } })
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet')
  romeo = await world.matrixUser('romeo')
  nurse = await world.matrixUser('nurse')
  tybalt = await world.matrixUser('tybalt')
  const ghost = ghostOf('msn', juliet.account)
  room = await romeo.startChat(ghost)
  await romeo.sees(room, ({ state_key, content }) => state_key === ghost && content['membership'] === 'join')
  for (const guest of [nurse, tybalt]) {
    await romeo.call('POST', `rooms/${encodeURIComponent(room)}/invite`, { user_id: guest.userId })
    await guest.join(room)
  }
})

afterAll(async () => {
  await world?.stop()
})

/** What our bot told as an answer to a message. */
function answer(to: string): (event: SeenEvent) => boolean {
  return ({ sender, content }) => sender === bot && JSON.stringify(content['m.relates_to'] ?? {}).includes(to)
}

describe('others in a room', () => {
  it('are told once that only its user speaks from there', async () => {
    const first = await nurse.says(room, 'Madam!')
    const told = await nurse.sees(room, answer(first))
    expect(told.content).toMatchObject({
      msgtype: 'm.notice',
      body: expect.stringMatching(/only @romeo:hs\.test can write.*set-relay/),
    })
    const second = await nurse.says(room, 'Madam, I say!')
    await romeo.says(room, 'She cannot hear you.')
    await juliet.hears('She cannot hear you.')
    expect((await nurse.messages(room)).filter(answer(second))).toEqual([])
    expect(juliet.heard.map(({ text }) => text)).toEqual(['She cannot hear you.'])
  })

  it('speak through the user’s chair once the user says so, under the names that they have there', async () => {
    await romeo.says(room, '!msn set-relay')
    await romeo.hears(room, 'What others in this room write goes to')
    await nurse.says(room, 'Madam!')
    const heard = await juliet.hears('Madam!')
    expect(heard).toMatchObject({ from: `romeo@matrix.${domains.msn}`, text: 'nurse: Madam!' })
    await nurse.says(room, { msgtype: 'm.emote', body: 'calls within' })
    await juliet.hears('* nurse calls within')
    const name = 'Nurse\u202e of\n\n Juliet'
    await nurse.call('PUT', `profile/${encodeURIComponent(nurse.userId)}/displayname`, { displayname: name })
    await nurse.sees(room, ({ type, content }) => type === 'm.room.member' && content['displayname'] === name)
    await nurse.says(room, 'Your lady mother calls')
    expect(await juliet.hears('Your lady mother calls')).toMatchObject({ text: 'Nurse of Juliet: Your lady mother calls' })
    await romeo.says(room, 'It is the nurse')
    expect(await juliet.hears('It is the nurse')).toMatchObject({ text: 'It is the nurse' })
    await juliet.says(heard.from, 'Anon, good nurse!')
    await nurse.hears(room, 'Anon, good nurse!')
    expect(juliet.heard.map(({ text }) => text).join('\n')).not.toContain('set-relay')
  })

  it('say anew what they said, under their names', async () => {
    const said = await nurse.says(room, 'My fan, Petr')
    await juliet.hears('My fan, Petr')
    const edit = {
      'm.new_content': { msgtype: 'm.text', body: 'My fan, Peter' },
      'm.relates_to': { rel_type: 'm.replace', event_id: said },
    }
    await nurse.says(room, { msgtype: 'm.text', body: '* My fan, Peter', ...edit })
    expect((await juliet.hears('My fan, Peter')).text).toContain('Nurse of Juliet: ')
  })

  it('who may not be carried are told so once; bots are never carried', async () => {
    const first = await tybalt.says(room, 'This, by his voice, should be a Montague')
    expect((await tybalt.sees(room, answer(first))).content['body']).toContain('you may not write to')
    const second = await tybalt.says(room, 'Fetch me my rapier')
    await nurse.says(room, { msgtype: 'm.notice', body: 'I am a machine' })
    await nurse.says(room, 'Peace, I have done')
    await juliet.hears('Peace, I have done')
    expect((await tybalt.messages(room)).filter(answer(second))).toEqual([])
    expect(juliet.heard.map(({ text }) => text).join('\n')).not.toMatch(/Montague|rapier|machine/)
  })

  it('are silent there again when the user says so', async () => {
    await romeo.says(room, '!msn unset-relay')
    await romeo.hears(room, 'Only what you write yourself')
    await nurse.says(room, 'Hie you, make haste')
    await romeo.says(room, 'Farewell')
    await juliet.hears('Farewell')
    expect(juliet.heard.map(({ text }) => text).join('\n')).not.toContain('Hie you')
  })
})
