// A web server on loopback that says what a test tells it to, also what no good server says.

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Reply = (asked: Asked, response: ServerResponse) => void

export class WebServer {
  /** What it was asked, in order. */
  readonly asked: Asked[] = []
  readonly #server: Server
  #waiting: (() => void)[] = []

  constructor(reply: Reply) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { method = '', url: path = '', headers } = request
      const asked = { method, path, headers, body: Buffer.concat(chunks).toString() }
      this.asked.push(asked)
      for (const wake of this.#waiting.splice(0)) wake()
      reply(asked, response)
    })
  }

  /** Its address, such as `http://127.0.0.1:40000`. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resolves when it was asked so often. */
  async wasAsked(times: number): Promise<void> {
    while (this.asked.length < times) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
