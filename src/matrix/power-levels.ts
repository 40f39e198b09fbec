// Who may do what in a room, as its state says. Pure.

import { z } from 'zod'
import { hasCreators } from './room-version.ts'

/** A level may be written as text in rooms before version 10 (Matrix specification, `m.room.power_levels`). What is none is as if it were not there. */
const level = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^\s*[+-]?\d{1,16}\s*$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined)

const levels = z.record(z.string(), level).optional().catch(undefined)

const powerLevels = z.object({
  users: levels,
  users_default: level,
  events: levels,
  state_default: level,
  invite: level,
})

const creation = z.object({
  sender: z.string().optional().catch(undefined),
  content: z.object({
    room_version: z.string().optional().catch(undefined),
    creator: z.string().optional().catch(undefined),
    additional_creators: z.array(z.string()).max(1000).optional().catch(undefined),
  }),
})

/** The powers in a room. */
export class PowerLevels {
  readonly #creators: ReadonlySet<string>
  readonly #levels: z.infer<typeof powerLevels>
  readonly #areThere: boolean

  /** `create` is the whole `m.room.create` event, `content` that of `m.room.power_levels`, where there is one. */
  constructor(create: unknown, content: unknown) {
    const made = creation.safeParse(create).data
    const parsed = powerLevels.safeParse(content).data
    const { room_version: version = '1', creator, additional_creators: more = [] } = made?.content ?? {}
    const maker = made?.sender ?? creator
    this.#areThere = parsed !== undefined
    this.#levels = parsed ?? {}
    const standAbove = hasCreators(version) || !this.#areThere
    this.#creators = new Set(standAbove ? [...(maker === undefined ? [] : [maker]), ...(hasCreators(version) ? more : [])] : [])
  }

  /** How much somebody may do. */
  of(user: string): number {
    if (this.#creators.has(user)) return Number.POSITIVE_INFINITY
    return this.#levels.users?.[user] ?? this.#levels.users_default ?? 0
  }

  /** Whether somebody may change the state of the room in this point. */
  maySet(user: string, type: string): boolean {
    const needed = this.#levels.events?.[type] ?? (this.#areThere ? (this.#levels.state_default ?? 50) : 0)
    return this.of(user) >= needed
  }

  mayInvite(user: string): boolean {
    return this.of(user) >= (this.#levels.invite ?? 0)
  }
}
