// What can go wrong for a client, each with a code that does not change.

/**
 * - `not-signed-in`: the session is not online.
 * - `connection-lost`: the connection broke or the server fell silent; `sent` says whether the message may have arrived.
 * - `contact-offline`: the contact is offline, hidden, unknown, or does not want to hear from us.
 * - `no-such-contact`: the server knows no such account, so it cannot be on a list.
 * - `not-delivered`: the server says that the message did not arrive (NAK), or the chat of several is over.
 * - `throttled`: the server wants us to be slower.
 * - `refused`: the server does not let this account in.
 * - `no-common-dialect`: the server speaks none of the dialects that we offer.
 * - `server-error`: the server answered with some other error.
 */
export type ClientErrorCode =
  | 'not-signed-in'
  | 'connection-lost'
  | 'contact-offline'
  | 'no-such-contact'
  | 'not-delivered'
  | 'throttled'
  | 'refused'
  | 'no-common-dialect'
  | 'server-error'

/** Something that the client was asked for did not happen. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** True when bytes of the message may have reached the server, so that sending again may repeat it. */
  readonly sent: boolean
  /** The number of the server's error, where there was one. */
  readonly number: number | undefined

  constructor(code: ClientErrorCode, detail: string, options: ErrorOptions & { sent?: boolean; number?: number } = {}) {
    super(detail, options)
    this.code = code
    this.sent = options.sent ?? false
    this.number = options.number
  }
}

/** What a handler rejects a message with that it will not take, however often it is offered. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused'
}

/** The server asks for patience: msnp-core.md 1.7 and 3.19. */
const throttling: ReadonlySet<number> = new Set([280, 281, 712, 713, 800])

/** The account is not let in, and trying again will not change that: msnp-core.md 1.7. */
const refusals: ReadonlySet<number> = new Set([911, 917, 923, 924, 926, 927, 928])

/** Nobody there to talk to: msnp-core.md 4.3; 216 is the old form of 217 and 205 that of 208. */
const absences: ReadonlySet<number> = new Set([205, 208, 216, 217])

/** What UUM is answered with when nothing more is kept for somebody, or nothing at all: msnp-core.md 1.7. */
const unkept: ReadonlySet<number> = new Set([...absences, 210])

/** What ADD and ADC are answered with when there is no such account: msnp-core.md 1.7. */
const strangers: ReadonlySet<number> = new Set([205, 208])

/** The error that a numeric reply of the server stands for. `asked` is the verb that it answers. */
export function errorReply(number: number, asked: string): ClientError {
  const detail = `the server answered ${asked} with error ${number}`
  if (throttling.has(number)) return new ClientError('throttled', detail, { number })
  if (asked === 'USR' && refusals.has(number)) return new ClientError('refused', detail, { number })
  if (asked === 'CAL' && absences.has(number)) return new ClientError('contact-offline', detail, { number })
  if (asked === 'UUM' && unkept.has(number)) return new ClientError('contact-offline', detail, { number })
  if ((asked === 'ADC' || asked === 'ADD') && strangers.has(number)) return new ClientError('no-such-contact', detail, { number })
  return new ClientError('server-error', detail, { number })
}
