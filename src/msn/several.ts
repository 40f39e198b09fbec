// Chats of several people. MSN has a name for such a chat only while its switchboard lives, so we give each one of our own, and keep who belongs to
// it: a board with the same people is the same chat, and a word from elsewhere gathers them again.

import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Records } from '../core/stores.ts'
import type { MsnSession } from './client/session.ts'

/** Who belongs to a chat, by its name. */
const noun = 'msn-several'
/** The name of a chat, by who belongs to it. */
const nounByPeople = 'msn-several-of'

const membersRecord = z.object({ people: z.array(z.string()).readonly() })
const nameRecord = z.object({ id: z.string() })

/** Addresses may begin like the name of a chat, but they have an "@". */
const prefix = 'several-'

/** A chat that goes on now. */
interface Live {
  readonly id: string
  readonly as: Address
  /** Who is there, as far as was told. */
  here: ReadonlySet<string>
  /** We are still calling those who belong to it. */
  gathering: boolean
}

interface Options {
  readonly network: NetworkId
  readonly records: Records
  readonly tell: EventSink
}

/** Whether a conversation is one with several people. */
export function isOfSeveral({ id }: Pick<Conversation, 'id'>): boolean {
  return id.startsWith(prefix) && !id.includes('@')
}

/** The chats of several in which somebody of ours sits. Accounts are in small letters, without our own. */
export class SeveralChats {
  readonly #options: Options
  readonly #live = new Map<string, Live>()
  /** The board of each chat that goes on. */
  readonly #boards = new Map<string, string>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Who belongs to a chat, whether they are there now or not. */
  async peopleIn(id: string): Promise<readonly string[]> {
    return membersRecord.safeParse(await this.#options.records.get(noun, id)).data?.people ?? []
  }

  /** The board of a chat, where it goes on. */
  boardOf(id: string): string | undefined {
    return this.#boards.get(id)
  }

  /** The chat that goes on, on a board, where anything was said there yet. */
  idOn(board: string): string | undefined {
    return this.#live.get(board)?.id
  }

  /** The chat in which something was said: what goes on there, or what went on among the same people. Undefined where there is nobody. */
  async heardOn(board: string, as: Address, people: readonly string[]): Promise<string | undefined> {
    const known = this.#live.get(board)
    if (!known && people.length === 0) return undefined
    const live = known ?? this.#begin(board, as, await this.#nameOf(as, people))
    if (people.length > 0) await this.#note(live, people)
    return live.id
  }

  /** Who is on a board now. Where nothing was said yet, nobody wants to know. The last one who goes ends it, and belongs to it all the same. */
  async changed(board: string, people: readonly string[]): Promise<void> {
    const live = this.#live.get(board)
    if (!live) return
    if (people.length > 0) await this.#note(live, people)
    else if (!live.gathering) this.#forget(board)
  }

  /** Calls people into a chat, and gives its name: that of the chat which they had, if they had one. Rejects with a ClientError when nobody comes. */
  async begin({ as, session, people }: { as: Address; session: MsnSession; people: readonly string[] }): Promise<string> {
    const id = await this.#nameOf(as, people)
    await this.gather({ id, as, session })
    return id
  }

  /** The board of a chat, on which those who belong to it were called if it was over, and `more`; with those who did not come. Rejects with a ClientError. */
  async gather(
    { id, as, session }: { id: string; as: Address; session: MsnSession },
    ...more: readonly string[]
  ): Promise<{ board: string; absent: readonly string[] }> {
    const known = this.#boards.get(id)
    if (known !== undefined && session.isAlive(known)) return { board: known, absent: [] }
    const people = [...new Set([...(await this.peopleIn(id)), ...more])]
    const board = randomUUID()
    const live = this.#begin(board, as, id)
    live.gathering = true
    try {
      return { board, absent: await session.gather(board, people) }
    } catch (error) {
      this.#forget(board)
      throw error
    } finally {
      live.gathering = false
    }
  }

  /** Leaves a chat. */
  leave(id: string, session: MsnSession | undefined): void {
    const board = this.#boards.get(id)
    if (board === undefined) return
    session?.leaveBoard(board)
    this.#forget(board)
  }

  #begin(board: string, as: Address, id: string): Live {
    const live: Live = { id, as, here: new Set(), gathering: false }
    this.#live.set(board, live)
    this.#boards.set(id, board)
    return live
  }

  #forget(board: string): void {
    const id = this.#live.get(board)?.id
    this.#live.delete(board)
    if (id !== undefined && this.#boards.get(id) === board) this.#boards.delete(id)
  }

  /** Whoever leaves a chat that goes on without them as one of several does not belong to it any more; on another board they may be there yet. */
  async #note(live: Live, people: readonly string[]): Promise<void> {
    const isKnown = people.length === live.here.size && people.every((person) => live.here.has(person))
    if (isKnown) return
    const others = [...this.#live.values()].filter((other) => other !== live && other.id === live.id)
    const elsewhere = new Set(others.flatMap(({ here }) => [...here]))
    const came = people.filter((person) => !live.here.has(person) && !elsewhere.has(person))
    const left = [...live.here].filter((person) => !people.includes(person) && !elsewhere.has(person))
    const gone = new Set([...people, ...elsewhere]).size > 1 ? left : []
    await this.#change(live, (members) => [...new Set([...members, ...came])].filter((member) => !gone.includes(member)))
    for (const person of came) await this.#tell(live, 'came', person)
    for (const person of left) await this.#tell(live, 'left', person)
    live.here = new Set(people)
  }

  #tell({ id, as }: Live, change: 'came' | 'left', person: string): Promise<void> {
    const { network, tell } = this.#options
    const conversation = { network, id, as }
    const who = { network, id: person }
    return tell({ kind: 'attendance', id: randomUUID() as string as RemoteId, conversation, change, who })
  }

  /** The name of the chat of these people; a new one where they have none. */
  async #nameOf(as: Address, people: readonly string[]): Promise<string> {
    const { records } = this.#options
    const fresh = { id: `${prefix}${randomUUID()}` }
    const key = keyOf(as, people)
    const before = nameRecord.safeParse(await records.get(nounByPeople, key)).data?.id
    const members = before === undefined ? [] : await this.peopleIn(before)
    // Others came into that chat, and nobody took its old name from it.
    const isStale = members.length > 0 && keyOf(as, members) !== key
    const named = await records.update(nounByPeople, key, (current) => {
      const known = nameRecord.safeParse(current).data
      return known && !(isStale && known.id === before) ? known : fresh
    })
    const { id } = nameRecord.parse(named)
    await records.update(noun, id, (known) => membersRecord.safeParse(known).data ?? { people })
    return id
  }

  /** Where others have a chat among themselves already, that stays theirs. */
  async #change({ id, as }: Live, change: (members: readonly string[]) => readonly string[]): Promise<void> {
    const { records } = this.#options
    const before = await this.peopleIn(id)
    const after = change(before)
    if (keyOf(as, before) === keyOf(as, after)) return
    await records.update(noun, id, () => ({ people: after }))
    const isOurs = (known: unknown) => nameRecord.safeParse(known).data?.id === id
    await records.update(nounByPeople, keyOf(as, before), (known) => (isOurs(known) ? undefined : known))
    await records.update(nounByPeople, keyOf(as, after), (known) => nameRecord.safeParse(known).data ?? { id })
  }
}

/** One key for a chair and some people, in whatever order. */
function keyOf(as: Address, people: readonly string[]): string {
  const hash = createHash('sha256').update(addressKey(as))
  for (const person of [...people].sort()) hash.update('\0').update(person)
  return hash.digest('base64url')
}
