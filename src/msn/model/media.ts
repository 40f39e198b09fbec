// What somebody plays, listens to or works on: the text of CurrentMedia, whose parts stand between the two characters `\0` (msnp-core.md 3.13).

/** What it says in words; undefined when there is nothing, or it was switched off. */
export function readMedia(media: string): string | undefined {
  const [, , enabled, format, ...parts] = media.split('\\0')
  if (enabled !== '1' || format === undefined) return undefined
  const words = format.replace(/\{(\d{1,2})\}/g, (_, index: string) => parts[Number(index)] ?? '').trim()
  return words === '' ? undefined : words
}
