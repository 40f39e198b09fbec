// What somebody may have meant who wrote something else.

/** So many letters may be wrong. */
const most = 2

/** The name that is nearest to a word; undefined where none is near, or the word is so short that all are. */
export function suggestion(word: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    const distance = editDistance(word, name)
    if (distance <= most && distance < name.length / 2 && distance < (best?.distance ?? Infinity)) best = { name, distance }
  }
  return best?.name
}

/** How many letters must be put in, taken out or changed to make one word of another; two that changed places are one. Bounded by the longer word. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > most) return Math.max(a.length, b.length)
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? i) + 1 : Infinity
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
