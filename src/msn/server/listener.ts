// A TCP port that clients dial. Every connection becomes a stream for somebody else; nothing that happens on one ends the others.

import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '../../core/log.ts'

/** Probes begin after so many milliseconds of silence: old clients never ping, and a cable that was pulled says nothing. */
const keepAliveDelay = 60_000

export class Listener {
  readonly #server: Server

  constructor(accept: (socket: Socket) => void, log: Logger) {
    this.#server = createServer({ keepAlive: true, keepAliveInitialDelay: keepAliveDelay, noDelay: true }, accept)
    this.#server.on('error', (err) => log.error({ err }, 'msn server: a port does not accept connections'))
  }

  /** Listens; 0 takes any free port. Gives the port. Rejects when it is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('a listening server has no address')
    return address.port
  }

  /** Accepts nobody any more. Resolves when all connections are over. */
  async close(): Promise<void> {
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
