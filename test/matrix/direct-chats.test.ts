import { beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import { Chats } from '../../src/matrix/chats.ts'
import { DirectChats } from '../../src/matrix/direct-chats.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

const bot = '@msnbot:hs.test'
const romeo: Address = { network: networkId('matrix'), id: '@romeo:hs.test' }
const chair = (id: string): Address => ({ network: networkId('msn'), id })
const [juliet, nurse] = ['@msn_juliet:hs.test', '@msn_nurse:hs.test'] as const

/** Romeo's account data, as his homeserver has it; undefined: none yet. */
let content: unknown
let isLent: boolean
let isAway: boolean
let calls: string[]
let records: MemoryRecords
let directChats: DirectChats

function open(): void {
  const puppets = {
    has: async () => isLent,
    async call(user: string, method: string, _path: string, call: { body?: unknown } = {}) {
      if (user !== romeo.id) return new Promise<never>(() => {})
      calls.push(method)
      if (isAway) throw new HomeserverError(method, { status: 502 })
      if (method === 'PUT') content = call.body
      else if (content === undefined) throw new HomeserverError('GET', { status: 404, errcode: 'M_NOT_FOUND' })
      return content
    },
  }
  directChats = new DirectChats({ puppets, chats: new Chats(records), records, bot })
}

beforeEach(async () => {
  content = undefined
  isLent = true
  isAway = false
  calls = []
  records = new MemoryRecords()
  const chats = new Chats(records)
  for (const [room, ghost] of Object.entries({ '!a': juliet, '!b': nurse, '!c': juliet, '!square': bot }))
    await chats.remember(room, ghost)
  open()
})

describe('the direct chats of a user', () => {
  it('are those with one ghost, and no others', async () => {
    await directChats.keep(romeo, chair('one'), ['!a', '!b', '!square', '!unknown'])
    expect(content).toEqual({ [juliet]: ['!a'], [nurse]: ['!b'] })
  })

  it('stand beside what the user and others wrote, whatever that is, and go alone', async () => {
    const theirs = { [juliet]: ['!old', 7], '@paris:hs.test': ['!x'], odd: 'thing', [nurse]: null }
    content = theirs
    await directChats.keep(romeo, chair('one'), ['!a', '!b'])
    expect(content).toEqual({ ...theirs, [juliet]: ['!old', 7, '!a'], [nurse]: ['!b'] })
    await directChats.keep(romeo, chair('one'), [])
    expect(content).toEqual({ [juliet]: ['!old', 7], '@paris:hs.test': ['!x'], odd: 'thing' })
  })

  it('of several accounts stand side by side, however they are kept at the same time', async () => {
    await Promise.all([directChats.keep(romeo, chair('one'), ['!a']), directChats.keep(romeo, chair('two'), ['!c'])])
    expect(content).toEqual({ [juliet]: ['!a', '!c'] })
    await directChats.keep(romeo, chair('one'), [])
    expect(content).toEqual({ [juliet]: ['!c'] })
  })

  it('cost nothing when nothing changed, also after a restart, and one that the user took out stays out', async () => {
    await directChats.keep(romeo, chair('one'), ['!a'])
    content = {}
    calls = []
    open()
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(calls).toEqual([])
    await directChats.keep(romeo, chair('one'), ['!a', '!b'])
    expect(content).toEqual({ [nurse]: ['!b'] })
  })

  it('wait until the user lends us their account', async () => {
    isLent = false
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(calls).toEqual([])
    isLent = true
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(content).toEqual({ [juliet]: ['!a'] })
  })

  it('are read as none where the homeserver has nonsense', async () => {
    content = 'nonsense'
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(content).toEqual({ [juliet]: ['!a'] })
  })

  it('that could not be written are written next time', async () => {
    isAway = true
    await expect(directChats.keep(romeo, chair('one'), ['!a'])).rejects.toBeInstanceOf(HomeserverError)
    isAway = false
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(content).toEqual({ [juliet]: ['!a'] })
  })

  it('do not wait for the homeserver of somebody else', async () => {
    const paris: Address = { network: networkId('matrix'), id: '@paris:slow.test' }
    void directChats.keep(paris, chair('paris'), ['!b'])
    await directChats.keep(romeo, chair('one'), ['!a'])
    expect(content).toEqual({ [juliet]: ['!a'] })
  })
})
