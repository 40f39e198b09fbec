// How a file is handed to a browser: shown where that is safe, otherwise saved, and never run.

import { fileName } from './file-name.ts'

/** What a browser may show, with the ending that says the same. Nothing in which a script can stand: no SVG, no HTML, no PDF. */
const shown: Readonly<Record<string, readonly [ending: string, ...others: string[]]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/bmp': ['bmp'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'audio/x-wav': ['wav'],
  'audio/mp4': ['m4a', 'mp4'],
  'audio/webm': ['weba', 'webm'],
  'video/mp4': ['mp4', 'm4v'],
  'video/webm': ['webm'],
  'video/ogg': ['ogv', 'ogg'],
}

/** The headers of a file of this type that somebody called so. */
export function headersFor(wantedName: string, claimedType: string): Record<string, string> {
  const type = claimedType.split(';')[0]?.trim().toLowerCase() ?? ''
  const endings = Object.hasOwn(shown, type) ? shown[type] : undefined
  const name = endings ? withEnding(fileName(wantedName), endings) : fileName(wantedName)
  return {
    'content-type': endings ? type : 'application/octet-stream',
    'content-disposition': `${endings ? 'inline' : 'attachment'}; ${namedFor(name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'accept-ranges': 'none',
    'x-robots-tag': 'noindex',
  }
}

/** A picture called "photo.exe" is saved as "photo.exe.png". */
function withEnding(name: string, endings: readonly [string, ...string[]]): string {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? ''
  return name.includes('.') && endings.includes(ending) ? name : `${name}.${endings[0]}`
}

/** The name for old clients, which know only ASCII, and for new ones (RFC 6266). */
function namedFor(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const exact = encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${plain}"; filename*=UTF-8''${exact}`
}
