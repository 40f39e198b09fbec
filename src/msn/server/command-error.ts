// An error reply that carries its decision: whether the connection goes on (style.md 1.10).

/** The client asked for something that it cannot have: answered with `code` and the command's TrID. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** One of wire/errors.ts. */
  readonly code: number
  readonly hangUp: boolean

  constructor(code: number, options: { hangUp?: boolean } = {}) {
    super(`error reply ${code}`)
    this.code = code
    this.hangUp = options.hangUp ?? false
  }
}

/** The client broke a rule for which there is no error reply: it is closed without a word. The message is for the log and quotes nothing. */
export class HangUp extends Error {
  override readonly name = 'HangUp'
}
