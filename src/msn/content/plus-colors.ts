// The colours of Messenger Plus!: by number (the first sixteen are those of mIRC), by name, by hand.

/** `rrggbb` each, by its number. */
const numbered = [
  ...['ffffff', '000000', '00007f', '009300', 'ff0000', '7f0000', '9c009c', 'fc7f00', 'ffff00', '00fc00', '009393', '00ffff'],
  ...['0000fc', 'ff00ff', '7f7f7f', 'd2d2d2', 'e7e6e4', 'cfcdd0', 'ffdea4', 'ffaeb9', 'ffa8ff', 'b4b4fc', 'bafbe5', 'c1ffa3'],
  ...['fafda2', 'b6b4b7', 'a2a0a1', 'f9c152', 'ff6d66', 'ff62ff', '6c6cff', '68ffc3', '8eff67', 'f9ff57', '858482', '6e6d7b'],
  ...['ffa01e', 'f92611', 'ff20ff', '202bff', '1effa5', '60f913', 'fff813', '5e6464', '4b494c', 'd98812', 'eb0505', 'de00de'],
  ...['0000d3', '03cc88', '59d80d', 'd4c804', '333335', '18171c', '944e00', '9b0008', '980299', '01038c', '01885f', '389600'],
  ...['9a9e15', '473400', '4d0000', '5f0162', '000047', '06502f', '1c5300', '544d05'],
]

/** The sixteen names of HTML, and a few that people use. */
const named = new Map(
  Object.entries({
    black: '000000',
    silver: 'c0c0c0',
    gray: '808080',
    grey: '808080',
    white: 'ffffff',
    maroon: '800000',
    red: 'ff0000',
    purple: '800080',
    fuchsia: 'ff00ff',
    magenta: 'ff00ff',
    green: '008000',
    lime: '00ff00',
    olive: '808000',
    yellow: 'ffff00',
    navy: '000080',
    blue: '0000ff',
    teal: '008080',
    aqua: '00ffff',
    cyan: '00ffff',
    orange: 'ffa500',
    pink: 'ffc0cb',
    brown: 'a52a2a',
    gold: 'ffd700',
    violet: 'ee82ee',
    indigo: '4b0082',
    crimson: 'dc143c',
  }),
)

/** The colour that is written as `4`, `#f00`, `#ff0000`, `255,0,0` or `red`, as `rrggbb`; undefined when it is none. */
export function plusColor(text: string): string | undefined {
  const [, number] = /^0?(\d{1,2})$/.exec(text) ?? []
  if (number !== undefined) return numbered[Number(number)]
  const [, digits] = /^#?([0-9a-f]{6})$/i.exec(text) ?? []
  if (digits !== undefined) return digits.toLowerCase()
  const [, short] = /^#([0-9a-f]{3})$/i.exec(text) ?? []
  if (short !== undefined) return [...short.toLowerCase()].map((digit) => digit + digit).join('')
  const parts = /^\(?(\d{1,3}),(\d{1,3}),(\d{1,3})\)?$/.exec(text)?.slice(1).map(Number)
  if (parts) return parts.every((part) => part < 256) ? hex(parts) : undefined
  return named.get(text.toLowerCase())
}

/** The colour between two others; `share` is 0 for the first and 1 for the second. */
export function between(from: string, to: string, share: number): string {
  const [a, b] = [from, to].map((color) => [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16)))
  return hex((a ?? []).map((part, index) => Math.round(part + ((b?.[index] ?? part) - part) * share)))
}

function hex(parts: readonly number[]): string {
  return parts.map((part) => part.toString(16).padStart(2, '0')).join('')
}
