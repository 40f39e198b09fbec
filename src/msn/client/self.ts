// How we are seen: status, name, personal message, and from MSNP16 on the place where we are (msnp-core.md 3.11, 3.13). Kept over reconnects.

import { writeOwnPlace, writeOwnPlaceDetails } from '../dialect/own-place.ts'
import { writePersonal } from '../dialect/personal.ts'
import { writeChange } from '../dialect/presence.ts'
import { writeOwnName } from '../dialect/settings.ts'
import type { ClientId } from '../model/client-id.ts'
import { clientFlag, plainClient } from '../model/client-id.ts'
import { endpointId } from '../model/endpoint.ts'
import type { StatusCode } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import { friendlyName } from './friendly-name.ts'
import type { OwnPlace, OwnSight } from './lookout.ts'
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
  readonly #place: string | undefined
  /** The status that the user asked for here; undefined: none. */
  #asked: StatusCode | undefined
  /** How all our places are seen, and the picture, as the server told. */
  #shared: { readonly status: StatusCode; readonly object?: string } | undefined
  /** `shown`: we have said how we are seen, and do not know yet whether there are other places. */
  #stage: 'new' | 'shown' | 'settled' = 'new'
  #name: string | undefined
  #heardName: string | undefined
  #message: string | undefined

  /** `place` is the GUID of the place where we are. */
  constructor(account: string, place: string, name: string | undefined) {
    this.#account = account
    this.#place = endpointId(place)
    this.#name = name
  }

  /** The status that the user wants. */
  set status(status: StatusCode) {
    this.#asked = status
  }

  /** All places of an account share one status: where the user asked for none here, it is that of the others. Alone we are online. */
  get status(): StatusCode {
    return this.#asked ?? this.#shared?.status ?? 'NLN'
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

  /**
   * The server tells how we are seen. Ours and those of old tell a new place of the others at once; others only after it has said how it is seen
   * itself. Then, and once, gives true: the status is to be shown again, so that the user is seen as before.
   */
  hear(sight: OwnSight): boolean {
    if ('status' in sight) {
      this.#shared = sight
      return false
    }
    const elsewhere = this.#statusIn(sight.places)
    const isLate = this.#stage === 'shown'
    if (isLate) this.#stage = 'settled'
    if (elsewhere === undefined || (!isLate && this.#shared !== undefined)) return false
    const isOther = elsewhere !== this.status
    this.#shared = { ...this.#shared, status: elsewhere }
    return isLate && isOther
  }

  /** The server changed our status. Where the user asked for one it is that no more. */
  force(status: StatusCode): void {
    this.#asked = this.#asked && status
    this.#shared = { ...this.#shared, status }
  }

  /** A new connection: who else uses the account is not known yet. */
  forget(): void {
    this.#shared = undefined
    this.#stage = 'new'
  }

  /** Shows the status to those who watch; a picture that the server showed for us stays. Rejects with a ClientError. */
  async showStatus(server: NotificationServer): Promise<void> {
    const { status } = this
    const isAlone = this.#asked === undefined && this.#shared === undefined
    if (this.#stage === 'new') this.#stage = isAlone ? 'shown' : 'settled'
    const object = this.#shared?.object
    const change = { status, clientId: ourClient, ...(object !== undefined && { object }) }
    await server.request((trId) => writeChange(server.dialect, trId, change))
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
  }

  /** Tells our other places the status of this one. Rejects with a ClientError. */
  async showPlace(server: NotificationServer): Promise<void> {
    if (server.dialect < firstPlaces) return
    await server.request((trId) => writeUux(trId, writeOwnPlaceDetails(placeName, this.status)))
  }

  /** FLN is nothing that one can ask for. */
  #statusIn(places: readonly OwnPlace[]): StatusCode | undefined {
    const others = places.filter(({ id }) => id !== this.#place)
    return others.map(({ details }) => details.status).find((status) => status !== undefined && status !== 'FLN')
  }
}

function writeUux(trId: number, payload: Buffer): Command {
  return { verb: 'UUX', trId, args: [], payload }
}
