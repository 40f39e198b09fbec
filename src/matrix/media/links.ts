// src/matrix/media: what was sent on Matrix as a file, for people who have no account there. It owns the links and the server behind them; what a
// file is called in a message is for the content.
// This file: links. One cannot be guessed, ends after a while, and is good only as long as the message stands in its room.
//
// MediaProxy of matrix-appservice-bridge 11.2.0 is not used: it does not wait for the check of its signature, so that anybody can make a link,
// and it limits nothing, sets no header of its own and cannot take a link back.

import { z } from 'zod'
import type { Tickets } from '../../core/stores.ts'
import type { MediaConfig } from './config.ts'
import { fileName } from './file-name.ts'
import { readMxc } from './uri.ts'

const purpose = 'matrix-media'

const sharedMedia = z.object({
  ref: z.string(),
  name: z.string(),
  room: z.string(),
  event: z.string(),
})

/** A file that somebody sent, and in which message. */
export interface SharedMedia {
  /** Its mxc URI. */
  readonly ref: string
  /** As its sender called it. */
  readonly name: string
  readonly room: string
  readonly event: string
}

/** Links that everybody can open. */
export class MediaLinks {
  readonly #config: MediaConfig | undefined
  readonly #tickets: Tickets

  /** Without settings there are no links. */
  constructor(config: MediaConfig | undefined, tickets: Tickets) {
    this.#config = config
    this.#tickets = tickets
  }

  /** A link to a file; undefined where there are none, or none to this. Another each time. */
  async linkTo({ ref, name, room, event }: SharedMedia): Promise<string | undefined> {
    if (!this.#config || !readMxc(ref)) return undefined
    const { url, hours } = this.#config
    const token = await this.#tickets.issue(purpose, { ref, name: fileName(name), room, event }, Math.ceil(hours * 3600))
    // The name at its end is for whoever reads or saves it; only the token counts.
    return `${url}/m/${token}/${encodeURIComponent(fileName(name).replace(/[^A-Za-z0-9._-]+/g, '_'))}`
  }

  /** What a link stands for. */
  async find(token: string): Promise<SharedMedia | undefined> {
    return sharedMedia.safeParse(await this.#tickets.check(purpose, token)).data
  }
}
