// What a command prints for the operator, on standard output.

/** Prints a line. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A day of a calendar as the command line prints it, in UTC. */
export function dayOf(moment: Date | number): string {
  return new Date(moment).toISOString().slice(0, 10)
}
