// A connection over the HTTP gateway as an old client makes it: one request at a time, commands as they come, polls in between. It keeps to what the
// answers say: the next id, and the end.

import { Duplex } from 'node:stream'

export class PollingLine extends Duplex {
  /** What stood in `X-MSN-Messenger`, in order. */
  readonly standings: string[] = []
  readonly #gateway: string
  readonly #server: 'NS' | 'SB'
  #session: string | undefined
  #isOver = false
  #said: { readonly bytes: Buffer; readonly done: () => void }[] = []

  /** `gateway` is the whole address of gateway.dll. Nothing is asked before something is written. */
  constructor(gateway: string, server: 'NS' | 'SB') {
    super()
    this.#gateway = gateway
    this.#server = server
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#said.push({ bytes, done })
    if (this.#session === undefined) void this.#run().catch((error: Error) => this.destroy(error))
  }

  override _final(done: () => void): void {
    this.#isOver = true
    done()
  }

  async #run(): Promise<void> {
    while (!this.#isOver && !this.destroyed) {
      const [said] = this.#said.splice(0, 1)
      const answer = await fetch(`${this.#gateway}?${this.#query(said !== undefined)}`, {
        method: 'POST',
        body: new Uint8Array(said?.bytes ?? []),
        headers: { 'User-Agent': 'MSMSGS', 'Content-Type': 'application/x-msn-messenger', Pragma: 'no-cache' },
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      this.#read(answer, bytes)
      said?.done()
    }
    this.push(null)
  }

  #read(answer: Response, bytes: Buffer): void {
    const standing = answer.headers.get('X-MSN-Messenger') ?? ''
    const session = /SessionID=(\d+\.\d+);/.exec(standing)?.[1]
    if (answer.status !== 200 || session === undefined) throw new Error(`the gateway answered ${answer.status} "${standing}"`)
    this.standings.push(standing)
    this.#session = session
    if (bytes.length > 0) this.push(bytes)
    this.#isOver ||= standing.includes('Session=close')
  }

  #query(says: boolean): string {
    if (this.#session === undefined) return `Action=open&Server=${this.#server}&IP=203.0.113.5`
    return says ? `SessionID=${this.#session}` : `Action=poll&SessionID=${this.#session}`
  }
}
