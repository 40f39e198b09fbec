// Romeo at home and Juliet on our own MSN, who already have a portal, for tests of what becomes of what they say.

import type { Utterance } from '../../src/core/content.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import { Absent } from '../../src/core/errors.ts'
import type { MessageEvent, RedactionEvent, RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

export const offline = { key: 'delivery.contact-offline', params: { name: 'Juliet' } } as const

let count = 0

/** What arrived at a network as words, and what else by its kind. */
export function heard({ delivered }: FakeNetwork): string[] {
  return delivered.map(({ content }) => (content.kind === 'text' || content.kind === 'action' ? wordsOf(content) : content.kind))
}

/** What the bot told of messages at home: of which, what, in which words, and in the place of what. */
export function outcomes({ delivered }: FakeNetwork) {
  return delivered.flatMap(({ content }) =>
    content.kind === 'outcome'
      ? [{ of: content.of, state: content.state, key: content.phrase.key, ...(content.instead && { instead: content.instead }) }]
      : [],
  )
}

export async function scene(options: { reactions?: boolean } = {}) {
  const world = await fakeGateway(options)
  const { home, hosted } = world
  const room = { network: home.id, id: 'r' }
  const juliet = hosted.person('juliet@example.com')
  const chat = { network: hosted.id, id: juliet.id, as: hosted.person('ghost:matrix:romeo') }
  await home.tell({ kind: 'conversation', change: 'opened', conversation: room, by: home.person('romeo'), with: juliet })

  /** Somebody in Romeo's room says something; gives its id. */
  async function romeoSays(content: Utterance | string, more: Partial<MessageEvent> = {}): Promise<RemoteId> {
    const id = `$${count++}` as RemoteId
    const said = typeof content === 'string' ? plainText(content) : content
    await home.tell({ kind: 'message', id, conversation: room, from: home.person('romeo'), content: said, sentAt: 1, ...more })
    return more.id ?? id
  }

  return {
    ...world,
    room,
    juliet,
    chat,
    romeoSays,
    /** Juliet says something, and it arrives; gives its id in Romeo's room. */
    async julietSays(text: string, conversation = chat): Promise<RemoteId> {
      const event = { kind: 'message', id: `j${count++}` as RemoteId, conversation, from: juliet, fromName: 'Juliet' } as const
      await hosted.tell({ ...event, content: plainText(text), sentAt: 1 })
      const [delivery] = (await world.settle()).slice(-1)
      return `sent-${delivery?.id}` as RemoteId
    },
    /** Romeo says something anew. */
    romeoChanges(of: RemoteId, text: string, more: Partial<MessageEvent> = {}): Promise<RemoteId> {
      return romeoSays({ kind: 'edit', of, content: plainText(text) }, more)
    },
    /** Romeo takes something back. */
    async romeoTakesBack(of: RemoteId): Promise<void> {
      const event: RedactionEvent = {
        kind: 'redaction',
        id: `$${count++}` as RemoteId,
        conversation: room,
        of,
        by: home.person('romeo'),
      }
      await home.tell(event)
      await world.settle()
    },
    /** Whoever is written to next is away. */
    julietIsAway(times = 1): void {
      for (let time = 0; time < times; time++) hosted.refusals.push(new Absent(juliet, offline))
    },
  }
}
