// Romeo, who writes to somebody, thinks better of much of it, and is told what became of it.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { MatrixUser, SeenEvent } from '../support/matrix-user.ts'
import type { MsnUser } from '../support/msn-user.ts'
import type { World } from '../support/world.ts'
import { domains, ghostOf } from '../support/world.ts'
import type { Written } from './kill-changes-verdict.ts'
import { judgeChanges, tellings, wordsOf } from './kill-changes-verdict.ts'
import type { Dice } from './kill-dice.ts'
import type { Progress } from './kill-progress.ts'

/** How long something may take while things are killed, in milliseconds. */
const patience = 90_000

const bot = `@msnbot:${domains.matrix}`

interface Said {
  readonly event: string
  changes: number
  takenBack: boolean
}

interface Meeting {
  readonly name: string
  readonly dice: Dice
  /** Told of everything that was done. */
  readonly progress: Progress
}

export class Chat {
  readonly #romeo: MatrixUser
  readonly #other: MsnUser
  readonly #room: string
  readonly #meeting: Meeting
  readonly #said: Said[] = []

  private constructor(romeo: MatrixUser, other: MsnUser, room: string, meeting: Meeting) {
    this.#romeo = romeo
    this.#other = other
    this.#room = room
    this.#meeting = meeting
  }

  /** A chat with somebody new, who is away. */
  static async begin(world: World, romeo: MatrixUser, meeting: Meeting): Promise<Chat> {
    const account = `balthasar${meeting.name}@${domains.msn}`
    const other = await world.msnUser(world.nudge, account, 'Balthasar')
    await other.signsOut()
    const ghost = ghostOf('msn', account)
    const room = await romeo.startChat(ghost)
    await romeo.sees(room, (event) => event.state_key === ghost && event.content['membership'] === 'join', patience)
    return new Chat(romeo, other, room, meeting)
  }

  /** Does so much: says something, says something anew, takes something back. */
  async write(count: number): Promise<void> {
    const { dice, progress } = this.#meeting
    for (let done = 0; done < count; done++) {
      const chance = dice.next()
      const old = this.#said.slice(-4)[dice.between(0, 4)]
      if (chance < 0.5 || !old || old.takenBack) await this.say()
      else if (chance < 0.8) await this.#change(old)
      else await this.#takeBack(old)
      progress.count('to-msn')
      progress.count('to-matrix')
    }
  }

  async say(): Promise<string> {
    const words = wordsOf(this.#said.length + 1, 0)
    const event = await this.#put('send/m.room.message', { msgtype: 'm.text', body: words })
    this.#said.push({ event, changes: 0, takenBack: false })
    return words
  }

  /** The other comes, and stays. */
  async meets(): Promise<void> {
    if (this.#other.state === 'online') return
    this.#other.insists()
    await this.#other.sees('to be online', () => this.#other.state === 'online' || undefined, patience)
  }

  /** Ends the chat: what is said last has arrived, and so has all that Romeo was to be told. */
  async end(): Promise<void> {
    await this.meets()
    const last = await this.say()
    const { from } = await this.#other.hears(last)
    await this.#other.says(from, 'amen')
    await this.#romeo.hears(this.#room, 'amen', patience)
  }

  async faults(mostRepeats: number): Promise<string[]> {
    const history = await this.#romeo.history(this.#room)
    const written = this.#said.map(
      ({ event, ...how }, index): Written => ({ number: index + 1, ...how, told: toldOf(history, event) }),
    )
    const heard = this.#other.heard.map(({ text }) => text)
    return judgeChanges(written, heard, mostRepeats).map((fault) => `${this.#other.account}: ${fault}`)
  }

  get counts() {
    return {
      said: this.#said.length,
      changes: this.#said.reduce((sum, { changes }) => sum + changes, 0),
      takenBack: this.#said.filter(({ takenBack }) => takenBack).length,
    }
  }

  async #change(old: Said): Promise<void> {
    const content = { msgtype: 'm.text', body: wordsOf(this.#said.indexOf(old) + 1, old.changes + 1) }
    const relation = { rel_type: 'm.replace', event_id: old.event }
    await this.#put('send/m.room.message', { ...content, 'm.new_content': content, 'm.relates_to': relation })
    old.changes++
  }

  async #takeBack(old: Said): Promise<void> {
    old.takenBack = true
    await this.#put(`redact/${encodeURIComponent(old.event)}`, {})
  }

  /** Until the homeserver has it; under one transaction, so that it has it once. */
  async #put(what: string, content: object): Promise<string> {
    const path = `rooms/${encodeURIComponent(this.#room)}/${what}/${randomUUID()}`
    return String((await untilThere(() => this.#romeo.call('PUT', path, content)))['event_id'])
  }
}

/** What the bot says of a message: each notice, as it was changed last. */
function toldOf(history: readonly SeenEvent[], message: string): string[] {
  const ofBot = history.filter(({ type, sender }) => type === 'm.room.message' && sender === bot)
  const notices = ofBot.filter((event) => relation(event)['m.in_reply_to']?.event_id === message && !relation(event).rel_type)
  return notices.map((notice) => {
    const changes = ofBot.filter(
      (event) => relation(event).rel_type === 'm.replace' && relation(event).event_id === notice.event_id,
    )
    if (changes.length > 1) return `${tellings.waits}, and was changed ${changes.length} times`
    const now = changes[0]?.content['m.new_content'] ?? notice.content
    return String((now as { body?: unknown }).body)
  })
}

interface Relation {
  readonly rel_type?: string
  readonly event_id?: string
  readonly 'm.in_reply_to'?: { readonly event_id?: string }
}

function relation({ content }: SeenEvent): Relation {
  return (content['m.relates_to'] ?? {}) as Relation
}

/** Tries until somebody is there to take it. A refusal throws. */
async function untilThere<Result>(work: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + patience
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isRefusal = error instanceof Error && /: 4\d\d /.test(error.message)
      if (isRefusal || Date.now() > end) throw error
      await pause(100)
    }
  }
}
