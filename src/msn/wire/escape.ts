// Free text in an argument of a line: percent-encoded UTF-8 (msnp-core.md 1.4).

const percent = 0x25

/** What would end an argument or a line, or be taken for an escape. */
const unsafe = /[%\p{Cc}\p{Zl}\p{Zp} ]/gu

/**
 * Text as an argument. Only blanks, `%`, control characters and line ends are encoded, because one client decodes no more than blanks
 * (MSNPSharp 3.1); all others take marks and letters as they are. Half a surrogate pair becomes U+FFFD.
 */
export function escapeArg(text: string): string {
  return text.toWellFormed().replace(unsafe, escapeFully)
}

/** Text with all but `A-Za-z0-9-_.~` encoded: an MSNObject, whose readers look for that form. */
export function escapeFully(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * An argument as text. `%` without two hex digits stays as it is, `+` is a plus; bytes that are no UTF-8 become U+FFFD. The
 * text may hold anything, line breaks and control characters too. Never throws.
 */
export function unescapeArg(arg: string): string {
  if (!arg.includes('%')) return arg
  const bytes = Buffer.from(arg, 'utf8')
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] ?? 0
    if (byte === percent) {
      const high = hexValue(bytes[at + 1])
      const low = hexValue(bytes[at + 2])
      if (high !== undefined && low !== undefined) {
        byte = high * 16 + low
        at += 2
      }
    }
    bytes[length++] = byte
  }
  return bytes.toString('utf8', 0, length)
}

/** A name as text: that of somebody who has none is their handle. */
export function nameOr(arg: string | undefined, handle: string): string {
  return unescapeArg(arg ?? '') || handle
}

function hexValue(code: number | undefined): number | undefined {
  if (code === undefined) return undefined
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined
}
