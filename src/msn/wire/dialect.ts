// The dialects of MSNP that this codec reads and writes, by number, and how two sides agree on one (msnp-core.md 2, 3.2).
// The forms that differ by dialect are in ../dialect/.

/** MSNP by its number: 12 is MSNP12. */
export type Dialect = number

export const oldestDialect: Dialect = 2
export const newestDialect: Dialect = 18

/** Offered beside the dialects ("client version reporting"); as an answer it is a refusal (msnp-core.md 3.2). */
export const versionReporting = 'CVR0'

const dialectShape = /^MSNP([1-9][0-9]?)$/i

/** The number of a dialect's name, in any case; `undefined` for what is none of ours. */
export function parseDialect(name: string): Dialect | undefined {
  const dialect = Number(dialectShape.exec(name)?.[1])
  return dialect >= oldestDialect && dialect <= newestDialect ? dialect : undefined
}

/** The name of a dialect, `MSNP12`. */
export function dialectName(dialect: Dialect): string {
  return `MSNP${dialect}`
}

/**
 * What a server answers to the names that a client offers in VER: the highest dialect in common; `CVR0` when that is all they
 * have in common; `undefined` when there is nothing, for which the wire has `0` (msnp-core.md 3.2).
 */
export function negotiate(offered: readonly string[], spoken: readonly Dialect[]): Dialect | typeof versionReporting | undefined {
  let highest: Dialect | undefined
  for (const name of offered) {
    const dialect = parseDialect(name)
    if (dialect !== undefined && spoken.includes(dialect) && dialect > (highest ?? 0)) highest = dialect
  }
  if (highest !== undefined) return highest
  return offered.some((name) => name.toUpperCase() === versionReporting) ? versionReporting : undefined
}
