// What is said. Converted twice, each time by the network that owns the format.

import type { Address } from './address.ts'
import type { RemoteId } from './event.ts'
import type { Phrase } from './words.ts'

/** How a stretch of text looks. Absent means plain. */
export interface Style {
  readonly bold?: true
  readonly italic?: true
  readonly underline?: true
  readonly strike?: true
  /** Text as a machine would print it. */
  readonly code?: true
  /** `rrggbb`, six small hex digits. */
  readonly color?: string
  /** The font's name; only what the sender chose. */
  readonly font?: string
  /** Where a link leads. */
  readonly link?: string
}

/** Text in one style. Line breaks are `\n`. */
export interface Run {
  readonly text: string
  readonly style?: Style
}

/** What something said is about: the beginning of something said earlier in the same portal, as the gateway remembers it. */
export interface Quote {
  /** Who said it, as its reader knows them; absent: whoever we speak as. */
  readonly from?: string
  /** Its first line. */
  readonly line: string
  /** Whether it is answered, or only the beginning of the thread in which this is said. */
  readonly how: 'answer' | 'thread'
}

/** Something written. */
export interface Text {
  readonly kind: 'text'
  readonly runs: readonly Run[]
  readonly rightToLeft?: true
  readonly about?: Quote
}

/** "* Romeo sighs": something that the sender does. */
export interface Action {
  readonly kind: 'action'
  readonly runs: readonly Run[]
  readonly about?: Quote
}

/** A picture, a sound, a film, any file: not the bytes, but where they are. */
export interface Media {
  readonly kind: 'media'
  readonly what: 'image' | 'video' | 'audio' | 'voice' | 'sticker' | 'file'
  readonly name: string
  /** As its sender says: `image/png`. */
  readonly type?: string
  /** In bytes, as its sender says. */
  readonly size?: number
  /** What the network that has the bytes calls them. */
  readonly ref: string
  /** Where anybody can fetch them for a while, without an account. */
  readonly link?: string
  /** What is said along with it. */
  readonly caption?: readonly Run[]
  readonly about?: Quote
}

/** A smiley put to something said earlier. `of` is as the network calls it on which it was put. */
export interface Reaction {
  readonly kind: 'reaction'
  readonly of: RemoteId
  readonly emoji: string
  readonly about?: Quote
}

/** Something said earlier, said anew. `of` is as the network calls it on which it was changed. */
export interface Edit {
  readonly kind: 'edit'
  readonly of: RemoteId
  readonly content: Text | Action
}

/** "Are you there?", without words. */
export interface Nudge {
  readonly kind: 'nudge'
}

/** Something that the gateway itself says; rendered in the reader's language where it is shown. */
export interface Notice {
  readonly kind: 'notice'
  readonly phrase: Phrase
}

/** What became of a message: shown to its sender. */
export interface Outcome {
  readonly kind: 'outcome'
  readonly of: RemoteId
  /** kept: the far side keeps it until its recipient returns. missed: not everybody in a chat of several got it. delivered: after all. cancelled: by its sender. */
  readonly state: 'waiting' | 'kept' | 'missed' | 'failed' | 'delivered' | 'cancelled'
  readonly phrase: Phrase
  /** What was told of it before, which this takes the place of. */
  readonly instead?: RemoteId
}

/** Something that people read. */
export type Utterance = Text | Action | Media | Reaction | Edit | Nudge | Notice | Outcome

/**
 * Somebody came into a chat of several or left it; nobody reads that, it happens. `invited`: whoever we speak as asks them to come.
 * `who` is as the network knows them to which it goes: our own chair or ghost, or somebody of its own.
 */
export interface Attendance {
  readonly kind: 'attendance'
  readonly change: 'came' | 'left' | 'invited'
  readonly who: Address
}

export type Content = Utterance | Attendance

/** Text in no particular style. */
export function plainText(text: string): Text {
  return { kind: 'text', runs: [{ text }] }
}

/** The words of a text or an action without their looks. */
export function wordsOf(content: Text | Action): string {
  return content.runs.map((run) => run.text).join('')
}
