// npm run demo: Verona on loopback. Plays a conversation over real servers, printed from both ends, then stays up for a visitor.
// With --once it ends after the play: 0 when every line arrived, 1 with the reason otherwise.

import { freePort } from '../test/support/synapse.ts'
import { World } from '../test/support/world.ts'
import { playHosted, playLinked } from './play.ts'
import { narrate, quote } from './stage.ts'
import { inviteVisitors } from './visitors.ts'

const once = process.argv.includes('--once')
const begun = Date.now()

/** Ends with Ctrl-C at any time; what was started is stopped. */
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
})

async function perform(): Promise<void> {
  narrate('Starting, each on a free port of 127.0.0.1:')
  const port = await freePort()
  const media = { url: `http://127.0.0.1:${port}`, listen: { port } }
  const world = await World.start({ verona: true, matrix: { media }, tell: (what) => narrate(`  ${what}`) })
  try {
    const up = Date.now()
    await Promise.race([play(world), interrupted])
    narrate(`\nEvery line arrived. Servers were up after ${seconds(begun, up)}, the play took ${seconds(up, Date.now())}.`)
    if (once) return
    await inviteVisitors(world)
    await interrupted
    narrate('\nStopping.')
  } finally {
    await world.stop()
  }
}

async function play(world: World): Promise<void> {
  await playHosted(world)
  await playLinked(world)
}

function seconds(from: number, to: number): string {
  return `${((to - from) / 1000).toFixed(1)} s`
}

try {
  await perform()
  process.exit(0)
} catch (error) {
  narrate(`\nThe play failed: ${quote(error instanceof Error ? error.message : String(error))}`)
  process.exit(1)
}
