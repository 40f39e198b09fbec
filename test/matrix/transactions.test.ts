import { beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../src/core/log.ts'
import type { RoomEvent } from '../../src/matrix/events.ts'
import { Transactions } from '../../src/matrix/transactions.ts'

const minute = 60_000

function event(id: string, room = 'verona', more: object = {}): object {
  const content = { msgtype: 'm.text', body: id }
  return {
    type: 'm.room.message',
    event_id: `$${id}`,
    room_id: `!${room}`,
    sender: '@romeo:hs.test',
    origin_server_ts: 1,
    content,
    ...more,
  }
}

class Sink {
  readonly taken: string[] = []
  readonly ephemeral: unknown[] = []
  readonly apologies: string[] = []
  readonly faults = new Map<string, () => Error>()
  now = 0
  isWell = true
  /** Events that are done with, taken or left out. */
  readonly done: string[] = []
  held: Promise<void> = Promise.resolve()
  readonly transactions = new Transactions({
    check: async () => {},
    taken: async () => {},
    take: async ({ event_id }: RoomEvent) => {
      await this.held
      const fault = this.faults.get(event_id)
      if (fault) throw fault()
      this.taken.push(event_id)
    },
    done: ({ event_id }) => {
      this.done.push(event_id)
    },
    isWell: async () => this.isWell,
    takeEphemeral: async (value) => {
      this.ephemeral.push(value)
    },
    apologise: async ({ event_id }) => {
      this.apologies.push(event_id)
    },
    clock: () => this.now,
    log: silent,
  })
}

let sink: Sink

beforeEach(() => {
  sink = new Sink()
})

describe('a transaction', () => {
  it('is taken only when the last of its events is', async () => {
    let release = () => {}
    sink.held = new Promise((resolve) => {
      release = resolve
    })
    let isAnswered = false
    const answer = sink.transactions.take('1', { events: [event('a')] }).then(() => {
      isAnswered = true
    })
    await new Promise(setImmediate)
    expect(isAnswered).toBe(false)
    release()
    await answer
    expect(sink.taken).toEqual(['$a'])
  })

  it('gives the events of each room in order', async () => {
    await sink.transactions.take('1', { events: [event('a1', 'a'), event('b1', 'b'), event('a2', 'a'), event('b2', 'b')] })
    expect(sink.taken.filter((id) => id.startsWith('$a'))).toEqual(['$a1', '$a2'])
    expect(sink.taken.filter((id) => id.startsWith('$b'))).toEqual(['$b1', '$b2'])
  })

  it('stops a room at what could not be made safe, and goes on with the others', async () => {
    sink.faults.set('$a1', () => new Error('the store is away'))
    await expect(sink.transactions.take('1', { events: [event('a1', 'a'), event('a2', 'a'), event('b1', 'b')] })).rejects.toThrow(
      'away',
    )
    expect(sink.taken).toEqual(['$b1'])
  })

  it('that is repeated gives only what was not safe', async () => {
    const body = { events: [event('a1', 'a'), event('a2', 'a'), event('b1', 'b')] }
    sink.faults.set('$a2', () => new Error('the store is away'))
    await expect(sink.transactions.take('1', body)).rejects.toThrow()
    sink.faults.clear()
    await sink.transactions.take('1', body)
    await sink.transactions.take('1', body)
    expect(sink.taken).toEqual(['$a1', '$b1', '$a2'])
  })

  it('that comes again while the first copy is still in work doubles nothing', async () => {
    const body = { events: [event('a'), event('b')] }
    await Promise.all([sink.transactions.take('1', body), sink.transactions.take('1', body)])
    expect(sink.taken).toEqual(['$a', '$b'])
  })

  it('leaves out an event that brings out a fault of ours, and tells its sender', async () => {
    sink.faults.set('$a', () => new TypeError('undefined is not a function'))
    await sink.transactions.take('1', { events: [event('a'), event('b')] })
    expect(sink.taken).toEqual(['$b'])
    expect(sink.apologies).toEqual(['$a'])
  })

  it('does not take a lost connection for a fault of ours', async () => {
    sink.faults.set('$a', () => new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }))
    await expect(sink.transactions.take('1', { events: [event('a')] })).rejects.toThrow('fetch failed')
    expect(sink.apologies).toEqual([])
  })

  it('does not wait for ever for an event that is refused again and again', async () => {
    sink.faults.set('$a', () => new Error('no'))
    const body = { events: [event('a'), event('b')] }
    await expect(sink.transactions.take('1', body)).rejects.toThrow('no')
    sink.now = 9 * minute
    await expect(sink.transactions.take('1', body)).rejects.toThrow('no')
    sink.now = 10 * minute
    await sink.transactions.take('1', body)
    expect(sink.taken).toEqual(['$b'])
    expect(sink.apologies).toEqual(['$a'])
  })

  it('waits on for an event that is refused because nothing works', async () => {
    sink.faults.set('$a', () => new Error('the store is away'))
    sink.isWell = false
    const body = { events: [event('a')] }
    await expect(sink.transactions.take('1', body)).rejects.toThrow('away')
    sink.now = 60 * minute
    await expect(sink.transactions.take('1', body)).rejects.toThrow('away')
    sink.faults.clear()
    await sink.transactions.take('1', body)
    expect(sink.taken).toEqual(['$a'])
    expect(sink.apologies).toEqual([])
  })

  it('is done with an event that was left out, so that nothing brings it up again', async () => {
    sink.faults.set('$a', () => new TypeError('undefined is not a function'))
    await sink.transactions.take('1', { events: [event('a'), event('b')] })
    expect(sink.done).toEqual(['$a', '$b'])
  })

  it.each([
    ['no body', undefined],
    ['a body that is a list', []],
    ['events that are no list', { events: 'many' }],
    ['events that are nothing', { events: [null, 7, 'event', {}, []] }],
    ['an event without a sender', { events: [event('a', 'a', { sender: undefined })] }],
    ['an event whose content is no object', { events: [event('a', 'a', { content: 'text' })] }],
    ['an id without its sign', { events: [event('a', 'a', { room_id: 'room' })] }],
    ['an id without end', { events: [event('a', 'a', { sender: `@${'a'.repeat(300)}` })] }],
    ['a time that is none', { events: [event('a', 'a', { origin_server_ts: 'now' })] }],
  ])('with %s is over and does nothing', async (_, body) => {
    await sink.transactions.take('1', body)
    expect(sink.taken).toEqual([])
  })

  it('gives what is good beside what is malformed', async () => {
    await sink.transactions.take('1', { events: [{ event_id: '$bad' }, event('good')] })
    expect(sink.taken).toEqual(['$good'])
  })

  it('gives ephemeral events once, under whichever name they come', async () => {
    const typing = { type: 'm.typing' }
    await sink.transactions.take('1', { events: [], ephemeral: [typing], 'de.sorunome.msc2409.ephemeral': [typing] })
    await sink.transactions.take('1', { events: [], 'de.sorunome.msc2409.ephemeral': [typing] })
    await sink.transactions.take('1', { events: [], ephemeral: [typing] })
    expect(sink.ephemeral).toHaveLength(3)
  })
})

describe('an event that was read and not pushed', () => {
  it('is left out where it brings out a fault of ours, as one that was pushed', async () => {
    sink.faults.set('$a', () => new TypeError('undefined is not a function'))
    await sink.transactions.takeOne(event('a') as RoomEvent)
    expect(sink.apologies).toEqual(['$a'])
    expect(sink.done).toEqual(['$a'])
  })

  it('is taken once, whether it is pushed before or afterwards', async () => {
    await sink.transactions.takeOne(event('a') as RoomEvent)
    await sink.transactions.take('1', { events: [event('a'), event('b')] })
    await sink.transactions.takeOne(event('b') as RoomEvent)
    expect(sink.taken).toEqual(['$a', '$b'])
  })
})
