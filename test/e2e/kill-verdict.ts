// What may be said of a line after the kills: what was sent, by number, against what arrived.

/** `sure`: the sender was told that it is safe. `unsure`: the connection broke first, so it may have arrived or not; it was not sent again. */
export type Fate = 'sure' | 'unsure'

export interface Verdict {
  /** What must not be: empty when all is well. */
  readonly faults: readonly string[]
  readonly repeats: number
}

/** Judges one line. A repeat counts as one only where it follows at once; anything else is an overtaking. */
export function judge(line: string, sent: ReadonlyMap<number, Fate>, arrived: readonly number[], mostRepeats: number): Verdict {
  const faults: string[] = []
  let repeats = 0
  for (const [index, number] of arrived.entries()) {
    const before = arrived[index - 1] ?? 0
    if (!sent.has(number)) faults.push(`${line}: ${number} arrived and was never sent`)
    if (number === before) repeats++
    else if (number < before) faults.push(`${line}: ${number} arrived after ${before}: … ${around(arrived, index)} …`)
  }
  const there = new Set(arrived)
  const missing = [...sent].filter(([number, fate]) => fate === 'sure' && !there.has(number)).map(([number]) => number)
  if (missing.length > 0) faults.push(`${line}: missing ${missing.join(', ')}`)
  if (repeats > mostRepeats) faults.push(`${line}: ${repeats} repeats, and ${mostRepeats} are allowed`)
  return { faults, repeats }
}

function around(arrived: readonly number[], index: number): string {
  return arrived.slice(Math.max(0, index - 8), index + 8).join(' ')
}
