// The play: the same two lives of MSN that Nudge has. Each line is sent at one end and waited for at the other; nothing is shown before it is seen.

import type { MatrixUser, SeenEvent } from '../test/support/matrix-user.ts'
import type { MsnUser } from '../test/support/msn-user.ts'
import type { World } from '../test/support/world.ts'
import { domains, ghostOf } from '../test/support/world.ts'
import { playBeyondWords } from './beyond-words.ts'
import type { Speaker } from './stage.ts'
import { quote, scene, show } from './stage.ts'

/** Romeo's accounts, which outlive the play: a visitor may use them. */
export const romeo = { name: 'romeo', password: 'wherefore-art-thou' } as const
const romeoInVerona = { address: `romeo@${domains.verona}`, password: 'dagger' } as const
export const juliet = { address: `juliet@${domains.msn}`, password: 'capulet' } as const

/** Act one: on our own MSN server, where Matrix users are hosted. */
export async function playHosted(world: World): Promise<void> {
  scene('Hosted: Juliet signs in to our own MSN server, over TCP. Romeo is on Matrix.')
  await world.addAccount(world.nudge, juliet.address, juliet.password)
  const name = 'Juliet Capulet'
  const lady = await world.signIn(world.nudge, juliet.address, juliet.password, { name })
  show('Juliet', 'MSN', 'signs in', `as ${lady.account}, speaking MSNP12`)
  const lover = await world.matrixUser(romeo.name, romeo.password)
  const room = await lover.startChat(ghostOf('msn', lady.account))
  show('Romeo', 'Matrix', 'invites', ghostOf('msn', lady.account))

  const from = await says(lover, room, 'But soft! What light through yonder window breaks?', 'Juliet', lady)
  await answers(lady, from, 'Juliet', 'O Romeo, Romeo! Wherefore art thou Romeo?', lover, room)
  await says(lover, room, 'Shall I hear more, or shall I speak at this? ❤️', 'Juliet', lady)
  const lastWords = 'What’s in a name?'
  await answers(lady, from, 'Juliet', lastWords, lover, room)
  await playBeyondWords({ lover, lady, room, name, romeosAddress: from }, lastWords)
}

/** Act two: on a server out there, where Romeo has an account that he lends to Nudge. */
export async function playLinked(world: World): Promise<void> {
  const { verona } = world
  if (!verona) throw new Error('there is no server out there')
  scene('Linked: “verona” is an MSN server out there. Romeo has an account on it, and Rosaline on his list.')
  const fair = await world.msnUser(verona, `rosaline@${domains.verona}`, 'Fair Rosaline')
  show('Rosaline', 'MSN', 'signs in', `as ${fair.account}`)
  await befriend(world, fair)
  const lover = await world.signedInMatrixUser(romeo.name, romeo.password)
  await linkAccount(lover)

  const ghost = ghostOf('verona', fair.account)
  const room = await lover.startChat(ghost)
  const isNamed = ({ type, state_key, content }: SeenEvent) =>
    type === 'm.room.member' && state_key === ghost && content['displayname'] === 'Fair Rosaline'
  await lover.sees(room, isNamed)
  show('Romeo', 'Matrix', 'meets', `a ghost by its name, Fair Rosaline: ${ghost}`)
  const from = await says(lover, room, 'Good morrow. Is the day so young?', 'Rosaline', fair)
  await answers(fair, from, 'Rosaline', 'But new struck nine.', lover, room)
}

/** Romeo puts Rosaline on his list, with an MSN client of his own, long before he hears of Nudge. */
async function befriend(world: World, friend: MsnUser): Promise<void> {
  const { verona } = world
  if (!verona) throw new Error('there is no server out there')
  await world.addAccount(verona, romeoInVerona.address, romeoInVerona.password)
  const old = await world.signIn(verona, romeoInVerona.address, romeoInVerona.password, { name: 'Romeo' })
  await old.adds(friend.account)
  await old.signsOut()
}

async function linkAccount(lover: MatrixUser): Promise<void> {
  const room = await lover.startChat(`@msnbot:${domains.matrix}`)
  await ask(lover, room, 'login', 'Your account on verona')
  await ask(lover, room, romeoInVerona.address, 'The password of')
  await ask(lover, room, romeoInVerona.password, 'Signed in to verona', '••••••')
}

async function ask(lover: MatrixUser, room: string, text: string, expected: string, shown = text): Promise<void> {
  await lover.says(room, text)
  show('Romeo', 'Matrix', 'tells', `the bot: ${quote(shown)}`)
  const answer = await lover.hears(room, expected)
  show('Bot', 'Matrix', 'says', quote(String(answer.content['body'])))
}

async function says(lover: MatrixUser, room: string, text: string, whom: Speaker, listener: MsnUser): Promise<string> {
  await lover.says(room, text)
  show('Romeo', 'Matrix', 'says', quote(text))
  const heard = await listener.hears(text)
  show(whom, 'MSN', 'sees', `${quote(heard.text)} from ${heard.from}`)
  return heard.from
}

async function answers(speaker: MsnUser, to: string, who: Speaker, text: string, lover: MatrixUser, room: string): Promise<void> {
  await speaker.says(to, text)
  show(who, 'MSN', 'says', `${quote(text)}, and the server ACKs it`)
  const seen = await lover.hears(room, text)
  show('Romeo', 'Matrix', 'sees', `${quote(String(seen.content['body']))} from ${seen.sender}`)
}
