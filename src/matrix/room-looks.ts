// How the room of a direct chat looks: under the name and picture of the ghost, for clients that do not take them from who is in it, with the
// personal message as its topic; and that of a chat of several: under the names of its ghosts. What we last wrote is kept, so that only what changed is written; what a user chose themselves stays theirs.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Records } from '../core/stores.ts'
import type { Cancel, Timers } from '../core/timers.ts'
import type { Accounts } from './accounts.ts'
import type { Chats } from './chats.ts'
import type { RoomEvent } from './events.ts'
import { displayName } from './names.ts'
import { Recent } from './recent.ts'
import type { StateEvent } from './room-settings.ts'
import type { Rooms } from './rooms.ts'

const noun = 'matrix-room-look'

/** Each part of a look is written once in this time at most, in milliseconds. */
const pace = 60_000
/** Who signs in says nothing of themselves for a moment; so long is waited for more, in milliseconds. */
const calm = 2_000
const remembered = 20_000

/** The parts of a look: as which event each stands in a room, and under which key of it. */
const parts = {
  name: { type: 'm.room.name', key: 'name' },
  picture: { type: 'm.room.avatar', key: 'url' },
  topic: { type: 'm.room.topic', key: 'topic' },
} as const

type Part = keyof typeof parts
const partNames = Object.keys(parts) as Part[]

const lookRecord = z.object({
  name: z.string().default(''),
  picture: z.string().default(''),
  topic: z.string().default(''),
  /** What the user chose themselves. */
  own: z.array(z.enum(['name', 'picture', 'topic'])),
})

const said = z.string().optional().catch(undefined)
const stateContent = z.object({ name: said, url: said, topic: said })

type Look = z.infer<typeof lookRecord>

interface Options {
  readonly rooms: Rooms
  readonly chats: Chats
  readonly accounts: Accounts
  readonly records: Records
  readonly bot: string
  /** Whether rooms bear the name and the picture of their ghost. */
  readonly names: boolean
  isOurs(userId: string): boolean
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** Keeps the looks of chats fresh. No method throws: nobody waits for a look. */
export class RoomLooks {
  readonly #options: Options
  /** The personal message of each ghost of which we heard one, and when. */
  readonly #messages = new Recent<{ readonly line: string; readonly at: number }>(remembered)
  /** When each part of each room was last written. */
  readonly #written = new Recent<number>(remembered)
  readonly #waiting = new Map<string, Cancel>()
  readonly #busy = new Map<string, Promise<void>>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Drops what has not been written; resolves when nothing is being written. */
  async stop(): Promise<void> {
    for (const cancel of this.#waiting.values()) cancel()
    this.#waiting.clear()
    await this.idle()
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values())
  }

