// A long text is several messages on MSN: said one after another, and after a failure from the one that failed.

import type { Utterance } from '../core/content.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import { Absent, ContentRefused } from '../core/errors.ts'
import { writeContent } from './content.ts'

/** A way to say something: to one contact, or in a chat of several. */
export interface Talk {
  say(piece: Uint8Array): Promise<'said' | 'stored'>
  /** What it means that it failed. */
  setback(error: unknown): DeliveryError
}

export class InPieces {
  /** How many pieces of a text have arrived, while the rest has not. */
  readonly #sent = new Map<DeliveryId, number>()

  /** Gives whether any of it is kept for its recipient. Throws a DeliveryError. */
  async say(id: DeliveryId, content: Utterance, talk: Talk): Promise<boolean> {
    // Clients that take files themselves are to come; until then there is nothing of it without a link.
    if (content.kind === 'media' && content.link === undefined) throw new ContentRefused({ key: 'msn.no-link' })
    const pieces = writeContent(content, 'en')
    if (pieces.length === 0) throw new ContentRefused({ key: 'msn.nothing-to-show' })
    let kept = false
    try {
      for (const [index, piece] of pieces.entries()) {
        if (index < (this.#sent.get(id) ?? 0)) continue
        kept = (await talk.say(piece)) === 'stored' || kept
        // When a piece fails, the next try goes on there instead of repeating the others.
        if (index + 1 < pieces.length) this.#sent.set(id, index + 1)
      }
    } catch (error) {
      const setback = this.#begun(id, talk.setback(error))
      if (setback.fate === 'fail') this.#sent.delete(id)
      throw setback
    }
    this.#sent.delete(id)
    return kept
  }

  /** Whoever went away in the middle of a text has the beginning of it. */
  #begun(id: DeliveryId, setback: DeliveryError): DeliveryError {
    if (!(setback instanceof Absent) || !this.#sent.has(id)) return setback
    return new Absent(setback.until, setback.phrase, { cause: setback.cause, isBegun: true })
  }
}
