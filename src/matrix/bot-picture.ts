// The picture of our bot, drawn by ourselves: a speech bubble that shakes, white on blue.

import { crc32, deflateSync } from 'node:zlib'
import type { Picture } from '../core/ghost.ts'
import type { Shown } from './pictures.ts'

/** In pixels, each way. */
const size = 192
/** Each pixel is looked at so many times each way, so that edges are smooth. */
const samples = 3

type Color = readonly [red: number, green: number, blue: number]
const ground: Color = [43, 108, 176]
const shake: Color = [144, 190, 236]
const bubble: Color = [255, 255, 255]

/** What is drawn, the uppermost first; places are parts of the whole, from the upper left corner. */
const shapes: readonly { readonly color: Color; covers(x: number, y: number): boolean }[] = [
  { color: ground, covers: (x, y) => [0.38, 0.5, 0.62].some((dot) => isWithin(x - dot, y - 0.46, 0.038)) },
  { color: bubble, covers: (x, y) => isBubble(x, y) },
  { color: shake, covers: (x, y) => isBubble(x + 0.07, y) || isBubble(x - 0.07, y) },
]

/** The picture, to be shown. Another drawing needs another hash. */
export const botPicture: Shown = { hash: 'nudge-bot-1', load: async () => ({ bytes: draw(), type: 'image/png' }) }

function isBubble(x: number, y: number): boolean {
  const isTail = y > 0.6 && y < 0.8 && x > 0.36 && x < 0.36 + (0.8 - y) * 0.9
  return isTail || ((x - 0.5) / 0.3) ** 2 + ((y - 0.46) / 0.23) ** 2 < 1
}

function isWithin(x: number, y: number, radius: number): boolean {
  return x ** 2 + y ** 2 < radius ** 2
}

function draw(): Picture['bytes'] {
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(size * (1 + size * 3))
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) rows.set(colorAt(x, y), y * (1 + size * 3) + 1 + x * 3)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // Eight bits each of red, green and blue.
  header.set([8, 2], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function colorAt(x: number, y: number): Color {
  const seen: Color[] = []
  for (let step = 0; step < samples ** 2; step++) {
    const [across, down] = [step % samples, Math.floor(step / samples)]
    const place = [(x + (across + 0.5) / samples) / size, (y + (down + 0.5) / samples) / size] as const
    seen.push(shapes.find((shape) => shape.covers(...place))?.color ?? ground)
  }
  const mean = (part: 0 | 1 | 2) => Math.round(seen.reduce((sum, color) => sum + color[part], 0) / seen.length)
  return [mean(0), mean(1), mean(2)]
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
