// What can be fuzzed.

import type { Dice } from './dice.ts'

/** Something that must hold whatever comes. A round that finds it does not hold throws a Finding. */
export interface Target {
  readonly name: string
  round(dice: Dice): void | Promise<void>
  /** Bytes of memory that the thing under test holds, where it is another process. */
  memory?(): Promise<number>
  close?(): Promise<void>
}

/** What must not be; `input` makes it happen again. */
export class Finding extends Error {
  override readonly name = 'Finding'
  readonly input: Buffer

  constructor(message: string, input: Buffer, cause?: unknown) {
    super(message, { cause })
    this.input = input
  }
}
