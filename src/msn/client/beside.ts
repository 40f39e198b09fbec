// What is said past the boards, by the notification server itself: UBM (msnp-core.md 3.14). In this way people of other networks write, who are on
// no board.

import type { Logger } from '../../core/log.ts'
import type { Timers } from '../../core/timers.ts'
import { readHeardBeside, writeSaidBeside } from '../dialect/notes.ts'
import type { Command } from '../wire/command.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { mediaTypeOf, parseMime } from '../wire/mime.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import { Inbox } from './inbox.ts'
import type { NotificationServer } from './notification.ts'
import type { Said } from './switchboard.ts'
import { within } from './timers.ts'

export interface BesideOptions {
  readonly server: NotificationServer
  readonly account: string
  readonly timers: Timers
  readonly log: Logger
  /** The name of somebody, as our list has it. */
  readonly nameOf: (handle: string) => string
  /** Resolves once it is safe. */
  readonly said: (said: Said) => Promise<void>
  readonly typing: (who: string) => void
}

/** The kinds of things that are said past the boards, by media type. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['text/plain', '1'],
  ['text/x-msmsgscontrol', '2'],
  ['text/x-msnmsgr-datacast', '3'],
])

/** In milliseconds. */
const farewell = 8000
/** The first dialect in which one can write to other networks. */
const firstBeside = 14

export class Beside {
  readonly #options: BesideOptions
  readonly #inbox: Inbox
  #isFull = false

  constructor(options: BesideOptions) {
    this.#options = options
    const { timers, log } = options
    const lost = (cause: unknown) =>
      log.error({ cause: String(cause) }, 'msn: a message that was received could not be stored and is lost')
    this.#inbox = new Inbox(timers, false, {
      full: () => {
        this.#isFull = true
      },
      roomy: () => {
        this.#isFull = false
      },
      answer: () => {},
      lost,
    })
  }

  /** Says something to somebody of another network. Resolves when the server took it. Rejects with a ClientError, `contact-offline` where that is not done. */
  async say(handle: string, network: number, payload: Uint8Array): Promise<void> {
    const { server } = this.#options
    const type = kinds.get(mediaTypeOf(parseMime(payload).headers))
    if (server.dialect < firstBeside || type === undefined)
      throw new ClientError('contact-offline', 'this cannot be said to somebody of another network')
    await server.say((trId) => writeSaidBeside(trId, { handle, network, type }, payload))
  }

  /** UBM. The server cannot be asked to wait: when too much waits to be stored, what comes is lost. */
  hear(command: Command): void {
    const heard = readHeardBeside(command)
    if (!heard || !command.payload) return
    const { account, typing } = this.#options
    const message = parseMime(command.payload)
    const own = keyOf(heard.handle) === keyOf(account)
    if (heard.type === '2' || mediaTypeOf(message.headers) === 'text/x-msmsgscontrol') {
      if (!own) typing(heard.handle)
      return
    }
    const peer = own ? heard.to : heard.handle
    if (peer !== undefined) this.#take(heard.handle, peer, own, message)
  }

  /** Resolves when everything heard here is safe, or known not to be, or after 8 s. */
  end(): Promise<void> {
    return within(this.#options.timers, farewell, this.#inbox.drained())
  }

  #take(from: string, peer: string, own: boolean, message: MimeMessage): void {
    const { log, nameOf, said } = this.#options
    if (this.#isFull) {
      log.error({ from }, 'msn: too much waits to be stored; a message is lost')
      return
    }
    const whole: Said = { from, fromName: nameOf(from), message, participants: [peer], chat: { peer }, own }
    this.#inbox.add(message.body.length, undefined, () => said(whole))
  }
}
