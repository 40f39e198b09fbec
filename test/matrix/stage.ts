// A MatrixNetwork and a real Synapse that know each other, and what the network told.

import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import type { NetworkEvent } from '../../src/core/event.ts'
import type { Logger } from '../../src/core/log.ts'
import { silent } from '../../src/core/log.ts'
import type { MatrixConfig } from '../../src/matrix/config.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken, registrationYaml } from '../../src/matrix/registration.ts'
import { MatrixUser } from '../support/matrix-user.ts'
import { MemoryRecords, MemoryTickets } from '../support/memory-stores.ts'
import type { Synapse } from '../support/synapse.ts'
import { freePort, startSynapse } from '../support/synapse.ts'

export const msn = networkId('msn')
export const juliet: Address = { network: msn, id: 'juliet@example.com' }
export const julietsGhost: Address = { network: networkId('matrix'), id: '@msn_juliet=40example.com:hs.test' }

/** Waits for what has not happened yet. */
const patience = 30_000

/** The events that a sink was given, to be waited for. */
export class Told {
  readonly events: NetworkEvent[] = []
  /** What the sink does with an event before it is remembered; rejecting is allowed. */
  before: (event: NetworkEvent) => Promise<void> = async () => {}
  #waiting: (() => void)[] = []

  readonly sink = async (event: NetworkEvent): Promise<void> => {
    await this.before(event)
    this.events.push(event)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** The first event of a kind that `isIt`, once it is there. */
  async event<Kind extends NetworkEvent['kind']>(
    kind: Kind,
    isIt: (event: Extract<NetworkEvent, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<NetworkEvent, { kind: Kind }>> {
    const deadline = Date.now() + patience
    for (;;) {
      const found = this.#of(kind).find(isIt)
      if (found) return found
      await this.#next(kind, deadline)
    }
  }

  /** The texts of all messages, in order. */
  get texts(): string[] {
    return this.#of('message').map(({ content }) =>
      'runs' in content ? content.runs.map((run) => run.text).join('') : content.kind,
    )
  }

  #of<Kind extends NetworkEvent['kind']>(kind: Kind): Extract<NetworkEvent, { kind: Kind }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<NetworkEvent, { kind: Kind }>[]
  }

  #next(kind: string, deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${kind} event came; there were ${JSON.stringify(this.events)}`)),
        Math.max(0, deadline - Date.now()),
      )
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

/** A log that can be waited for. */
export class Lines {
  readonly lines: string[] = []
  #waiting: (() => void)[] = []

  readonly log: Logger = {
    ...silent,
    error: (_, message) => this.#add(message),
    warn: (_, message) => this.#add(message),
    info: (_, message) => this.#add(message),
    child: () => this.log,
  }

  /** The first line that matches, once it is there. */
  async line(form: RegExp): Promise<string> {
    const deadline = Date.now() + patience
    for (;;) {
      const found = this.lines.find((line) => form.test(line))
      if (found !== undefined) return found
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${form} was not logged, but ${this.lines.join('\n')}`)),
          deadline - Date.now(),
        )
        this.#waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  #add(line: string): void {
    this.lines.push(line)
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** Everything that a scene needs. */
export interface Stage {
  readonly config: MatrixConfig
  readonly records: MemoryRecords
  readonly told: Told
  readonly lines: Lines
  readonly synapse: Synapse
  readonly network: MatrixNetwork
  /** Ends the network and starts another, which remembers only what is in its records. */
  replaceNetwork(): Promise<MatrixNetwork>
  addUser(name: string): Promise<MatrixUser>
  end(): Promise<void>
}

/** Settings that lead to this homeserver. */
function testConfig(ports: { synapse: number; nudge: number }, more: object = {}): MatrixConfig {
  return matrixConfig.parse({
    homeserver: `http://127.0.0.1:${ports.synapse}`,
    domain: 'hs.test',
    listen: { host: '127.0.0.1', port: ports.nudge },
    asToken: newToken(),
    hsToken: newToken(),
    ...more,
  })
}

/** A network that has not started. */
export function makeNetwork(config: MatrixConfig, records: MemoryRecords, { log }: Lines): MatrixNetwork {
  const tickets = new MemoryTickets(Date.now)
  return new MatrixNetwork({ id: networkId('matrix'), config, ghostNetworks: [msn], records, tickets, clock: Date.now, log })
}

/** Starts the network and then Synapse. */
export async function setStage(): Promise<Stage> {
  const ports = { synapse: await freePort(), nudge: await freePort() }
  const config = testConfig(ports)
  const records = new MemoryRecords()
  const told = new Told()
  const lines = new Lines()
  const make = () => makeNetwork(config, records, lines)
  let network = make()
  await network.start(told.sink)
  const synapse = await startSynapse({ port: ports.synapse, domain: 'hs.test', registration: registrationYaml(config, [msn]) })
  return {
    config,
    records,
    told,
    lines,
    synapse,
    get network() {
      return network
    },
    async replaceNetwork() {
      await network.stop()
      network = make()
      await network.start(told.sink)
      return network
    },
    async addUser(name) {
      return new MatrixUser(synapse.url, await synapse.addUser(name))
    },
    async end() {
      await network.stop()
      await synapse.stop()
    },
  }
}
