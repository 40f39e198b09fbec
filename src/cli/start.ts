// nudge start: runs the gateway until it is told to stop.

import { startApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { openLog } from '../log.ts'

/** How long what is in flight may take to finish once we are told to stop, in milliseconds. */
const patience = 10_000

/** Runs until SIGTERM or SIGINT. Throws a ConfigError or a StartError when it cannot run at all. */
export async function start(file: string): Promise<void> {
  const config = await readConfig(file)
  const log = openLog(config.log)
  const die = (error: unknown) => {
    log.fatal({ err: error }, 'something unexpected happened; stopping, so that whoever watches can start Nudge afresh')
    process.exit(1)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  const stopped = untilStopped()
  const app = await startApp(config, log)
  log.info({ ...app.places }, 'Nudge is up')
  await stopped
  log.info({}, 'stopping: finishing what is in flight')
  setTimeout(() => {
    log.error({}, 'not everything finished in time; what was not delivered stays queued for the next start')
    process.exit(0)
  }, patience).unref()
  await app.stop()
  log.info({}, 'stopped')
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}
