// The scenes of test/transcripts/scenes, each acted in every dialect: who has whom on the list, and what they do.

import type { Utterance } from '../../src/core/content.ts'
import { plainText } from '../../src/core/content.ts'
import { writeContent } from '../../src/msn/content.ts'
import type { Actor, Before, Stage } from './stage.ts'
import { accountOf } from './stage.ts'

export interface Scene {
  /** What it shows, for the first line of its transcript. */
  readonly about: string
  readonly before: Partial<Record<Actor, Before>>
  act(stage: Stage): Promise<void>
}

const [juliets, romeos, nurses] = [accountOf('juliet'), accountOf('romeo'), accountOf('nurse')]
/** The first dialect with groups, and the first with personal messages. */
const [firstGroups, firstPersonal] = [7, 11]

export const scenes: Readonly<Record<string, Scene>> = {
  'sign-in': {
    about: 'Juliet signs in, with nobody on her list',
    before: {},
    act: async (stage) => {
      await stage.enter('juliet')
    },
  },
  lists: {
    about:
      'Juliet has Romeo among her friends and Tybalt blocked. The nurse adds her; she answers, adds, files, blocks and removes the nurse',
    before: { juliet: { friends: ['romeo'], blocked: ['tybalt'], group: 'Friends' } },
    act: changeLists,
  },
  presence: {
    about:
      'Juliet finds Romeo, and the nurse with another client. Romeo changes his status, his name and what he says of himself, and goes',
    before: { juliet: { friends: ['romeo', 'nurse'] }, romeo: { friends: ['juliet'] }, nurse: { friends: ['juliet'] } },
    act: comeAndGo,
  },
  board: {
    about: 'Juliet calls Romeo: text, typing, a nudge. Then she brings him and the nurse together, and leaves them',
    before: {},
    act: talk,
  },
}

async function changeLists(stage: Stage): Promise<void> {
  const nurse = await stage.enter('nurse')
  const juliet = await stage.enter('juliet')
  const waits = () => juliet.contacts.some(({ lists }) => lists.includes('pending'))
  const seen = (status: string) => nurse.until(() => nurse.presences.at(-1)?.status === status)
  await nurse.session.addContact(juliets)
  await juliet.until(waits)
  await seen('online')
  await juliet.session.accept(nurses)
  await juliet.session.addContact(nurses)
  await juliet.until(() => juliet.presences.at(-1)?.status === 'online')
  if (stage.dialect >= firstGroups) {
    await juliet.session.putInGroup(nurses, 'Household')
    await juliet.session.renameGroup('Household', 'Servants & Co')
    await juliet.session.takeOutOfGroup(nurses, 'Servants & Co')
    await juliet.session.removeGroup('Servants & Co')
  }
  await juliet.session.renameContact(nurses, 'Angelica')
  await juliet.session.block(nurses)
  await seen('offline')
  await juliet.session.unblock(nurses)
  await seen('online')
  await juliet.session.removeContact(nurses)
}

async function comeAndGo(stage: Stage): Promise<void> {
  const nurse = await stage.enter('nurse', stage.dialect < 13 ? 18 : 8, 'fetching the ladder')
  await nurse.session.setStatus('busy')
  const romeo = await stage.enter('romeo', stage.dialect, 'but soft')
  const juliet = await stage.enter('juliet')
  const last = (account: string) => juliet.presences.filter((presence) => presence.account === account).at(-1)
  await juliet.until(() => last(nurses)?.status === 'busy' && last(romeos)?.status === 'online')
  await romeo.until(() => romeo.presences.at(-1)?.status === 'online')
  await romeo.session.setStatus('lunch')
  await juliet.until(() => last(romeos)?.status === 'lunch')
  await romeo.session.setName('Romeo Montague')
  await juliet.until(() => last(romeos)?.name === 'Romeo Montague')
  if (stage.dialect >= firstPersonal) {
    await romeo.session.setPersonal('it is the east <3')
    await juliet.until(() => last(romeos)?.message === 'it is the east <3')
  }
  await juliet.session.setStatus('offline')
  await romeo.until(() => romeo.presences.at(-1)?.status === 'offline')
  await juliet.session.setStatus('away')
  await romeo.until(() => romeo.presences.at(-1)?.status === 'away')
  await romeo.session.close()
  await juliet.until(() => last(romeos)?.status === 'offline')
}

async function talk(stage: Stage): Promise<void> {
  const juliet = await stage.enter('juliet')
  const romeo = await stage.enter('romeo')
  const nurse = await stage.enter('nurse')
  await juliet.session.send(romeos, payloadOf(plainText('O Romeo, Romeo! Wherefore art thou … 💔?')))
  await romeo.until(() => romeo.messages.length === 1)
  romeo.session.typing(juliets)
  await juliet.until(() => juliet.typing.length === 1)
  await romeo.session.send(juliets, payloadOf(plainText('Shall I hear more?')))
  await juliet.until(() => juliet.messages.length === 1)
  await juliet.session.send(romeos, payloadOf({ kind: 'nudge' }))
  await romeo.until(() => romeo.messages.length === 2)
  const board = 'the nurse is in it'
  await juliet.session.gather(board, [romeos, nurses])
  await juliet.session.sayOn(board, payloadOf(plainText('Peace, I have done.')))
  await romeo.until(() => romeo.messages.length === 3)
  await nurse.until(() => nurse.messages.length === 1)
  juliet.session.leaveBoard(board)
}

function payloadOf(content: Utterance): Uint8Array {
  const [payload] = writeContent(content, 'en')
  if (!payload) throw new Error('nothing is left to say')
  return payload
}
