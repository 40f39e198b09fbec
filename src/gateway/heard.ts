// What a portal has itself seen of what is said: nothing else is ever quoted in it or changed by it, also when its room was another portal's before.

import type { Reaction, Utterance } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { MessageEvent, RemoteId } from '../core/event.ts'
import type { Messages, Remembered } from '../core/stores.ts'
import { quoteOf } from './gists.ts'
import type { Place } from './portals.ts'

export class Heard {
  readonly #messages: Messages

  constructor({ messages }: { messages: Messages }) {
    this.#messages = messages
  }

  /** What one of the conversations of a portal knows by this id, and has arrived. */
  async find({ portal }: Place, conversation: Conversation, id: RemoteId): Promise<Remembered | undefined> {
    const known = await this.#messages.find(conversation, id)
    const anchor = conversationKey(portal.anchor)
    const ends = known ? [known.sent.conversation, known.origin?.conversation] : []
    return ends.some((end) => end && conversationKey(end) === anchor) ? known : undefined
  }

  /** Something said, with the beginning of what it answers. Without, where the portal has not seen that. */
  async quoting({ conversation, content, about }: MessageEvent, place: Place): Promise<Utterance> {
    if (content.kind === 'reaction') return this.#reacting(content, conversation, place)
    if (!about || (content.kind !== 'text' && content.kind !== 'action' && content.kind !== 'media')) return content
    const gist = (await this.find(place, conversation, about.id))?.gist
    return gist ? { ...content, about: quoteOf(gist, about.how) } : content
  }

  async #reacting(content: Reaction, conversation: Conversation, place: Place): Promise<Reaction> {
    const gist = (await this.find(place, conversation, content.of))?.gist
    return gist ? { ...content, about: quoteOf(gist, 'answer') } : content
  }
}
