// The waits of a client: unlike those of a server, they keep the process alive that waits for them.

import type { Cancel, Timers } from '../../core/timers.ts'

/** The clock on the wall. */
export const systemTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** Resolves when some work is done, or after so many milliseconds. */
export async function within(timers: Timers, milliseconds: number, work: Promise<unknown>): Promise<void> {
  let cancel: Cancel = () => {}
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(milliseconds, resolve)
  })
  await Promise.race([work, late])
  cancel()
}
