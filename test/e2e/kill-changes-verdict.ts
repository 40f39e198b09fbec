// What may be said of a chat in which much was changed and taken back, after the kills: what its writer did and was told, against what arrived.

/** A message, and all that was made of it. */
export interface Written {
  readonly number: number
  /** How often it was said anew. */
  readonly changes: number
  readonly takenBack: boolean
  /** What the bot says of it in the end: each of its notices as it was changed last. */
  readonly told: readonly string[]
}

export const tellings = {
  waits: 'Not delivered yet',
  nobody: 'nobody got it',
  perhaps: 'may have reached',
  tooLate: 'can still read it',
}

/** How a message looks, as it was said first or anew. */
export const wordsOf = (number: number, version: number) => `${number}.${version}`

interface Line {
  readonly number: number
  readonly version: number
  readonly isChange: boolean
}

/** What must not be: empty when all is well. A repeat is one where it follows at once; there may be so many. */
export function judgeChanges(written: readonly Written[], heard: readonly string[], mostRepeats: number): string[] {
  const faults: string[] = []
  const repeats = heard.filter((line, index) => line === heard[index - 1]).length
  if (repeats > mostRepeats) faults.push(`${repeats} repeats, and ${mostRepeats} are allowed`)
  const lines = heard.filter((line, index) => line !== heard[index - 1]).map(read)
  const originals = lines.filter(({ isChange }) => !isChange).map(({ number }) => number)
  for (const [index, number] of originals.entries())
    if (number <= (originals[index - 1] ?? 0)) faults.push(`${number} arrived after ${originals[index - 1]}`)
  for (const message of written)
    faults.push(
      ...judgeOne(
        message,
        lines.filter(({ number }) => number === message.number),
      ),
    )
  return faults
}

function judgeOne({ number, changes, takenBack, told }: Written, lines: readonly Line[]): string[] {
  const faults: string[] = []
  const fault = (what: string) => faults.push(`${number}: ${what}; heard ${JSON.stringify(lines)}, told ${JSON.stringify(told)}`)
  const says = (words: string) => told.some((one) => one.includes(words))
  for (const [index, { version, isChange }] of lines.entries()) {
    if (version <= (lines[index - 1]?.version ?? -1)) fault('something older came after something newer')
    if (isChange !== index > 0) fault('a change is not marked, or marked without need')
  }
  if (says(tellings.waits)) fault('is said to wait still')
  if (new Set(told).size < told.length) fault('was told the same twice')
  if (takenBack) {
    if (says(tellings.nobody) && lines.length > 0) fault('arrived, and nobody is said to have got it')
    if (lines.length > 0 && !says(tellings.perhaps) && !says(tellings.tooLate))
      fault('was taken back and arrived, and that was not told')
    if (lines.length === 0 && says(tellings.tooLate)) fault('did not arrive, and is said to be there')
  } else if (lines.at(-1)?.version !== changes) fault(`was changed ${changes} times, and that did not arrive`)
  return faults
}

function read(line: string): Line {
  const parts = /^(\* )?(\d+)\.(\d+)$/.exec(line)
  if (!parts) throw new Error(`somebody else's words: ${line}`)
  return { number: Number(parts[2]), version: Number(parts[3]), isChange: parts[1] !== undefined }
}
