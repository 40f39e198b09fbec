// What matrix says to people.

export const matrix = {} as const
