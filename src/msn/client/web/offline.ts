// Messages that were left: those that wait for us (RSI), and those that we leave for others (OimWS) (msnp-services.md A16).

import type { Secret } from '../../../core/secret.ts'
import { newAnswer, productKey } from '../../model/challenge.ts'
import { type BoxCall, boxAction, readDeleted, readMessage, readMetadata, writeBoxRequest } from '../../soap/oim-box.ts'
import { readOimMail } from '../../soap/oim-mail.ts'
import { readStoreAnswer, type StoreAnswer, storeAction, writeStore } from '../../soap/oim-store.ts'
import { ClientError } from '../errors.ts'
import type { OfflineBox, OfflineMail, OfflineNote, OfflineText } from '../web-ports.ts'
import type { WebAnswer, WebCall } from './call.ts'
import type { WebTokens } from './tokens.ts'

export interface WebOfflineBoxOptions {
  readonly account: string
  /** RSI; absent: nothing can be fetched. */
  readonly read?: string | undefined
  /** OimWS; absent: nothing can be left. */
  readonly send?: string | undefined
  readonly tokens: WebTokens
  readonly call: WebCall
}

interface Leaving extends OfflineText {
  readonly ticket: Secret
}

/** What libpurple says it is: the server's question is answered for it. */
const productId = 'PROD0119GSJUC$18'
const product = { id: productId, key: productKey(productId) ?? '' }
const version = 'Store2'
/** In characters; the official service took no more of a name. */
const longestName = 48

export class WebOfflineBox implements OfflineBox {
  readonly #options: WebOfflineBoxOptions
  /** The answer to the server's last question; good until it asks another. */
  #lockKey = ''

  constructor(options: WebOfflineBoxOptions) {
    this.#options = options
  }

  async list(): Promise<readonly OfflineNote[]> {
    const waiting = await this.#ask({ operation: 'GetMetadata' }, readMetadata)
    return waiting.map(({ id, from, fromName, at }) => ({ id, from, fromName, sentAt: at }))
  }

  async get(id: string): Promise<OfflineMail> {
    const { name, from, ...mail } = readOimMail(await this.#ask({ operation: 'GetMessage', id }, readMessage))
    return { ...mail, id, from: from ?? (await this.#senderOf(id)), ...(name !== undefined && { fromName: name }) }
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#ask({ operation: 'DeleteMessages', ids }, (xml) => readDeleted(xml) || undefined)
  }

  async store(message: OfflineText): Promise<void> {
    const { tokens } = this.#options
    const answer = await tokens.use('messengersecure.live.com', (ticket) => this.#leave({ ...message, ticket }))
    if (answer.kind === 'stored') return
    const code = answer.kind === 'refused' ? answer.code : 'AuthenticationFailed'
    if (code === 'SystemUnavailable')
      throw new ClientError('contact-offline', 'the server does not keep messages for this contact')
    if (code === 'SenderThrottleLimitExceeded') throw new ClientError('throttled', 'the server wants messages to be left slower')
    throw new ClientError('server-error', 'the server did not take a message for somebody who is offline')
  }

  /** Asks once more when the server has a question first. */
  async #leave(message: Leaving): Promise<StoreAnswer | 'stale'> {
    const first = await this.#post(message)
    if (first.kind !== 'challenge') return first
    const known = this.#lockKey
    if (first.lockKey !== undefined) this.#lockKey = newAnswer(first.lockKey, product)
    const second = this.#lockKey === known ? first : await this.#post(message)
    return second.kind === 'challenge' && second.renew ? 'stale' : second
  }

  async #post({ to, name, text, runId, sequence, ticket }: Leaving): Promise<StoreAnswer> {
    const { account, send } = this.#options
    if (send === undefined) throw new ClientError('contact-offline', 'the network has no place to leave messages')
    const fromName = [...name].slice(0, longestName).join('')
    const lock = { ticket, product: product.id, lockKey: this.#lockKey }
    const body = writeStore({ version, from: account, fromName, to, runId, sequence, text, ...lock })
    const { status, text: said } = await this.#call(send, storeAction(version), body)
    const answer = readStoreAnswer(said)
    if (!answer) throw new ClientError('server-error', `the service for offline messages gave no answer (status ${status})`)
    return answer
  }

  /** A ticket that is over is refused in the same words as anything else: every refusal is tried once more with a fresh one. */
  async #ask<Result>(boxCall: BoxCall, read: (xml: string) => Result | undefined): Promise<Result> {
    const { read: place, tokens } = this.#options
    if (place === undefined) throw new ClientError('server-error', 'the network has no place to fetch messages from')
    const { result } = await tokens.use('messenger.msn.com', async (ticket) => {
      const { text } = await this.#call(place, boxAction(boxCall), writeBoxRequest({ call: boxCall, ticket }))
      const result = read(text)
      return result === undefined ? 'stale' : { result }
    })
    return result
  }

  #call(url: string, action: string, body: string): Promise<WebAnswer> {
    const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${action}"` }
    return this.#options.call({ method: 'POST', url, headers, body, follows: true, reads: true })
  }

  /** For a mail that does not say. */
  async #senderOf(id: string): Promise<string> {
    const note = (await this.list()).find((each) => each.id === id)
    if (!note) throw new ClientError('server-error', 'a message was left by nobody')
    return note.from
  }
}
