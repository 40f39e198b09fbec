// What msn says to people.

export const msn = {} as const
