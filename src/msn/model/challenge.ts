// The server's question whether a client is an official one, and the answer (msnp-core.md 3.16).

import { createHash } from 'node:crypto'

/** A client program as challenges know it. */
export interface Product {
  readonly id: string
  readonly key: string
  /** The last dialect at which the id is accepted. */
  readonly until: number
}

/** The product ids that are known (the table of 3.16). */
export const products: readonly Product[] = [
  { id: 'msmsgs@msnmsgr.com', key: 'Q1P7W2E4J9R8U3S5', until: 10 },
  { id: 'PROD0038W!61ZTF9', key: 'VT6PX?UQTM4WM%YR', until: 10 },
  { id: 'PROD0058#7IL2{QD', key: 'QHDCY@7R1TB6W?5B', until: 10 },
  { id: 'PROD0061VRRZH@4F', key: 'JXQ6J@TUOGYV@N0M', until: 10 },
  { id: 'PROD00504RLUG%WL', key: 'I2EBK%PYNLZL5_J4', until: 10 },
  { id: 'PROD0076ENE8*@AW', key: 'CEQJ8}OE0!WTSWII', until: 10 },
  { id: 'PROD0090YUAUV{2B', key: 'YMM8C_H7KCQ2S_KL', until: 12 },
  { id: 'PROD0101{0RM?UBW', key: 'CFHUR$52U_{VIX5T', until: 12 },
  { id: 'PROD01065C%ZFN6F', key: 'O4BG@C7BWLYQX?5G', until: 14 },
  { id: 'PROD0112J1LW7%NB', key: 'RH96F{PHI8PPX_TJ', until: 14 },
  { id: 'PROD0113H11T8$X_', key: 'RG@XY*28Q5QHS%Q5', until: 21 },
  { id: 'PROD0114ES4Z%Q5W', key: 'PK}_A_0N_K%O?A9S', until: 21 },
  { id: 'PROD0118R6%2WYOS', key: 'YIXPX@5I2P0UT*LK', until: 21 },
  { id: 'PROD0119GSJUC$18', key: 'ILTXC!4IXB5FB*PX', until: 21 },
  { id: 'PROD0120PW!CCV9@', key: 'C1BX{V4W}Q3*10SM', until: 21 },
]

const modulus = 0x7fff_ffffn
const magic = 0x0e79_a9c1n

/** The key of a product id; undefined for one nobody knows. */
export function productKey(id: string): string | undefined {
  return products.find((product) => product.id === id)?.key
}

/** The answer in MSNP6 to 10: 32 small hex digits. */
export function oldAnswer(challenge: string, key: string): string {
  return createHash('md5').update(challenge).update(key).digest('hex')
}

/** The answer from MSNP11 on: 32 small hex digits. */
export function newAnswer(challenge: string, product: Pick<Product, 'id' | 'key'>): string {
  const digest = createHash('md5').update(challenge).update(product.key).digest()
  const hash = [0, 4, 8, 12].map((at) => BigInt(digest.readUInt32LE(at)))
  const [high, low] = mix(
    hash.map((word) => word & modulus),
    wordsOf(challenge + product.id),
  )
  const answer = Buffer.alloc(16)
  hash.forEach((word, index) => {
    answer.writeUInt32LE(Number(word ^ (index % 2 === 0 ? high : low)), index * 4)
  })
  return answer.toString('hex')
}

/** The answer that a dialect wants. */
export function answerFor(dialect: number, challenge: string, product: Pick<Product, 'id' | 'key'>): string {
  return dialect < 11 ? oldAnswer(challenge, product.key) : newAnswer(challenge, product)
}

/** The text in little-endian words, filled with zeros (digits) up to a multiple of eight, and by eight where it is one (section 8). */
function wordsOf(text: string): bigint[] {
  const bytes = Buffer.from(text + '0'.repeat(8 - (Buffer.byteLength(text) % 8)))
  return Array.from({ length: bytes.length / 4 }, (_, index) => BigInt(bytes.readUInt32LE(index * 4)))
}

function mix(m: readonly bigint[], words: readonly bigint[]): [high: bigint, low: bigint] {
  const [m0 = 0n, m1 = 0n, m2 = 0n, m3 = 0n] = m
  let high = 0n
  let low = 0n
  for (let index = 0; index + 1 < words.length; index += 2) {
    const first = (magic * (words[index] ?? 0n)) % modulus
    const mixed = (m0 * (first + high) + m1) % modulus
    high = (m2 * (((words[index + 1] ?? 0n) + mixed) % modulus) + m3) % modulus
    low += high + mixed
  }
  return [(high + m1) % modulus, (low + m3) % modulus]
}
