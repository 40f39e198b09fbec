import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import type { RemoteId, RequestEvent } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import type { Phrase } from '../../src/core/words.ts'
import { Levels } from '../../src/gateway/levels.ts'
import { Networks } from '../../src/gateway/networks.ts'
import { Notices } from '../../src/gateway/notices.ts'
import { Talks } from '../../src/gateway/talks.ts'
import { FakeNetwork } from '../support/fake-network.ts'
import { ManualTimers } from '../support/manual-timers.ts'
import { memoryStores } from '../support/memory-stores.ts'

/** A bot that answers when the test lets it. */
function stage() {
  const home = new FakeNetwork('matrix', 'home')
  const networks = new Networks([home])
  const { users, outbox } = memoryStores()
  const timers = new ManualTimers()
  const asked: string[] = []
  const answers: { give(...phrases: Phrase[]): void; fail(): void }[] = []
  const talks = new Talks({
    users,
    levels: new Levels({ networks, users }),
    notices: new Notices({ networks, outbox, clock: () => 1, log: silent }),
    assistant: (_, { text }) => {
      asked.push(text)
      return new Promise((resolve, reject) => {
        answers.push({ give: (...phrases) => resolve(phrases), fail: () => reject(new Error('the store is down')) })
      })
    },
    timers,
    log: silent,
  })
  let count = 0
  const request = (from: Address, text: string): RequestEvent => ({
    ...{
      kind: 'request',
      id: `$${count++}` as RemoteId,
      conversation: { network: networkId('matrix'), id: from.id },
      from,
      text,
    },
    ...{ isPrivate: true, prefix: '!msn', redact: async () => {} },
  })
  const told = () => outbox.pushed.map(({ content }) => ('phrase' in content ? content.phrase.key : content.kind))
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { home, talks, timers, asked, answers, request, told, turn }
}

describe('a talk with the bot', () => {
  it('is over for whoever sent it when it is answered', async () => {
    const { home, talks, answers, request, told, turn } = stage()
    const taken = talks.take(request(home.person('romeo'), 'logins'))
    await turn()
    answers[0]?.give({ key: 'status.none' })
    await taken
    expect(told()).toEqual(['status.none'])
  })

  it('keeps nobody else waiting for long, and is answered all the same, before what the same user asks next', async () => {
    const { home, talks, timers, asked, answers, request, told, turn } = stage()
    const slow = talks.take(request(home.person('romeo'), 'contacts'))
    const next = talks.take(request(home.person('romeo'), 'logins'))
    const other = talks.take(request(home.person('tybalt'), 'version'))
    await turn()
    expect(asked).toEqual(['contacts', 'version'])
    await timers.pass(1_000)
    await Promise.all([slow, next, other])
    expect(told()).toEqual([])
    answers[0]?.give({ key: 'contacts.no-chair' })
    await turn()
    answers[2]?.give({ key: 'status.none' })
    await turn()
    expect(told()).toEqual(['contacts.no-chair', 'status.none'])
    answers[1]?.give()
    await talks.idle()
  })

  it('that takes long keeps nobody waiting again with what its user writes meanwhile, of which too much is left out', async () => {
    const { home, talks, timers, asked, answers, request, told, turn } = stage()
    const slow = talks.take(request(home.person('romeo'), 'contacts'))
    await timers.pass(1_000)
    await slow
    for (let count = 0; count < 40; count++) await talks.take(request(home.person('romeo'), 'logins'))
    expect(asked).toEqual(['contacts'])
    expect(told()).toEqual(['command.too-many'])
    for (let count = 0; count < 20; count++) {
      answers[count]?.give()
      await turn()
    }
    await talks.idle()
    expect(asked).toHaveLength(20)
    const next = talks.take(request(home.person('romeo'), 'version'))
    await turn()
    answers[20]?.give({ key: 'status.none' })
    await next
    expect(told()).toEqual(['command.too-many', 'status.none'])
  })

  it('that fails at once is sent again by whoever sent it; one that fails late is told', async () => {
    const { home, talks, timers, answers, request, told, turn } = stage()
    const early = talks.take(request(home.person('romeo'), 'logins'))
    await turn()
    answers[0]?.fail()
    await expect(early).rejects.toThrow('the store is down')
    expect(told()).toEqual([])
    const late = talks.take(request(home.person('romeo'), 'logins'))
    await turn()
    await timers.pass(1_000)
    await late
    answers[1]?.fail()
    await turn()
    expect(told()).toEqual(['command.fault'])
  })
})
