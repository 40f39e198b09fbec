// The looks of a message as MSN knows them: one font, one colour, four effects, for the whole of it (X-MMS-IM-Format, msnp-core.md 5.1).

import type { Style } from '../../core/content.ts'

/** What MSN can show: a style without code and link, which it has no word for. */
export type Looks = Pick<Style, 'bold' | 'italic' | 'underline' | 'strike' | 'color' | 'font'>

export interface ImFormat {
  readonly looks: Looks
  readonly rightToLeft: boolean
}

/** The font we name when the sender chose none: the header needs one. */
const ourFont = 'Segoe UI'

/** Fonts that clients write when nobody chose one. */
const unchosen: ReadonlySet<string> = new Set(
  [
    ourFont,
    'MS Shell Dlg',
    'MS Shell Dlg 2',
    'MS Sans Serif',
    'Microsoft Sans Serif',
    'Helvetica',
    'Arial',
    'Verdana',
    'Tahoma',
  ].map((font) => font.toLowerCase()),
)

const effects = { B: 'bold', I: 'italic', U: 'underline', S: 'strike' } as const
const longestHeader = 1024
const longestFont = 64

/** Reads the header; what is missing, odd or too long is plain. */
export function readImFormat(header: string): ImFormat {
  const fields = new Map<string, string>()
  for (const part of header.slice(0, longestHeader).split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim().toUpperCase(), part.slice(equals + 1).trim())
  }
  const looks: { -readonly [Key in keyof Looks]: Looks[Key] } = {}
  for (const letter of (fields.get('EF') ?? '').toUpperCase()) {
    const effect = effects[letter as keyof typeof effects]
    if (effect) looks[effect] = true
  }
  const color = rgb(fields.get('CO') ?? '')
  if (color && color !== '000000') looks.color = color
  const font = fontName(fields.get('FN') ?? '')
  if (font && !unchosen.has(font.toLowerCase())) looks.font = font
  return { looks, rightToLeft: fields.get('RL') === '1' }
}

/** Writes the header, keys in the official order; `FN` stays first, because an old switchboard hangs up otherwise. */
export function writeImFormat({ looks, rightToLeft }: ImFormat): string {
  const font = (looks.font && clean(looks.font)) || ourFont
  const letters = Object.entries(effects)
    .filter(([, effect]) => looks[effect])
    .map(([letter]) => letter)
  const color = /^[0-9a-f]{6}$/i.test(looks.color ?? '') ? swapped(looks.color ?? '').replace(/^0+(?=.)/, '') : '0'
  const fields = [`FN=${encodeURIComponent(font)}`, `EF=${letters.join('')}`, `CO=${color}`, 'CS=0', 'PF=22']
  return [...fields, ...(rightToLeft ? ['RL=1'] : [])].join('; ')
}

/** `bbggrr`, whose leading zeros may be missing, as `rrggbb`. */
function rgb(text: string): string | undefined {
  return /^[0-9a-f]{1,6}$/i.test(text) ? swapped(text.padStart(6, '0').toLowerCase()) : undefined
}

function swapped(color: string): string {
  return color.slice(4, 6) + color.slice(2, 4) + color.slice(0, 2)
}

function fontName(text: string): string | undefined {
  let font = text
  try {
    font = decodeURIComponent(text)
  } catch {
    // A stray percent sign: the name as it stands is good enough.
  }
  return clean(font) || undefined
}

function clean(font: string): string {
  // A separator inside the name would end it for clients that do not decode.
  return [...font.toWellFormed().replace(/[\p{Cc};]/gu, '')]
    .slice(0, longestFont / 2)
    .join('')
    .trim()
}
