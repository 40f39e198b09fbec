// Pictures in the media repository of the homeserver: each is put there once, however many show it and however often.

import { z } from 'zod'
import type { Picture } from '../core/ghost.ts'
import type { Logger } from '../core/log.ts'
import type { Records } from '../core/stores.ts'
import type { Homeserver } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'

const noun = 'matrix-picture'

/** In bytes. */
const largestPicture = 1024 * 1024

/** What homeservers make small pictures of, and browsers show. */
const shownTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

const pictureRecord = z.object({ uri: z.string().startsWith('mxc://') })
const uploadAnswer = z.object({ content_uri: z.string().startsWith('mxc://').max(1024) })

/** A picture to be shown. The same hash is the same picture. */
export interface Shown {
  readonly hash: string
  /** The bytes, asked for only where the homeserver has not got them; undefined when they cannot be had now. */
  load(): Promise<Picture | undefined>
}

interface Options {
  readonly homeserver: Homeserver
  readonly records: Records
  /** Who uploads. */
  readonly bot: string
  readonly log: Logger
}

/** Knows which pictures the homeserver has. */
export class Pictures {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Where a picture is, `mxc://…`. Undefined when it cannot be shown, or not now. Never throws: nobody's message waits for a picture. */
  async uriOf(picture: Shown): Promise<string | undefined> {
    const { records, log } = this.#options
    const known = pictureRecord.safeParse(await records.get(noun, picture.hash)).data
    if (known) return known.uri
    try {
      const uri = await this.#upload(picture)
      if (uri !== undefined) await records.update(noun, picture.hash, () => ({ uri }))
      return uri
    } catch (error) {
      if (!(error instanceof HomeserverError)) throw error
      log.info(
        { err: error },
        'a picture could not be put into the media repository; it is tried again when its ghost is next shown',
      )
      return undefined
    }
  }

  async #upload({ load }: Shown): Promise<string | undefined> {
    const picture = await load()
    if (!picture || picture.bytes.length > largestPicture || !shownTypes.has(picture.type)) return undefined
    const { homeserver, bot } = this.#options
    const call = { body: Buffer.from(picture.bytes), type: picture.type }
    return (await homeserver.ask(uploadAnswer, bot, 'POST', '/_matrix/media/v3/upload', call)).content_uri
  }
}
