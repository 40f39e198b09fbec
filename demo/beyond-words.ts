// What else goes over: an answer, a nudge, a picture, and where the chat stands in Romeo's client.

import type { MatrixUser } from '../test/support/matrix-user.ts'
import type { MsnUser } from '../test/support/msn-user.ts'
import { domains } from '../test/support/world.ts'
import { quote, scene, show } from './stage.ts'

/** A chat that has begun. `romeosAddress` is his on MSN. */
export interface Chat {
  readonly lover: MatrixUser
  readonly lady: MsnUser
  readonly room: string
  /** What Juliet is called. */
  readonly name: string
  readonly romeosAddress: string
}

/** A rose in one pixel (PNG). */
const rose = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** An interlude, in a chat in which Juliet has said this last. */
export async function playBeyondWords(chat: Chat, lastWords: string): Promise<void> {
  scene('Beyond words, in the same chat.')
  await answer(chat, lastWords, 'That which we call a rose, by any other word would smell as sweet.')
  await nudge(chat)
  await picture(chat)
  await space(chat)
}

async function answer({ lover, lady, room }: Chat, before: string, text: string): Promise<void> {
  const { event_id } = await lover.hears(room, before)
  await lover.says(room, { msgtype: 'm.text', body: text, 'm.relates_to': { 'm.in_reply_to': { event_id } } })
  show('Romeo', 'Matrix', 'answers', `${quote(before)} with ${quote(text)}`)
  const [above = '', ...words] = (await lady.hears(text)).raw.split('\r\n')
  show('Juliet', 'MSN', 'sees', `${quote(above)}, and below it ${quote(words.join(' '))}`)
}

async function nudge({ lover, lady, room, romeosAddress }: Chat): Promise<void> {
  await lady.sends(romeosAddress, [['Content-Type', 'text/x-msnmsgr-datacast']], 'ID: 1\r\n\r\n')
  show('Juliet', 'MSN', 'sends', 'a nudge')
  const isForRomeo = (mentions: unknown) => JSON.stringify(mentions ?? {}).includes(lover.userId)
  const seen = await lover.sees(room, ({ content }) => content['msgtype'] === 'm.emote' && isForRomeo(content['m.mentions']))
  show('Romeo', 'Matrix', 'is woken', `by ${quote(String(seen.content['body']))} from ${seen.sender}`)
}

async function picture({ lover, lady, room }: Chat): Promise<void> {
  const name = 'rose.png'
  const url = await lover.uploads(new Uint8Array(rose), 'image/png')
  await lover.says(room, { msgtype: 'm.image', body: name, url, info: { mimetype: 'image/png', size: rose.length } })
  show('Romeo', 'Matrix', 'sends', `a picture, ${name}`)
  const { text } = await lady.hears(name)
  show('Juliet', 'MSN', 'sees', quote(text))
  const file = await fetch(text.slice(text.indexOf('http')))
  const bytes = Buffer.from(await file.arrayBuffer())
  if (!bytes.equals(rose)) throw new Error(`the link gave ${file.status} and not the picture`)
  show('Juliet', 'browser', 'gets', `${bytes.length} bytes behind that link, the same that he sent`)
}

async function space({ lover, room, name }: Chat): Promise<void> {
  const found = await lover.isInvitedBy(`@msnbot:${domains.matrix}`)
  await lover.join(found)
  await lover.sees(found, ({ type, state_key }) => type === 'm.space.child' && state_key === room)
  await lover.sees(room, ({ type, content }) => type === 'm.room.name' && content['name'] === name)
  const [itself, ...chats] = await lover.hierarchy(found)
  const names = chats.map((chat) => chat.name ?? '').join(', ')
  show('Romeo', 'Matrix', 'finds', `his chats in a Space: ${itself?.name ?? ''} › ${names}`)
}
