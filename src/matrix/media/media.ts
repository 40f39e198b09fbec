// Links to files, with the server that they lead to.

import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { StartError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Tickets } from '../../core/stores.ts'
import { say } from '../../core/words.ts'
import type { Chats } from '../chats.ts'
import type { Homeserver } from '../homeserver.ts'
import type { MediaConfig } from './config.ts'
import { Files } from './files.ts'
import { MediaLinks } from './links.ts'
import { makeMediaSite } from './site.ts'
import { stands } from './standing.ts'

const mebibyte = 1024 * 1024

interface Options {
  readonly config: MediaConfig | undefined
  readonly tickets: Tickets
  readonly homeserver: Homeserver
  readonly chats: Chats
  readonly bot: string
  readonly clock: Clock
  readonly log: Logger
}

export class Media {
  readonly links: MediaLinks
  readonly #config: MediaConfig | undefined
  readonly #site: FastifyInstance | undefined

  /** Without settings there are no links, and no server. */
  constructor({ config, tickets, clock, log, ...parts }: Options) {
    this.#config = config
    this.links = new MediaLinks(config, tickets)
    if (!config) return
    const files = new Files(parts.homeserver, config.largest * mebibyte)
    this.#site = makeMediaSite({ config, links: this.links, files, stands: (media) => stands(media, parts), clock, log })
  }

  /** Begins to listen, where there is something to give. Throws a StartError when the port is taken. */
  async start(): Promise<void> {
    if (!this.#config) return
    const { host, port } = this.#config.listen
    await this.#site?.listen({ host, port }).catch((error: Error) => {
      throw new StartError(say({ key: 'file.cannot-listen', params: { detail: error.message } }), { cause: error })
    })
  }

  async stop(): Promise<void> {
    await this.#site?.close()
  }
}
