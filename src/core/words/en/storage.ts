// What storage says to people.

export const storage = {} as const
