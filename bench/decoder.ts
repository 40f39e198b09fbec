// How fast bytes become commands, beside a loop that only cuts the same bytes at line ends and makes strings of them:
// the least that any reader must do.

import { Decoder } from '../src/msn/wire/decoder.ts'
import { encode } from '../src/msn/wire/encoder.ts'
import { percentile } from './measure.ts'

/** Megabytes (10^6 bytes) per second. */
export interface Speed {
  readonly name: string
  readonly megabytes: number
}

const chunkSize = 1460
const rounds = 9

/** What a busy switchboard says: messages, typing, people who come and go. */
function conversation(): Buffer {
  const message = `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\n`
  const typing = 'MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: juliet@example.com\r\n\r\n\r\n'
  const say = (text: string) => encode({ verb: 'MSG', args: ['juliet@example.com', 'Juliet%20♥'], payload: Buffer.from(text) })
  const parts = Array.from({ length: 2000 }, (_, index) => [
    say(typing),
    say(`${message}${'Wherefore art thou Romeo? '.repeat(1 + (index % 8))}`),
    encode({ verb: 'ACK', trId: index + 1, args: [] }),
    encode({ verb: 'JOI', args: ['mercutio@example.net', 'Mercutio', '268435456'] }),
    encode({ verb: 'BYE', args: ['mercutio@example.net'] }),
  ])
  return Buffer.concat(parts.flat())
}

/** Both, in turns, over the same bytes in pieces as TCP brings them. The median of several rounds. */
export function decoderSpeeds(): { decoder: Speed; split: Speed } {
  const bytes = conversation()
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.subarray(at, at + chunkSize))
  const times = { decoder: [] as number[], split: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.split.push(run(() => split(chunks)))
    times.decoder.push(run(() => decode(chunks)))
  }
  const speed = (name: string, took: readonly number[]): Speed => ({
    name,
    megabytes: bytes.length / 1000 / percentile(took, 0.5),
  })
  return { decoder: speed('msn/wire decoder', times.decoder), split: speed('bare split at line ends', times.split) }
}

function run(work: () => number): number {
  const began = performance.now()
  const count = work()
  if (count === 0) throw new Error('nothing was read')
  return performance.now() - began
}

function decode(chunks: readonly Buffer[]): number {
  const decoder = new Decoder({ from: 'server' })
  let count = 0
  for (const chunk of chunks) for (const command of decoder.push(chunk)) count += command.verb.length
  return count
}

function split(chunks: readonly Buffer[]): number {
  let rest = Buffer.alloc(0)
  let count = 0
  for (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    for (let end = bytes.indexOf('\n', at); end !== -1; end = bytes.indexOf('\n', at)) {
      count += bytes.toString('utf8', at, end).length
      at = end + 1
    }
    rest = Buffer.from(bytes.subarray(at))
  }
  return count
}
