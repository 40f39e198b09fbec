// How we are seen: status, name, personal message, and from MSNP16 on the place where we are (msnp-core.md 3.11, 3.13). Kept over reconnects.

import { writeOwnPlace, writeOwnPlaceDetails } from '../dialect/own-place.ts'
import { writePersonal } from '../dialect/personal.ts'
import { writeChange } from '../dialect/presence.ts'
import { writeOwnName } from '../dialect/settings.ts'
import type { ClientId } from '../model/client-id.ts'
import { clientFlag, plainClient } from '../model/client-id.ts'
import type { StatusCode } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import { friendlyName } from './friendly-name.ts'
import type { NotificationServer } from './notification.ts'

/** What our program can do: messages in pieces are put together again. */
const ourClient: ClientId = { flags: plainClient.flags | clientFlag.chunking }
/** What the account's other places call ours. */
const placeName = 'Nudge'
const firstPersonal = 11
const firstPlaces = 16
/** In characters; no client sends more. */
const longestMessage = 500

export class Self {
  readonly #account: string
  #status: StatusCode = 'NLN'
  #name: string | undefined
  #heardName: string | undefined
  #message: string | undefined

  constructor(account: string, name: string | undefined) {
    this.#account = account
    this.#name = name
  }

  set status(status: StatusCode) {
    this.#status = status
  }

  /** The name that others shall see. */
  set name(name: string) {
    this.#name = name
  }

  /** The name that the server has, which is ours where we were not given another. */
  set heardName(name: string | undefined) {
    this.#heardName = name
  }

  /** The name as it goes over the wire; undefined: nobody ever gave us one. */
  get name(): string | undefined {
    const name = this.#name ?? this.#heardName
    return name === undefined ? undefined : friendlyName(name, this.#account)
  }

  set message(message: string) {
    this.#message = [...message.toWellFormed().replace(/\p{Cc}+/gu, ' ')].slice(0, longestMessage).join('')
  }

  /** Shows the status to those who watch. Rejects with a ClientError. */
  async showStatus(server: NotificationServer): Promise<void> {
    await server.request((trId) => writeChange(server.dialect, trId, { status: this.#status, clientId: ourClient }))
  }

  /** Shows the name. Rejects with a ClientError. */
  async showName(server: NotificationServer): Promise<void> {
    const name = this.name ?? this.#account
    await server.request((trId) => writeOwnName(server.dialect, trId, this.#account, name))
  }

  /** Shows the personal message, where one was set: all places of an account share it, and one that was never set here is not ours to clear. */
  async showMessage(server: NotificationServer): Promise<void> {
    if (this.#message === undefined || server.dialect < firstPersonal) return
    const payload = writePersonal(server.dialect, { message: this.#message })
    await server.request((trId) => writeUux(trId, payload))
  }

  /** Says what the place where we are is. Rejects with a ClientError. */
  async introducePlace(server: NotificationServer): Promise<void> {
    if (server.dialect < firstPlaces) return
    await server.request((trId) => writeUux(trId, writeOwnPlace(ourClient)))
    await this.showPlace(server)
  }

  /** Tells our other places the status of this one. Rejects with a ClientError. */
  async showPlace(server: NotificationServer): Promise<void> {
    if (server.dialect < firstPlaces) return
    await server.request((trId) => writeUux(trId, writeOwnPlaceDetails(placeName, this.#status)))
  }
}

function writeUux(trId: number, payload: Buffer): Command {
  return { verb: 'UUX', trId, args: [], payload }
}
