// The gateway as a network sees it: a sink that keeps every event, and does with it what a test says.

import type { EventSink, NetworkEvent } from '../../src/core/event.ts'

type Kind = NetworkEvent['kind']
type EventOf<Wanted extends Kind> = Extract<NetworkEvent, { kind: Wanted }>

export class EventLog {
  readonly events: NetworkEvent[] = []
  /** What taking an event in means; at once by default. */
  take: EventSink = async () => {}
  readonly #watchers = new Set<() => void>()

  readonly sink: EventSink = (event) => {
    this.events.push(event)
    for (const watch of [...this.#watchers]) watch()
    return this.take(event)
  }

  /** All events of a kind. */
  of<Wanted extends Kind>(kind: Wanted): EventOf<Wanted>[] {
    return this.events.filter((event): event is EventOf<Wanted> => event.kind === kind)
  }

  /** The first event of a kind that fits, now or later; the test's own time-out ends the wait. */
  async first<Wanted extends Kind>(
    kind: Wanted,
    fits: (event: EventOf<Wanted>) => boolean = () => true,
  ): Promise<EventOf<Wanted>> {
    for (;;) {
      const found = this.of(kind).find(fits)
      if (found) return found
      await new Promise<void>((resolve) => {
        const watch = () => {
          this.#watchers.delete(watch)
          resolve()
        }
        this.#watchers.add(watch)
      })
    }
  }
}
