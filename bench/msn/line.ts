// A connection of the load: it waits for words, and otherwise only counts bytes, so that it costs as little as can be.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What the name of a room of the relay begins with in which speakers get an answer. */
export const answering = 'answering '

/** In milliseconds. */
const patience = 30_000

export class Line {
  readonly socket: Socket
  #text = ''
  #awaited: { readonly word: string; readonly found: (text: string) => void } | undefined
  readonly #read = (chunk: Buffer) => {
    this.#text += chunk.toString('latin1')
    this.#look()
  }

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', this.#read)
    socket.on('error', () => {})
  }

  static async dial(port: number): Promise<Line> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    return new Line(socket)
  }

  say(text: string): void {
    this.socket.write(text)
  }

  /** The text up to and with this word; it has been heard then. Rejects when it does not come. */
  async hear(word: string): Promise<string> {
    let late: NodeJS.Timeout | undefined
    const heard = new Promise<string>((found, lost) => {
      this.#awaited = { word, found }
      late = setTimeout(() => lost(new Error(`waited in vain for ${word} after ${this.#text}`)), patience)
    })
    this.#look()
    return heard.finally(() => clearTimeout(late))
  }

  /** From now on every chunk goes to somebody else, and nothing is kept. */
  pass(to: (chunk: Buffer) => void): void {
    this.#text = ''
    this.socket.off('data', this.#read)
    this.socket.removeAllListeners('data')
    this.socket.on('data', to)
  }

  #look(): void {
    if (!this.#awaited) return
    const { word, found } = this.#awaited
    const at = this.#text.indexOf(word)
    if (at < 0) return
    this.#awaited = undefined
    const end = at + word.length
    const heard = this.#text.slice(0, end)
    this.#text = this.#text.slice(end)
    found(heard)
  }
}

/** Signs somebody in at MSNP12, as MSN 7.5 does, up to the answer that lets them in. */
export async function signIn(port: number, account: string, ticket: string): Promise<Line> {
  const line = await Line.dial(port)
  line.say('VER 1 MSNP12 CVR0\r\n')
  await line.hear('VER 1 MSNP12\r\n')
  line.say(`CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 MSMSGS ${account}\r\n`)
  await line.hear('CVR 2 ')
  line.say(`USR 3 TWN I ${account}\r\n`)
  await line.hear('USR 3 TWN S ')
  line.say(`USR 4 TWN S ${ticket}\r\n`)
  await line.hear('USR 4 OK ')
  return line
}

/** Signs somebody in, gets their list and shows them online. */
export async function online(port: number, account: string, ticket: string): Promise<Line> {
  const line = await signIn(port, account, ticket)
  line.say('SYN 5 0 0\r\nCHG 6 NLN 1073741824\r\n')
  await line.hear('CHG 6 NLN')
  return line
}
