// What somebody may do with the gateway.

/** Each allows what the one before does, and more: nothing; being relayed in a chat of somebody else; talking with the bot; linking accounts and having portals; everything. */
export const levels = ['block', 'relay', 'commands', 'user', 'admin'] as const

export type Level = (typeof levels)[number]

/** Whether a level allows what another is needed for. */
export function allows(level: Level, needed: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(needed)
}
