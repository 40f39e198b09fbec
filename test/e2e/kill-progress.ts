// How far the writing has come.

/** How far both directions are. */
export class Progress {
  readonly #counts = { 'to-matrix': 0, 'to-msn': 0 }
  #look: () => void = () => {}
  #isOver = false

  get isOver(): boolean {
    return this.#isOver
  }

  count(direction: 'to-matrix' | 'to-msn'): void {
    this.#counts[direction]++
    this.#look()
  }

  /** There will be no more: nobody has to wait any longer. */
  end(): void {
    this.#isOver = true
    this.#look()
  }

  /** Resolves when so many were sent in each direction, or at the end. */
  reaches(count: number): Promise<void> {
    return new Promise((done) => {
      this.#look = () => {
        if (Math.min(this.#counts['to-matrix'], this.#counts['to-msn']) >= count || this.#isOver) done()
      }
      this.#look()
    })
  }
}