  /** Makes a room look as its ghost does now. */
  show(room: string): void {
    const turn = (this.#busy.get(room) ?? Promise.resolve()).then(() => this.#show(room))
    this.#busy.set(room, turn)
    void turn.finally(() => {
      if (this.#busy.get(room) === turn) this.#busy.delete(room)
    })
  }

  /** A ghost looks otherwise: so do its rooms. */
  async ghostChanged(ghost: string): Promise<void> {
    for (const room of await this.#roomsOf(ghost)) this.show(room)
  }

  /** Somebody's personal message, which may be empty. */
  async says(ghost: string, message: string): Promise<void> {
    const line = displayName(message)
    if (this.#messages.get(ghost)?.line === line) return
    this.#messages.set(ghost, { line, at: this.#options.clock() })
    for (const room of await this.#roomsOf(ghost)) this.#showLater(room, calm)
  }

  /** Somebody changed a room: what they chose is theirs, until they take it away. */
  async saw({ type, room_id: room, sender, state_key: stateKey, content }: RoomEvent): Promise<void> {
    const part = partNames.find((each) => parts[each].type === type)
    const { isOurs, chats, records } = this.#options
    if (part === undefined || stateKey !== '' || isOurs(sender)) return
    if ((await chats.ghostIn(room)) === undefined) return
    const isChosen = textOf(content, part) !== ''
    await records.update(noun, room, (current) => {
      const { own, ...look } = lookRecord.safeParse(current).data ?? nothing
      const others = own.filter((each) => each !== part)
      return { ...look, [part]: '', own: isChosen ? [...others, part] : others }
    })
    if (!isChosen) this.show(room)
  }

  async #roomsOf(ghost: string): Promise<readonly string[]> {
    try {
      return await this.#options.chats.roomsOf(ghost)
    } catch (error) {
      this.#options.log.warn({ err: error, as: ghost }, 'the rooms of a ghost could not be looked up')
      return []
    }
  }

  async #show(room: string): Promise<void> {
    try {
      const ghost = await this.#options.chats.ghostIn(room)
      if (ghost !== undefined) await this.#write(room, ghost)
    } catch (error) {
      this.#options.log.info({ err: error, room }, 'a room could not be made to look as it should; it is tried again')
      this.#showLater(room, pace)
    }
  }

  async #write(room: string, ghost: string): Promise<void> {
    const { rooms, records, clock } = this.#options
    const wanted = await (ghost === this.#options.bot ? this.#wantedOfSeveral(room) : this.#wanted(ghost, room))
    if (Object.keys(wanted).length === 0) return
    const look = lookRecord.safeParse(await records.get(noun, room)).data ?? (await this.#begin(room, ghost, wanted))
    for (const part of partNames) {
      const text = wanted[part]
      if (text === undefined || look.own.includes(part) || look[part] === text) continue
      const key = `${room} ${part}`
      const wait = (this.#written.get(key) ?? Number.NEGATIVE_INFINITY) + pace - clock()
      if (wait > 0) {
        this.#showLater(room, wait)
        continue
      }
      await rooms.set(room, ghost, stateOf(part, text))
      // Whom nobody has met yet goes by their address until they say who they are, which is soon.
      if (part !== 'name' || look.name !== '') this.#written.set(key, clock())
      await records.update(noun, room, (current) => ({ ...(lookRecord.safeParse(current).data ?? nothing), [part]: text }))
    }
  }

  /** What of a look is known now. Where a picture is, a name is known, too. */
  async #wanted(ghost: string, room: string): Promise<Partial<Record<Part, string>>> {
    const message = this.#messages.get(ghost)
    const wait = message ? message.at + calm - this.#options.clock() : 0
    if (wait > 0) this.#showLater(room, wait)
    const talk = message && wait <= 0 ? { topic: message.line } : {}
    if (!this.#options.names) return talk
    const { name, picture = '' } = await this.#options.accounts.looks(ghost)
    return name === undefined ? talk : { name, picture, ...talk }
  }

  async #wantedOfSeveral(room: string): Promise<Partial<Record<Part, string>>> {
    const { chats, accounts, names: bearsNames } = this.#options
    const names: string[] = []
    for (const ghost of bearsNames ? await chats.partyIn(room) : []) names.push((await accounts.looks(ghost)).name ?? '')
    return names.length === 0 || names.includes('') ? {} : { name: displayName(names.join(', ')) }
  }

  /** How a room looks of which we know nothing: whatever is there was chosen by others, unless it is what we would write. */
  async #begin(room: string, ghost: string, wanted: Partial<Look>): Promise<Look> {
    const { rooms, records } = this.#options
    const look: Look = { ...nothing, own: [] }
    for (const part of partNames) {
      const text = textOf(await rooms.state(room, ghost, parts[part].type), part)
      if (text === wanted[part]) look[part] = text
      else if (text !== '') look.own.push(part)
    }
    await records.update(noun, room, () => look)
    return look
  }

  /** Looks at a room again after so many milliseconds, or sooner where that was promised already. */
  #showLater(room: string, wait: number): void {
    if (this.#waiting.has(room)) return
    const again = this.#options.timers.after(wait, () => {
      this.#waiting.delete(room)
      this.show(room)
    })
    this.#waiting.set(room, again)
  }
}

const nothing: Look = { name: '', picture: '', topic: '', own: [] }

function stateOf(part: Part, text: string): StateEvent {
  const { type, key } = parts[part]
  return { type, state_key: '', content: { [key]: text } }
}

function textOf(content: unknown, part: Part): string {
  return stateContent.safeParse(content).data?.[parts[part].key] ?? ''
}
