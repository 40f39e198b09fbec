// DER, as far as certificates need it: values are only written, but for the one walk that finds a name. X.690.

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One value: its tag, the length of its content, its content. */
export function value(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(bytes.length), bytes])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

export const sequence = (...items: readonly Buffer[]) => value(tags.sequence, ...items)
export const set = (...items: readonly Buffer[]) => value(tags.set, ...items)
export const boolean = (is: boolean) => value(tags.boolean, Buffer.from([is ? 0xff : 0]))
export const octets = (content: Buffer) => value(tags.octets, content)
/** Nothing, as parameters of an algorithm. */
export const nothing = Buffer.from([0x05, 0])

/** A positive number, most significant byte first. */
export function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0)
  const plain = start === -1 ? Buffer.from([0]) : bytes.subarray(start)
  return value(tags.integer, (plain[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), plain]) : plain)
}

/** Bits; the last so many of them do not count. */
export const bits = (content: Buffer, unused = 0) => value(tags.bits, Buffer.from([unused]), content)

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return value(tags.oid, ...[first * 40 + second, ...rest].map(base128))
}

function base128(number: number): Buffer {
  const bytes = [number & 0x7f]
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return Buffer.from(bytes)
}

/** Text of a name: in the oldest form that can hold it, since some old systems compare names byte by byte. */
export function text(content: string): Buffer {
  const tag = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(content) ? tags.printable : tags.utf8
  return value(tag, Buffer.from(content))
}

/** A moment, to the second; in two digits of the year before 2050, as RFC 5280 4.1.2.5 wants it. */
export function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/\D/g, '')}Z`
  return Number(digits.slice(0, 4)) < 2050
    ? value(tags.utcTime, Buffer.from(digits.slice(2)))
    : value(tags.time, Buffer.from(digits))
}

/** The values inside a value, each with its tag and its length. Throws a RangeError when they do not fill it exactly. */
export function itemsIn(whole: Buffer): Buffer[] {
  const items: Buffer[] = []
  for (let rest = contentOf(whole); rest.length > 0; ) {
    const end = endOf(rest)
    items.push(rest.subarray(0, end))
    rest = rest.subarray(end)
  }
  return items
}

function contentOf(whole: Buffer): Buffer {
  const end = endOf(whole)
  const first = whole[1] ?? 0
  return whole.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f), end)
}

/** Where the first value ends. */
function endOf(bytes: Buffer): number {
  const first = bytes[1] ?? 0x80
  const more = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || more > 4 || bytes.length < 2 + more) throw new RangeError('not DER')
  const end = 2 + more + (more === 0 ? first : bytes.readUIntBE(2, more))
  if (end > bytes.length) throw new RangeError('not DER')
  return end
}
