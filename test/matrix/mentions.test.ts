import { describe, expect, it } from 'vitest'
import type { Utterance } from '../../src/core/content.ts'
import type { DeliveryId, Parcel } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { Mentions } from '../../src/matrix/mentions.ts'
import { julietsGhost } from './stage.ts'

const romeo = '@romeo:hs.test'
const bot = '@msnbot:hs.test'

/** A homeserver with one room, in which Romeo said something. */
function stage({ error }: { error?: HomeserverError } = {}) {
  let now = 0
  let asked = 0
  const answer = <Answer>(value: Answer) => {
    asked++
    return error ? Promise.reject(error) : Promise.resolve(value)
  }
  const mentions = new Mentions({
    homeserver: { ask: (form) => answer(form.parse({ sender: romeo })) },
    rooms: { joined: () => answer([julietsGhost.id, bot, romeo, '@nurse:hs.test']) },
    isOurs: (user) => user === bot || user === julietsGhost.id,
    clock: () => now,
  })
  const parcel = (content: Utterance, id = 'a', room = '!room:hs.test'): Parcel => ({
    id: id as DeliveryId,
    conversation: { network: julietsGhost.network, id: room },
    as: julietsGhost,
    content,
    sentAt: 0,
    again: false,
  })
  return {
    of: (content: Utterance, id?: string, room?: string) => mentions.in(parcel(content, id, room)),
    passes: (milliseconds: number) => {
      now += milliseconds
    },
    get asked() {
      return asked
    },
  }
}

const nudge: Utterance = { kind: 'nudge' }
const outcome = (state: 'failed' | 'waiting' | 'delivered'): Utterance => ({
  kind: 'outcome',
  of: '$said' as RemoteId,
  state,
  phrase: { key: 'delivery.unreachable' },
})

describe('a message of ours wakes', () => {
  it('everybody in the room when it is a nudge, but not again for half a minute', async () => {
    const { of, passes } = stage()
    expect(await of(nudge, 'first')).toEqual([romeo, '@nurse:hs.test'])
    passes(29_999)
    expect(await of(nudge, 'second')).toEqual([])
    expect(await of(nudge, 'elsewhere', '!other:hs.test')).toEqual([romeo, '@nurse:hs.test'])
    passes(1)
    expect(await of(nudge, 'third')).toEqual([romeo, '@nurse:hs.test'])
  })

  it('them again when the same nudge is tried again', async () => {
    const { of } = stage()
    await of(nudge, 'first')
    expect(await of(nudge, 'first')).toEqual([romeo, '@nurse:hs.test'])
  })

  it('whoever wrote what failed, and nobody with other news of it', async () => {
    const { of } = stage()
    expect(await of(outcome('failed'))).toEqual([romeo])
    expect(await of(outcome('waiting'))).toEqual([])
    expect(await of(outcome('delivered'))).toEqual([])
  })

  it('nobody with words, for which the homeserver is not asked', async () => {
    const world = stage()
    expect(await world.of({ kind: 'text', runs: [{ text: 'Romeo!' }] })).toEqual([])
    expect(world.asked).toBe(0)
  })

  it('nobody when the homeserver does not say who is there, and waits for one that is away', async () => {
    expect(await stage({ error: new HomeserverError('GET', { status: 403, errcode: 'M_FORBIDDEN' }) }).of(nudge)).toEqual([])
    await expect(stage({ error: new HomeserverError('GET', {}) }).of(nudge)).rejects.toThrow(HomeserverError)
  })
})
