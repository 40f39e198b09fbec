// What cli says to people.

export const cli = {} as const
