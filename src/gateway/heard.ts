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
  async find(place: Place, conversation: Conversation, id: RemoteId): Promise<Remembered | undefined> {
    const known = await this.#messages.find(conversation, id)
    return known && belongsTo(place, known) ? known : undefined
  }

  /**
   * Something said, with the beginning of what it answers; without, where the portal has not seen that. Undefined for a smiley put to what our bot
   * told: that is nobody else's business.
   */
  async quoting({ conversation, content, about }: MessageEvent, place: Place): Promise<Utterance | undefined> {
    if (content.kind === 'reaction') return this.#reacting(content, conversation, place)
    if (!about || (content.kind !== 'text' && content.kind !== 'action' && content.kind !== 'media')) return content
    const gist = (await this.find(place, conversation, about.id))?.gist
    return gist ? { ...content, about: quoteOf(gist, about.how) } : content
  }

  async #reacting(content: Reaction, conversation: Conversation, place: Place): Promise<Reaction | undefined> {
    const known = await this.#messages.find(conversation, content.of)
    if (known && !known.origin) return undefined
    const gist = known && belongsTo(place, known) ? known.gist : undefined
    return gist ? { ...content, about: quoteOf(gist, 'answer') } : content
  }
}

function belongsTo({ portal }: Place, { sent, origin }: Remembered): boolean {
  const anchor = conversationKey(portal.anchor)
  return [sent, origin].some((end) => end !== undefined && conversationKey(end.conversation) === anchor)
}
