// The emoticons of MSN Messenger 7 and 8, which clients draw in the place of a shortcut, as emoji and back (msnp-core.md 5.10).

/** A shortcut as clients write it themselves, the emoji that stands for it, and other ways to write it. Case does not matter. */
type Row = readonly [shortcut: string, emoji: string, ...spellings: string[]]

/** One emoji for each shortcut, so that all of it turns back. */
export const emoticons: readonly Row[] = [
  [':)', '🙂', ':-)'],
  [':D', '😃', ':-D', ':>', ':->'],
  [';)', '😉', ';-)'],
  [':O', '😮', ':-O'],
  [':P', '😛', ':-P'],
  ['(H)', '😎'],
  [':@', '😠', ':-@'],
  [':$', '😳', ':-$'],
  [':S', '😕', ':-S'],
  [':(', '🙁', ':-(', ':<', ':-<'],
  [":'(", '😢'],
  [':|', '😐', ':-|'],
  ['(6)', '😈'],
  ['(A)', '😇'],
  [':-#', '🤐'],
  ['8o|', '😬'],
  ['8-|', '🤓', '8|'],
  ['^o)', '🤨'],
  [':-*', '🤫'],
  ['+o(', '🤢'],
  [':^)', '🤷'],
  ['*-)', '🤔'],
  ['<:o)', '🥳'],
  ['8-)', '🙄'],
  ['|-)', '😴', '|)'],
  ['({)', '🤗'],
  ['(})', '🫂'],
  ['(K)', '💋'],
  ['(L)', '❤️'],
  ['(U)', '💔'],
  ['(F)', '🌹'],
  ['(W)', '🥀'],
  ['(Y)', '👍'],
  ['(N)', '👎'],
  ['(H5)', '🙌'],
  ['(YN)', '🤞'],
  ['(Z)', '👨'],
  ['(X)', '👩'],
  ['(M)', '👤'],
  ['(@)', '🐱'],
  ['(&)', '🐶'],
  ['(SN)', '🐌'],
  ['(BAH)', '🐑'],
  ['(NAH)', '🐐'],
  ['(TU)', '🐢'],
  ["('.')", '🐰'],
  [':[', '🦇', ':-['],
  ['(S)', '🌙'],
  ['(*)', '⭐'],
  ['(#)', '☀️'],
  ['(R)', '🌈'],
  ['(ST)', '🌧️'],
  ['(LI)', '⚡'],
  ['(UM)', '☂️'],
  ['(IP)', '🏝️'],
  ['(G)', '🎁'],
  ['(^)', '🎂'],
  ['(P)', '📷'],
  ['(I)', '💡'],
  ['(C)', '☕'],
  ['(T)', '📞'],
  ['(MP)', '📱'],
  ['(CO)', '💻'],
  ['(~)', '🎬'],
  ['(8)', '🎵'],
  ['(E)', '✉️'],
  ['(O)', '🕐'],
  ['(XX)', '🎮'],
  ['(SO)', '⚽'],
  ['(AU)', '🚗'],
  ['(AP)', '✈️'],
  ['(MO)', '🪙'],
  ['(PL)', '🍽️'],
  ['(||)', '🍜'],
  ['(PI)', '🍕'],
  ['(CI)', '🚬'],
  ['(%)', '⛓️'],
  ['(B)', '🍺'],
  ['(D)', '🍸'],
  ['(BRB)', '🔙'],
]

/** Emoji that say the same as one of the table; without a shortcut, a client of those days shows an empty box. */
const alike: readonly (readonly [shortcut: string, emoji: string])[] = [
  [':)', '😊'],
  [':)', '☺️'],
  [':D', '😀'],
  [':D', '😄'],
  [':D', '😁'],
  [':P', '😜'],
  [':P', '😝'],
  [':O', '😯'],
  [':O', '😲'],
  [':@', '😡'],
  [':(', '☹️'],
  [":'(", '😭'],
  ['(K)', '😘'],
  ['(L)', '♥️'],
  ['(B)', '🍻'],
]

const presentation = '\ufe0f'
const emojiOf = new Map(
  emoticons.flatMap(([shortcut, emoji, ...more]) => [shortcut, ...more].map((text) => [text.toUpperCase(), emoji])),
)
const shortcutOf = new Map([...emoticons, ...alike].map(([shortcut, emoji]) => [emoji.replace(presentation, ''), shortcut]))

const link = String.raw`(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|mailto:)\S+`
/** A link, which is left alone, or a shortcut; where two begin alike, the longer one. */
const shortcutForm = new RegExp(`${link}|${alternatives([...emojiOf.keys()])}`, 'giu')
/** An emoji alone: a tone of the skin and a sex are passed over, for MSN knows none; what is joined to another is another emoji. */
const emojiForm = new RegExp(
  `(?<!\u200d)(${alternatives([...shortcutOf.keys()])})\ufe0f?[\u{1f3fb}-\u{1f3ff}]?(?:\u200d[♂♀]\ufe0f?)?(?![\ufe0e\ufe0f\u200d\u20e3\u{1f3fb}-\u{1f3ff}])`,
  'gu',
)

/** Text with the shortcuts in it drawn. What only looks like one (`file(s)`, `8:)`, `note:(see)`, links) is left as it is. */
export function drawn(text: string): string {
  return text.replace(shortcutForm, (found, at: number) => {
    const emoji = emojiOf.get(found.toUpperCase())
    return emoji !== undefined && stands(found, text[at - 1] ?? '', text[at + found.length] ?? '') ? emoji : found
  })
}

/** Text with those emoji that MSN can draw as their shortcuts. */
export function spelled(text: string): string {
  return text.replace(emojiForm, (found, emoji: string) => shortcutOf.get(emoji) ?? found)
}

const letter = /\p{L}/u
const digit = /\p{N}/u

/** Whether a shortcut stands where somebody meant it, by what is before and after it. */
function stands(shortcut: string, before: string, after: string): boolean {
  const opens = shortcut.startsWith('(')
  const closes = shortcut.endsWith(')')
  // "8:)", "(c)2013", "re:Subject": it belongs to what is beside it.
  if (digit.test(before) || (opens || closes ? digit.test(after) : letter.test(after) || digit.test(after))) return false
  if (/^[8|+*^]/.test(shortcut)) return !letter.test(before) && before !== '|'
  // "file(s)" is a word and "f(8)" a function; the menu of a client writes "(S)".
  return !/^\([a-z0-9]+\)$/.test(shortcut) || !(letter.test(before) || letter.test(after))
}

function alternatives(texts: readonly string[]): string {
  return [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('|')
}
