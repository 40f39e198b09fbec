// The bot, from the side of whoever writes to it: a real Synapse, a Nudge with its own MSN server, and a second one as a server out there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`

let world: World
let romeo: MatrixUser
/** Where Romeo is alone with the bot. */
let office: string
let juliet: MsnUser
/** Romeo's chat with Juliet. */
let balcony: string

beforeAll(async () => {
  const permissions = {
    [domains.matrix]: 'user',
    [`@escalus:${domains.matrix}`]: 'admin',
    [`@paris:${domains.matrix}`]: 'commands',
  }
  world = await World.start({ verona: true, matrix: { permissions } })
  romeo = await world.matrixUser('romeo')
  office = await romeo.startChat(bot)
  await romeo.hears(office, 'Write "help" for what I can do')
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet')
})

afterAll(async () => {
  await world?.stop()
})

/** Everything that the bot says in a room once it has said this. */
async function answer(user: MatrixUser, room: string, words: string): Promise<string> {
  const event = await user.sees(room, ({ sender, content }) => sender === bot && String(content['body']).includes(words))
  return String(event.content['body'])
}

/** The room that a link in a text leads to. */
function linkedRoom(text: string): string {
  return decodeURIComponent(/https:\/\/matrix\.to\/#\/([^?\s]+)/.exec(text)?.[1] ?? '')
}

describe('in its own room', () => {
  it('helps: in groups, a line for each command, none that one may not use', async () => {
    await romeo.says(office, 'help')
    const text = await answer(romeo, office, 'Authentication')
    expect(text).toMatch(/^Here we are alone/)
    for (const heading of ['General', 'Authentication', 'Chats', 'Contacts', 'How you are seen'])
      expect(text).toContain(`\n${heading}\n`)
    expect(text).toMatch(/\n• login \[network\] \[account\]: /)
    expect(text).not.toContain('Administration')
  })

  it('knows a typo, and has nothing to cancel', async () => {
    await romeo.says(office, 'contcats')
    await answer(romeo, office, 'Did you mean "contacts"?')
    await romeo.says(office, 'cancel')
    await answer(romeo, office, 'There is nothing to stop.')
  })

  it('says which Nudge it is, whether the homeserver answers, and what is kept', async () => {
    await romeo.says(office, 'version')
    expect(await answer(romeo, office, 'on Node')).toMatch(/^Nudge \d/)
    await romeo.says(office, 'ping')
    expect(await answer(romeo, office, 'Your homeserver')).toMatch(/\(matrix\) answered in \d+ ms/)
    await romeo.says(office, 'privacy')
    expect(await answer(romeo, office, 'What this gateway keeps')).toContain('passwords and tokens')
  })

  it('takes a login step by step, as often as there are accounts, and each password out of the room', async () => {
    const { verona } = world
    if (!verona) throw new Error('no verona')
    for (const name of ['romeo', 'montague']) {
      const account = `${name}@${domains.verona}`
      await world.addAccount(verona, account, `${name}-17`)
      await romeo.says(office, 'login')
      await romeo.hears(office, 'Your account on verona')
      await romeo.says(office, account)
      await answer(romeo, office, `The password of ${account}?`)
      const password = await romeo.says(office, `${name}-17`)
      await answer(romeo, office, `Signed in to verona as ${account}.`)
      await romeo.sees(
        office,
        ({ type, redacts, content }) => type === 'm.room.redaction' && [redacts, content['redacts']].includes(password),
      )
    }
    await romeo.says(office, 'logins')
    await answer(romeo, office, `romeo@${domains.verona} on verona: online`)
    await answer(romeo, office, `montague@${domains.verona} on verona: online`)
  })

  it('does not begin a login in the midst of one, and stops it when it is asked to', async () => {
    await romeo.says(office, `login verona nurse@${domains.verona}`)
    await answer(romeo, office, `The password of nurse@${domains.verona}?`)
    await romeo.says(office, 'login')
    await answer(romeo, office, 'We are in the middle of something')
    await romeo.says(office, 'cancel')
    await answer(romeo, office, 'Stopped.')
  })

  it('signs an account out', async () => {
    await romeo.says(office, `logout montague@${domains.verona}`)
    await answer(romeo, office, `Signed out of verona and forgot montague@${domains.verona}.`)
  })

  it('opens a chat, which is told as something to click', async () => {
    await romeo.says(office, `start-chat msn ${juliet.account}`)
    balcony = linkedRoom(await answer(romeo, office, `Your chat with ${juliet.account} is here: https://matrix.to/`))
    await romeo.join(balcony)
    await romeo.says(balcony, 'But soft! What light?')
    await juliet.hears('But soft! What light?')
  })

  it('changes the list, and shows it by groups', async () => {
    const nurse = await world.msnUser(world.nudge, `nurse@${domains.msn}`, 'Nurse')
    await romeo.says(office, `add-contact msn ${nurse.account}`)
    await answer(romeo, office, `${nurse.account} is now on your contact list.`)
    await romeo.says(office, `group ${nurse.account} Capulets`)
    await answer(romeo, office, `${nurse.account} is in the group Capulets.`)
    await romeo.says(office, 'groups msn')
    await answer(romeo, office, 'Capulets: 1')
    await romeo.says(office, 'sync msn')
    await answer(romeo, office, 'The contact list was read again')
    await romeo.says(office, `remove-contact ${nurse.account}`)
    await answer(romeo, office, `${nurse.account} is not on your contact list any more.`)
  })

  it('calls several people into a chat', async () => {
    const sampson = await world.msnUser(world.nudge, `sampson@${domains.msn}`, 'Sampson')
    const gregory = await world.msnUser(world.nudge, `gregory@${domains.msn}`, 'Gregory')
    await romeo.says(office, `create-group msn ${sampson.account} ${gregory.account}`)
    const street = linkedRoom(await answer(romeo, office, `Your chat with ${sampson.account}, ${gregory.account} is here`))
    await romeo.join(street)
    await romeo.says(street, 'Part, fools!')
    const { board } = await sampson.hears('Part, fools!')
    expect(board).toBeDefined()
    await gregory.hears('Part, fools!')
  })
})

describe('in a chat with a contact', () => {
  it('takes what begins with the prefix, answers there, and carries none of it on', async () => {
    await romeo.says(balcony, '!msn help')
    const text = await answer(romeo, balcony, 'This is your chat with')
    expect(text).toContain('What begins with !msn is for me')
    await romeo.says(balcony, '!msn hepl')
    await answer(romeo, balcony, 'Did you mean "help"?')
    await romeo.says(balcony, 'It is the east.')
    await juliet.hears('It is the east.')
    expect(juliet.heard.map(({ text }) => text)).toEqual(['But soft! What light?', 'It is the east.'])
  })

  it('nudges the contact', async () => {
    await romeo.says(balcony, '!msn nudge')
    await juliet.sees('a nudge', () => juliet.heard.find(({ text }) => text === 'nudge'))
  })

  it('tells the way of a message, of the one that is answered or of the last one', async () => {
    const id = await romeo.says(balcony, 'O, it is my love!')
    await juliet.hears('O, it is my love!')
    await romeo.says(balcony, '!msn trace')
    expect(await answer(romeo, balcony, 'Times are UTC.')).toMatch(/\d\d:\d\d:\d\d\.\d{3} {2}\S.*\n.*\(\+\d+ ms\)/)
    await romeo.says(balcony, { msgtype: 'm.text', body: '!msn trace', 'm.relates_to': { 'm.in_reply_to': { event_id: id } } })
    const told = ({ sender, content }: { sender: string; content: Readonly<Record<string, unknown>> }) =>
      sender === bot && String(content['body']).startsWith('Times are UTC.')
    let seen = 0
    await romeo.sees(balcony, (event) => told(event) && ++seen > 1)
  })

  it('means the contact where no address is named', async () => {
    await romeo.says(balcony, '!msn block')
    await answer(romeo, balcony, `${juliet.account} is blocked.`)
    await romeo.says(balcony, '!msn unblock')
    await answer(romeo, balcony, `${juliet.account} is not blocked any more.`)
  })

  it('takes a secret out at once, warns, and says where it belongs', async () => {
    const secret = await romeo.says(balcony, `!msn login verona mercutio@${domains.verona} queen-mab-17`)
    await answer(romeo, balcony, 'please change that password')
    const where = await answer(romeo, balcony, 'Write it to me where we are alone')
    expect(linkedRoom(where)).toBe(office)
    const { content } = (await romeo.call('GET', `rooms/${encodeURIComponent(balcony)}/event/${encodeURIComponent(secret)}`)) as {
      content: object
    }
    expect(content).toEqual({})
    expect(juliet.heard.some(({ text }) => text.includes('queen-mab'))).toBe(false)
    expect(JSON.stringify(world.nudge.log)).not.toContain('queen-mab')
  })
})

describe('to those who are no users', () => {
  it('answers whoever may talk with it, and no more', async () => {
    const paris = await world.matrixUser('paris')
    const talk = await paris.startChat(bot)
    await paris.says(talk, 'login')
    await answer(paris, talk, 'You may not do that here.')
    await paris.says(talk, 'version')
    await answer(paris, talk, 'on Node')
    const chat = await paris.startChat(ghostOf('msn', juliet.account))
    const refused = await paris.sees(
      chat,
      ({ state_key, content }) => state_key === ghostOf('msn', juliet.account) && content['membership'] === 'leave',
    )
    expect(refused.content['reason']).toMatch(/^You may not use this gateway/)
  })
})

describe('for those who run the gateway', () => {
  it('lists who uses it, does things for them, shuts them out and lets them in', async () => {
    const escalus = await world.matrixUser('escalus')
    const palace = await escalus.startChat(bot)
    await escalus.says(palace, 'list-users')
    expect(await answer(escalus, palace, 'Who used this gateway')).toContain(`${romeo.userId}: user, accounts: 1`)
    await escalus.says(palace, `sudo ${romeo.userId} logins`)
    await answer(escalus, palace, `romeo@${domains.verona} on verona: online`)

    await escalus.says(palace, `block-user ${romeo.userId}`)
    await answer(escalus, palace, `${romeo.userId} is shut out`)
    await romeo.says(office, 'logins')
    await answer(romeo, office, 'You may not use this gateway.')
    await romeo.says(balcony, 'Ay me!')
    await answer(romeo, balcony, 'You may not use this gateway.')
    await expect(juliet.says(`romeo@matrix.${domains.msn}`, 'Romeo!')).rejects.toMatchObject({ code: 'contact-offline' })

    await escalus.says(palace, `unblock-user ${romeo.userId}`)
    await answer(escalus, palace, `${romeo.userId} may use this gateway again`)
    await romeo.says(balcony, 'O, she doth teach the torches to burn bright!')
    await juliet.hears('O, she doth teach the torches to burn bright!')
    expect(juliet.heard.some(({ text }) => text === 'Ay me!')).toBe(false)
  })
})

describe('at the end of a chat', () => {
  it('takes the contact out of a room that stays, makes another room the chat, and closes it', async () => {
    const ghost = ghostOf('msn', juliet.account)
    await romeo.says(balcony, '!msn unbridge')
    await romeo.sees(balcony, ({ state_key, content }) => state_key === ghost && content['membership'] === 'leave')
    const garden = String((await romeo.call('POST', 'createRoom', { preset: 'private_chat', name: 'Garden' }))['room_id'])
    await romeo.call('POST', `rooms/${encodeURIComponent(garden)}/invite`, { user_id: bot })
    await romeo.sees(garden, ({ state_key, content }) => state_key === bot && content['membership'] === 'join')
    const benvolio = await world.matrixUser('benvolio')
    await romeo.call('POST', `rooms/${encodeURIComponent(garden)}/invite`, { user_id: benvolio.userId })
    await benvolio.join(garden)
    await romeo.says(garden, `!msn bridge msn ${juliet.account}`)
    await answer(romeo, garden, `This room is your chat with ${juliet.account} from now on.`)
    await romeo.says(garden, 'Lady, by yonder blessed moon I swear')
    await juliet.hears('Lady, by yonder blessed moon I swear')
    await romeo.says(garden, '!msn delete-portal')
    await romeo.sees(garden, ({ state_key, content }) => state_key === ghost && content['membership'] === 'leave')
  })
})
