// Chance that can be repeated: everything random in a run comes from one seed, which is printed.

/** What a mutation may put in: what parsers trip over. */
const spice = [
  ...['\r\n', '\n', '\r', '\0', ' ', '  ', '%', '%0D%0A', '%00', '%FF', '%e2%82', '\ufeff', '😀', '\ud83d', 'é', '٣', 'ﷺ'],
  ...['[c=4]', '[/c=5]', '[b]', '[/b]', '·$4,5', '·#', '\u0003', ':)', '(L)', '👍'],
  ...['0', '-1', '1664', '65536', '4294967296', '99999999999999999999', '1e9', '0x10', '+5', 'NaN'],
  ...[
    '<',
    '>',
    '&',
    '&amp;',
    '&#0;',
    '&x;',
    ']]>',
    '<![CDATA[',
    '<!DOCTYPE a [<!ENTITY x "y">]>',
    '<!--',
    '-->',
    '<?x?>',
    '"',
    "'",
  ],
  ...[
    'MSNP18',
    'CVR0',
    'FL',
    'BL',
    'juliet@example.com',
    ';{00000000-0000-0000-0000-000000000000}',
    '1:',
    '__proto__',
    'constructor',
  ],
].map((text) => Buffer.from(text))

/** A generator of 32 bits (xorshift): plenty for choosing, nothing for secrets. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0 || 1
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state % below
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0
  }

  /** One of several. Throws a RangeError when there is none. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('picked from nothing')
    return item
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }

  /** The same bytes with one to eight things wrong; `others` are what may be mixed in. */
  mutate(bytes: Buffer, others: readonly Buffer[]): Buffer {
    let mutated = bytes
    for (let left = 1 + this.below(8); left > 0; left--) mutated = this.#mutateOnce(mutated, others)
    return mutated
  }

  /** In pieces, as a network would bring it. */
  cut(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const length = this.chance(4) ? 1 + this.below(3) : 1 + this.below(1460)
      pieces.push(bytes.subarray(at, at + length))
      at += length
    }
    return pieces
  }

  #mutateOnce(bytes: Buffer, others: readonly Buffer[]): Buffer {
    const at = this.below(bytes.length + 1)
    const to = Math.min(bytes.length, at + this.below(16))
    switch (this.below(7)) {
      case 0:
        return Buffer.concat([bytes.subarray(0, at), this.pick(spice), bytes.subarray(at)])
      case 1:
        return Buffer.concat([bytes.subarray(0, at), this.pick(spice), bytes.subarray(to)])
      case 2:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
      case 3:
        return Buffer.concat([bytes.subarray(0, at), this.bytes(1 + this.below(8)), bytes.subarray(to)])
      case 4:
        return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
      case 5:
        return bytes.subarray(0, at)
      default:
        return Buffer.concat([bytes.subarray(0, at), this.pick(others)])
    }
  }
}
