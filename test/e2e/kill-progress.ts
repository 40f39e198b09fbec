// How far the writing has come.

/** How far both directions are. */
export class Progress {
  readonly #counts = { 'to-matrix': 0, 'to-msn': 0 }
  #look: () => void = () => {}

  count(direction: 'to-matrix' | 'to-msn'): void {
    this.#counts[direction]++
    this.#look()
  }

  /** Resolves when so many were sent in each direction. */
  reaches(count: number): Promise<void> {
    return new Promise((done) => {
      this.#look = () => {
        if (Math.min(this.#counts['to-matrix'], this.#counts['to-msn']) >= count) done()
      }
      this.#look()
    })
  }
}
