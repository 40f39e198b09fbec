// Free text in an argument of a line: percent-encoded UTF-8 (msnp-core.md 1.4).

const percent = 0x25

/** Text as an argument. All but `A-Za-z0-9-_.~` is encoded, which every client takes; half a surrogate pair becomes U+FFFD. */
export function escapeArg(text: string): string {
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

function hexValue(code: number | undefined): number | undefined {
  if (code === undefined) return undefined
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined
}
