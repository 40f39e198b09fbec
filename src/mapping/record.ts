// JSON in Redis: written as it is, parsed when read. What does not parse is an error that names the key and never the value.

import type { Redis } from 'ioredis'
import type { z } from 'zod'

/** A record in Redis is not what it should be. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord'

  constructor(key: string) {
    super(`the record ${key} in Redis cannot be read`)
  }
}

/** Parses a record that was read from `key`. Throws UnreadableRecord. */
export function parseRecord<Shape extends z.ZodType>(key: string, text: string, shape: Shape): z.output<Shape> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UnreadableRecord(key)
  }
  const result = shape.safeParse(value)
  if (!result.success) throw new UnreadableRecord(key)
  return result.data
}

/** The record at a key; undefined when there is none. Throws UnreadableRecord. */
export async function readRecord<Shape extends z.ZodType>(
  redis: Redis,
  key: string,
  shape: Shape,
): Promise<z.output<Shape> | undefined> {
  const text = await redis.get(key)
  return text === null ? undefined : parseRecord(key, text, shape)
}

const replaceScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`

/** Changes a record that exists, however many change it at the same time. `change` must be pure. */
export async function changeRecord<Shape extends z.ZodType>(
  redis: Redis,
  key: string,
  shape: Shape,
  change: (current: z.output<Shape>) => z.output<Shape>,
): Promise<void> {
  for (;;) {
    const text = await redis.get(key)
    if (text === null) return
    const next = JSON.stringify(change(parseRecord(key, text, shape)))
    if (next === text || (await redis.eval(replaceScript, 1, key, text, next)) === 1) return
  }
}

/** The members of a set or the fields of a hash, each once, some at a time. */
export async function* scanned(page: (cursor: string) => Promise<[cursor: string, elements: string[]]>, width: 1 | 2) {
  const seen = new Set<string>()
  let cursor = '0'
  do {
    const [next, elements] = await page(cursor)
    for (let at = 0; at < elements.length; at += width) {
      const [name = '', value = ''] = elements.slice(at, at + width)
      // SCAN and its kin may give an element twice while a collection is being changed.
      if (seen.has(name)) continue
      seen.add(name)
      yield [name, value] as const
    }
    cursor = next
  } while (cursor !== '0')
}
