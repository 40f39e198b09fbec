// Somebody at a Matrix client, for tests and the demo. Plain Node.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Account } from './synapse.ts'

/** How long something may take to arrive, in milliseconds. */
const patience = 90_000

/** Something that a client sees in a room. */
export interface SeenEvent {
  readonly type: string
  readonly event_id: string
  readonly sender: string
  readonly origin_server_ts?: number
  readonly state_key?: string
  readonly content: Readonly<Record<string, unknown>>
  readonly redacts?: string
}

/** A room as the hierarchy of a Space shows it. */
export interface RoomInSpace {
  readonly room_id: string
  readonly name?: string
  readonly topic?: string
  readonly avatar_url?: string
  readonly room_type?: string
  readonly children_state: readonly { readonly state_key: string; readonly content: { readonly order?: string } }[]
}

interface SeenRoom {
  readonly timeline?: { readonly events?: SeenEvent[] }
  readonly state?: { readonly events?: SeenEvent[] }
  readonly ephemeral?: {
    readonly events?: { type: string; content: { user_ids?: string[] } & Readonly<Record<string, unknown>> }[]
  }
}

/** How somebody is, as a client sees it. */
export interface SeenPresence {
  readonly presence: string
  readonly status_msg?: string
}

interface Sync {
  readonly next_batch: string
  readonly presence?: { readonly events?: { readonly sender: string; readonly content: SeenPresence }[] }
  readonly account_data?: { readonly events?: { readonly type: string; readonly content: Record<string, unknown> }[] }
  readonly rooms?: {
    readonly join?: Readonly<Record<string, SeenRoom>>
    readonly leave?: Readonly<Record<string, SeenRoom>>
    readonly invite?: Readonly<Record<string, { invite_state: { events: SeenEvent[] } }>>
  }
}

/** A busy room is seen without gaps. */
const wide = encodeURIComponent(JSON.stringify({ room: { timeline: { limit: 500 } } }))

/** A client that remembers everything it saw, and waits for what it has not seen yet. */
export class MatrixUser {
  readonly userId: string
  readonly #url: string
  readonly #token: string
  readonly #events = new Map<string, SeenEvent[]>()
  readonly #invitations = new Map<string, SeenEvent[]>()
  readonly #accountData = new Map<string, Record<string, unknown>>()
  readonly #typing = new Map<string, readonly string[]>()
  readonly #presences = new Map<string, SeenPresence>()
  /** Who read which event of a room last. */
  readonly #reads = new Map<string, Map<string, string>>()
  #since: string | undefined
  #syncing: Promise<void> | undefined

  constructor(url: string, account: Account) {
    this.#url = url
    this.userId = account.userId
    this.#token = account.accessToken
  }

  /** Starts a direct chat, as Element does. */
  async startChat(...users: string[]): Promise<string> {
    const body = { preset: 'trusted_private_chat', is_direct: true, invite: users }
    return String((await this.call('POST', 'createRoom', body))['room_id'])
  }

  async join(room: string): Promise<void> {
    await this.call('POST', `rooms/${encodeURIComponent(room)}/join`, {})
  }

  async leave(room: string): Promise<void> {
    await this.call('POST', `rooms/${encodeURIComponent(room)}/leave`, {})
  }

  /** Writes a text, or sends a message with this content; gives its event id. */
  async says(room: string, content: string | object): Promise<string> {
    const message = typeof content === 'string' ? { msgtype: 'm.text', body: content } : content
    const sent = await this.call('PUT', `rooms/${encodeURIComponent(room)}/send/m.room.message/${randomUUID()}`, message)
    return String(sent['event_id'])
  }

  async types(room: string, typing: boolean): Promise<void> {
    const path = `rooms/${encodeURIComponent(room)}/typing/${encodeURIComponent(this.userId)}`
    await this.call('PUT', path, typing ? { typing, timeout: 30_000 } : { typing })
  }

