// Names in the headers of mail (RFC 2047): `=?utf-8?B?QWxpY2U=?=`. As offline messages carry them (msnp-services.md A16).

const word = /=\?([\w.:-]{1,40})\?([BQ])\?([^?\s]*)\?=/gi

/** Text as one encoded word, however long: clients do not put several together. */
export function writeEncodedWord(text: string): string {
  return `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
}

/** Reads text in which encoded words may stand. What cannot be read stays as it is. */
export function readEncodedWords(text: string): string {
  // White space between two encoded words belongs to neither.
  const joined = text.replace(/(\?=)\s+(?==\?)/g, '$1')
  return joined.replace(word, (whole, charset: string, encoding: string, content: string) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(content, 'base64') : quotedBytes(content.replaceAll('_', ' '))
    return decodeText(bytes, charset) ?? whole
  })
}

/** Bytes in quoted-printable, without the rules for lines. */
export function quotedBytes(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** Text in a charset by name. Undefined for one that is not known. */
export function decodeText(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return undefined
  }
}
