// The server under fire, seen from its parent.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Asked, Told } from './server-process.ts'

export class Server {
  readonly #child: ChildProcess
  #ports = { notification: 0, switchboard: 0, web: 0 }
  /** What it did that no server may do. */
  wrong: string | undefined

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'server-process.ts'), { execArgv: ['--expose-gc'] })
    this.#child.on('exit', (code, signal) => {
      this.wrong ??= `the server died: ${code ?? signal}`
    })
    this.#child.on('message', (told: Told) => {
      if (told.tell === 'error') this.wrong ??= `the server logged an error: ${told.message}`
    })
  }

  get ports() {
    return this.#ports
  }

  async up(): Promise<void> {
    this.#ports = await this.#told('up')
  }

  async ask<Kind extends Told['tell']>(asked: Asked, kind: Kind): Promise<Extract<Told, { tell: Kind }>> {
    const answer = this.#told(kind)
    this.#child.send(asked)
    return answer
  }

  stop(): void {
    this.wrong ??= 'stopped'
    this.#child.disconnect()
  }

  async #told<Kind extends Told['tell']>(kind: Kind): Promise<Extract<Told, { tell: Kind }>> {
    for (;;) {
      const [told] = (await once(this.#child, 'message')) as [Told]
      if (told.tell === kind) return told as Extract<Told, { tell: Kind }>
    }
  }
}