  /** Waits for an event that `isIt`, for so many milliseconds at most. A homeserver that is away meanwhile is waited for. */
  async sees(room: string, isIt: (event: SeenEvent) => boolean, limit = patience): Promise<SeenEvent> {
    return this.#until(`an event in ${room}`, () => this.#events.get(room)?.find(isIt), limit)
  }

  /** Waits for a message in a room that holds these words. */
  async hears(room: string, words: string, limit = patience): Promise<SeenEvent> {
    return this.sees(room, (event) => event.type === 'm.room.message' && String(event.content['body']).includes(words), limit)
  }

  /** Waits for an invitation, and gives the room. */
  async isInvitedBy(userId: string, isIt: (state: readonly SeenEvent[]) => boolean = () => true): Promise<string> {
    return this.#until(`an invitation from ${userId}`, () => {
      for (const [room, state] of this.#invitations)
        if (state.some((event) => event.state_key === this.userId && event.sender === userId) && isIt(state)) return room
      return undefined
    })
  }

  /** Waits until this person is in a room that is none of these, however that came about, and gives it. */
  async isInRoom(...others: readonly string[]): Promise<string> {
    return this.#until('to be in a room', () => [...this.#events.keys()].find((room) => !others.includes(room)))
  }

  /** Waits for a room that the user is in to have an event that `isIt`, and gives the room. */
  async seesRoom(what: string, isIt: (event: SeenEvent) => boolean): Promise<string> {
    return this.#until(what, () => [...this.#events].find(([, events]) => events.some(isIt))?.[0])
  }

  /** Waits for what their clients keep in their account under a name to be as `isIt` says. */
  async seesAccountData(type: string, isIt: (content: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return this.#until(type, () => {
      const content = this.#accountData.get(type)
      return content && isIt(content) ? content : undefined
    })
  }

  /** Waits until somebody is typing, or is not. */
  async seesTyping(room: string, userId: string, typing: boolean): Promise<void> {
    await this.#until(`${userId} ${typing ? 'to type' : 'not to type'}`, () => {
      return this.#typing.get(room)?.includes(userId) === typing ? true : undefined
    })
  }

  /** Waits until somebody is seen as `isIt` says. */
  async seesPresence(userId: string, isIt: (presence: SeenPresence) => boolean): Promise<SeenPresence> {
    return this.#until(`the presence of ${userId}`, () => {
      const seen = this.#presences.get(userId)
      return seen && isIt(seen) ? seen : undefined
    })
  }

  /** Waits until somebody has read an event of a room, and nothing after it. */
  async seesRead(room: string, userId: string, event: string): Promise<void> {
    await this.#until(`${userId} to read ${event}`, () => (this.#reads.get(room)?.get(userId) === event ? true : undefined))
  }

  /** Shows how this person is. */
  async is(presence: string, status?: string): Promise<void> {
    const body = { presence, ...(status !== undefined && { status_msg: status }) }
    await this.call('PUT', `presence/${encodeURIComponent(this.userId)}/status`, body)
  }

  /** Every message of a room so far, oldest first. */
  async messages(room: string): Promise<SeenEvent[]> {
    const history = await this.call('GET', `rooms/${encodeURIComponent(room)}/messages?dir=b&limit=500`)
    const events = history['chunk'] as SeenEvent[]
    return events.filter((event) => event.type === 'm.room.message').reverse()
  }

  /** Every event of a room, oldest first, as the homeserver has it. */
  async history(room: string): Promise<SeenEvent[]> {
    const events: SeenEvent[] = []
    let from = ''
    for (;;) {
      const page = await this.call('GET', `rooms/${encodeURIComponent(room)}/messages?dir=f&limit=500${from}`)
      events.push(...(page['chunk'] as SeenEvent[]))
      if (typeof page['end'] !== 'string') return events
      from = `&from=${encodeURIComponent(page['end'])}`
    }
  }

  /** What is in a Space, and in the Spaces within, as clients get it: the Space itself first. */
  async hierarchy(space: string): Promise<RoomInSpace[]> {
    const answer = await this.call('GET', `rooms/${encodeURIComponent(space)}/hierarchy?limit=50`, undefined, 'v1')
    return answer['rooms'] as RoomInSpace[]
  }

  /** Puts a file into the media store of the homeserver. Gives its mxc URI. */
  async uploads(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<string> {
    const answer = await fetch(`${this.#url}/_matrix/media/v3/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': type },
      body: bytes,
    })
    if (!answer.ok) throw new Error(`the upload was refused: ${answer.status}`)
    return ((await answer.json()) as { content_uri: string }).content_uri
  }

  /** Takes back what was said. */
  async redacts(room: string, event: string): Promise<void> {
    const place = [room, event, randomUUID()].map(encodeURIComponent)
    await this.call('PUT', `rooms/${place[0]}/redact/${place[1]}/${place[2]}`, {})
  }

  /** The bytes of a file, by its mxc address. */
  async downloads(uri: string): Promise<Buffer> {
    const answer = await fetch(`${this.#url}/_matrix/client/v1/media/download/${uri.replace('mxc://', '')}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    })
    if (!answer.ok) throw new Error(`${uri}: ${answer.status}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  /** Calls the client-server API, below `/_matrix/client/v3/`. */
  async call(method: string, path: string, body?: object, version = 'v3'): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.#url}/_matrix/client/${version}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body && { body: JSON.stringify(body) }),
    })
    const content = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(content)}`)
    return content
  }

  async #until<Found>(what: string, find: () => Found | undefined, limit = patience): Promise<Found> {
    const deadline = Date.now() + limit
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (Date.now() > deadline) throw new Error(`${this.userId} waited in vain for ${what}; seen: ${this.#seen()}`)
      this.#syncing ??= this.#sync().finally(() => {
        this.#syncing = undefined
      })
      await this.#syncing
    }
  }

  async #sync(): Promise<void> {
    try {
      await this.#syncOnce()
    } catch (error) {
      // What fetch throws when there is no answer has a cause; a refusal is not waited out.
      if (!(error instanceof Error) || error.cause === undefined) throw error
      await pause(100)
    }
  }

  async #syncOnce(): Promise<void> {
    const since = this.#since === undefined ? '' : `&since=${encodeURIComponent(this.#since)}`
    const sync = (await this.call('GET', `sync?timeout=1000&filter=${wide}${since}`)) as unknown as Sync
    this.#since = sync.next_batch
    for (const { type, content } of sync.account_data?.events ?? []) this.#accountData.set(type, content)
    for (const [room, { timeline, ephemeral }] of Object.entries(sync.rooms?.join ?? {})) {
      this.#invitations.delete(room)
      this.#events.set(room, [...(this.#events.get(room) ?? []), ...(timeline?.events ?? [])])
      for (const event of ephemeral?.events ?? []) {
        if (event.type === 'm.typing') this.#typing.set(room, event.content.user_ids ?? [])
        if (event.type === 'm.receipt') this.#noteReads(room, event.content)
      }
    }
    for (const { sender, content } of sync.presence?.events ?? []) this.#presences.set(sender, content)
    for (const [room, { timeline }] of Object.entries(sync.rooms?.leave ?? {}))
      this.#events.set(room, [...(this.#events.get(room) ?? []), ...(timeline?.events ?? [])])
    for (const [room, { invite_state }] of Object.entries(sync.rooms?.invite ?? {}))
      this.#invitations.set(room, invite_state.events)
  }

  #noteReads(room: string, content: Readonly<Record<string, unknown>>): void {
    const reads = this.#reads.get(room) ?? new Map<string, string>()
    this.#reads.set(room, reads)
    for (const [event, by] of Object.entries(content as Record<string, { 'm.read'?: object }>))
      for (const reader of Object.keys(by['m.read'] ?? {})) reads.set(reader, event)
  }

  #seen(): string {
    return JSON.stringify([...this.#events].map(([room, events]) => [room, events.slice(-5).map((event) => event.content)]))
  }
}
