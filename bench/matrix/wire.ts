// What the bench and its bare application service say to each other, and how a message shows which one it is.

/** A room, and who speaks in it. */
export interface Lane {
  readonly room: string
  readonly as: string
}

/** So many messages in each lane, one after another there, all lanes at the same time. */
export interface Task {
  readonly lanes: readonly Lane[]
  readonly each: number
  /** The number of the first: no message of a bench has the number of another. */
  readonly first: number
}

/** When something happened, in milliseconds since 1970, and to which message of which lane. */
export type Moment = readonly [lane: number, message: number, at: number]

/** The bare application service itself, or the witness: an application service that is told of what is said in every room, bridged or not. */
export type Ear = 'bare' | 'witness'

export type Said =
  | { readonly listening: true }
  | { readonly sent: readonly Moment[] }
  | { readonly seen: readonly Moment[]; readonly by: Ear }

const mark = /#(\d+)-(\d+)#/g

/** A text of about 120 characters that shows which message it is. */
export function textOf(lane: number, message: number): string {
  return `But, soft! what light through yonder window breaks? It is the east, and Juliet is the sun. Arise, fair sun #${lane}-${message}#`
}

/** Every message that a text shows, in order. */
export function marksIn(text: string): [lane: number, message: number][] {
  return [...text.matchAll(mark)].map(([, lane, message]) => [Number(lane), Number(message)])
}

/** In milliseconds since 1970, with fractions: the clocks of all processes are the same. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
