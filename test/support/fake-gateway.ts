// The gateway between fake networks: Romeo's home, a hosted MSN and a linked one. What is queued is delivered by `settle`.

import { Assistant } from '../../src/commands/assistant.ts'
import type { Desk } from '../../src/commands/desk.ts'
import type { Delivery } from '../../src/core/delivery.ts'
import { DeliveryError } from '../../src/core/errors.ts'
import type { RemoteId, RequestEvent } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import { openDesk } from '../../src/desk.ts'
import { assembleGateway } from '../../src/gateway/assembly.ts'
import { FakeNetwork } from './fake-network.ts'
import { ManualTimers } from './manual-timers.ts'
import { memoryStores } from './memory-stores.ts'

/** `stores`: those of a gateway before this one, as after a restart. */
export async function fakeGateway({
  reactions = true,
  stores = memoryStores(),
}: {
  reactions?: boolean
  stores?: ReturnType<typeof memoryStores>
} = {}) {
  const home = new FakeNetwork('matrix', 'home')
  const hosted = new FakeNetwork('msn', 'hosted')
  const linked = new FakeNetwork('verona', 'linked')
  const timers = new ManualTimers()
  const desks: Desk[] = []
  const { gateway, logins, portals, ghosts, shelves, presences, trace } = assembleGateway({
    networks: [home, hosted, linked],
    stores,
    assistant: (parts) => {
      const desk = openDesk({ ...parts, stores })
      desks.push(desk)
      const bot = new Assistant({ desk, dialogues: stores.dialogues })
      return (user, request, level) => bot.answer(user, request, level)
    },
    patience: 60_000,
    reactions,
    clock: () => 1_000 + timers.clock(),
    timers,
    log: silent,
  })
  for (const network of [home, hosted, linked]) await network.start((event) => gateway.receive(event))

  const park = ({ id }: Delivery) => {
    stores.outbox.parked.add(id)
    stores.outbox.told.add(id)
  }
  let done = 0
  let said = 0
  const world = {
    home,
    hosted,
    linked,
    stores,
    gateway,
    logins,
    portals,
    ghosts,
    shelves,
    presences,
    trace,
    timers,
    /** What stands behind the bot. */
    desk: desks[0] as Desk,
    /** Performs everything that is queued, also what comes of it. A setback is told and not tried again. */
    async settle(): Promise<Delivery[]> {
      const before = done
      for (; done < stores.outbox.pushed.length; done++) {
        const delivery = stores.outbox.pushed[done] as Delivery
        try {
          stores.outbox.tried.add(delivery.id)
          await gateway.perform(delivery, { again: false, late: false })
        } catch (error) {
          if (!(error instanceof DeliveryError)) throw error
          if (error.fate === 'wait') park(delivery)
          if ((await gateway.tried(delivery, error, { again: false })) === 'unwanted') continue
          await gateway.setback(delivery, error.fate === 'wait' ? 'waiting' : 'failed', error)
        }
      }
      return stores.outbox.pushed.slice(before)
    },
    /** Delivers whatever waits for somebody, as when they are back. */
    async unpark(): Promise<void> {
      for (const id of [...stores.outbox.parked]) {
        const delivery = stores.outbox.pushed.find((one) => one.id === id)
        stores.outbox.parked.delete(id)
        if (delivery) await gateway.perform(delivery, { again: false, late: true })
      }
      await world.settle()
    },
    /** Romeo writes to the bot; gives what the bot says. */
    async ask(text: string, more: Partial<RequestEvent> = {}): Promise<string[]> {
      const before = home.delivered.length
      const id = `ask-${said++}` as RemoteId
      const conversation = { network: home.id, id: 'management' }
      await home.tell({
        kind: 'request',
        id,
        conversation,
        from: home.person('romeo'),
        text,
        isPrivate: true,
        prefix: '!msn',
        redact: async () => {},
        ...more,
      })
      await world.settle()
      return home.delivered.slice(before).map(({ content }) => (content.kind === 'notice' ? content.phrase.key : content.kind))
    },
  }
  return world
}
