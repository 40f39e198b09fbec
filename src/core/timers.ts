// Waiting, as something that a test can hold in its hand.

/** Ends a wait; harmless when it is over. */
export type Cancel = () => void

export interface Timers {
  /** Runs something once, after so many milliseconds. */
  after(milliseconds: number, run: () => void): Cancel
}

/** The clock on the wall. It keeps no process alive. */
export const systemTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref()
    return () => clearTimeout(timer)
  },
}

/** Resolves after so many milliseconds. */
export function pause(timers: Timers, milliseconds: number): Promise<void> {
  return new Promise((resolve) => timers.after(milliseconds, resolve))
}
