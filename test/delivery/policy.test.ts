import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NetworkId } from '../../src/core/address.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import { Fault, nextStep } from '../../src/delivery/policy.ts'

const juliet = { network: 'msn' as NetworkId, id: 'juliet@example.com' }
const unreachable = new NetworkUnreachable()
const absent = new Absent(juliet, { key: 'delivery.contact-offline', params: { name: 'Juliet' } })
const refused = new ContentRefused({ key: 'delivery.no-portal' })
const fault = new Fault({ key: 'storage.fault' })
const now = 1_000_000
const chance = 0.5

describe('the policy', () => {
  it('fails what the network will never take, whatever the deadline', () => {
    expect(nextStep({ error: refused, tries: 0, now, chance })).toEqual({ step: 'fail' })
    expect(nextStep({ error: refused, tries: 0, now, deadline: now - 1, chance })).toEqual({ step: 'fail' })
  })

  it('waits for whoever is absent, until the deadline', () => {
    expect(nextStep({ error: absent, tries: 0, now, chance })).toEqual({ step: 'wait', until: juliet })
    expect(nextStep({ error: absent, tries: 0, now, deadline: now + 1, chance })).toEqual({ step: 'wait', until: juliet })
    expect(nextStep({ error: absent, tries: 0, now, deadline: now, chance })).toEqual({ step: 'expire' })
  })

  it('waits longer with every try, up to a minute', () => {
    const pauses = Array.from({ length: 40 }, (_, tries) => nextStep({ error: unreachable, tries, now, chance: 1 }))
    expect(pauses.slice(0, 4)).toEqual([500, 1000, 2000, 4000].map((afterMs) => ({ step: 'retry', afterMs })))
    expect(pauses.at(-1)).toEqual({ step: 'retry', afterMs: 60_000 })
  })

  it('never retries at once, nor later than twice its shortest pause for that try', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (tries, luck) => {
        const step = nextStep({ error: unreachable, tries, now, chance: luck })
        const longest = Math.min(500 * 2 ** Math.min(tries, 16), 60_000)
        expect(step).toMatchObject({ step: 'retry' })
        if (step.step === 'retry') expect(step.afterMs).toBeGreaterThanOrEqual(longest / 2)
        if (step.step === 'retry') expect(step.afterMs).toBeLessThanOrEqual(longest)
      }),
    )
  })

  it('waits as long as the network asked', () => {
    const error = new NetworkUnreachable({ retryAfter: 90_000 })
    expect(nextStep({ error, tries: 0, now, chance })).toEqual({ step: 'retry', afterMs: 90_000 })
  })

  it('gives up at once when the network asks to wait past the deadline', () => {
    const error = new NetworkUnreachable({ retryAfter: 90_000 })
    expect(nextStep({ error, tries: 0, now, deadline: now + 60_000, chance })).toEqual({ step: 'expire' })
  })

  it('makes the last try at the deadline', () => {
    expect(nextStep({ error: unreachable, tries: 9, now, deadline: now + 1234, chance })).toEqual({
      step: 'retry',
      afterMs: 1234,
    })
    expect(nextStep({ error: unreachable, tries: 9, now, deadline: now, chance })).toEqual({ step: 'expire' })
  })

  it('never gives up on a network without a deadline, and on a fault of ours only after a thousand tries', () => {
    expect(nextStep({ error: unreachable, tries: 1_000_000, now, chance })).toMatchObject({ step: 'retry' })
    expect(nextStep({ error: fault, tries: 999, now, chance })).toMatchObject({ step: 'retry' })
    expect(nextStep({ error: fault, tries: 1000, now, chance })).toEqual({ step: 'expire' })
    expect(nextStep({ error: fault, tries: 1000, now, deadline: now + 99_999, chance })).toMatchObject({ step: 'retry' })
  })
})
