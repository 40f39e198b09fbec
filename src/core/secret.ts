// A password, ticket or token. It can be used, and by no accident printed.

const mask = '•••'

/** Text that shows itself only to a caller who asks with `reveal()`; printed, logged or turned into JSON it is `•••`. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself: only for the wire, for a digest, or for sealing. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return mask
  }

  toJSON(): string {
    return mask
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return mask
  }
}
