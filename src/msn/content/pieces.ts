// Text made fit for the wire: clean, and in pieces that a switchboard takes (msnp-core.md 1.6 and 4.7).

/** The longest text of one message, in bytes: with its headers it stays below the 1664 that a switchboard takes. */
const longestPiece = 1300

/** The text without characters that cannot be shown: controls but tab and line break, and halves of characters. Line breaks become `\n`. */
export function cleaned(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
}

/**
 * The text in pieces of at most `longestPiece` bytes, counting a line break as two (CRLF). Joined, they are the text again.
 * A piece ends after a line break or a space where one is near its end, and never inside a character.
 */
export function pieces(text: string): string[] {
  const found: string[] = []
  let start = 0
  let at = 0
  let bytes = 0
  let space = 0
  for (const character of text) {
    const size = wireSize(character)
    if (bytes + size > longestPiece) {
      const end = space > start + (at - start) / 2 ? space : at
      found.push(text.slice(start, end))
      bytes = Buffer.byteLength(text.slice(end, at).replaceAll('\n', '\r\n'))
      start = end
    }
    at += character.length
    bytes += size
    if (character === ' ' || character === '\n') space = at
  }
  if (start < text.length) found.push(text.slice(start))
  return found
}

function wireSize(character: string): number {
  return character === '\n' ? 2 : Buffer.byteLength(character)
}
