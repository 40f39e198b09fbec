// npm run fuzz -- [target …] [--minutes 10] [--seed 1]: feeds hostile bytes to everything that reads what strangers send. docs/fuzzing.md has the
// method and what was found. Ends with 1 when something was.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { codecTarget } from './codec.ts'
import { Dice } from './dice.ts'
import { mimeTarget } from './mime.ts'
import { serverTarget } from './server.ts'
import { Finding, type Target } from './target.ts'
import { webTarget } from './web.ts'

const openers: Readonly<Record<string, () => Target | Promise<Target>>> = {
  codec: codecTarget,
  mime: mimeTarget,
  web: webTarget,
  server: serverTarget,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const wanted = positionals.length > 0 ? positionals : Object.keys(openers)
const megabyte = 1024 * 1024

/** One target for so long; true when it held. */
async function run(target: Target): Promise<boolean> {
  const dice = new Dice(seed)
  const end = Date.now() + minutes * 60_000
  const memory = target.memory ?? (async () => process.memoryUsage().rss)
  const samples: number[] = []
  let rounds = 0
  for (let sampled = 0; Date.now() < end; rounds++) {
    try {
      await target.round(dice)
    } catch (error) {
      return report(target, rounds, error)
    }
    if (Date.now() - sampled < Math.max(1000, (minutes * 60_000) / 20)) continue
    sampled = Date.now()
    samples.push(await memory())
  }
  const shown = samples.map((bytes) => (bytes / megabyte).toFixed(0)).join(' ')
  console.log(
    `${target.name}: ${rounds} rounds in ${minutes} min, seed ${seed}, nothing found; memory in MiB over time: ${shown}`,
  )
  return true
}

function report(target: Target, rounds: number, error: unknown): false {
  console.error(`${target.name}: found after ${rounds} rounds, seed ${seed}:`, error)
  if (error instanceof Finding) {
    const file = join(mkdtempSync(join(tmpdir(), 'nudge-fuzz-')), 'input')
    writeFileSync(file, error.input)
    console.error(`the input is in ${file}`)
  }
  return false
}

let held = true
for (const name of wanted) {
  const open = openers[name]
  if (!open) throw new Error(`there is no target "${name}"; there are ${Object.keys(openers).join(', ')}`)
  const target = await open()
  held = (await run(target)) && held
  await target.close?.()
}
process.exitCode = held ? 0 : 1
