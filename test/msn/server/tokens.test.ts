import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { Handle } from '../../../src/msn/server/handle.ts'
import { Tokens } from '../../../src/msn/server/tokens.ts'
import { ManualTimers } from '../../support/manual-timers.ts'
import { MemoryTickets } from '../../support/memory-stores.ts'

const juliet = 'juliet@example.com' as Handle

describe('tokens', () => {
  const timers = new ManualTimers()
  let stamp = 'first'
  const tokens = new Tokens(new MemoryTickets(timers.clock), async () => stamp)

  test('a token stands for its owner, with the same secret each time, again and again', async () => {
    const { ticket, secret } = await tokens.issue(juliet, 'sign-in', 60)
    expect(ticket.reveal()).toMatch(/^t=[\w-]{20,}&p=$/)
    expect(Buffer.from(secret.reveal(), 'base64')).toHaveLength(24)
    for (let time = 0; time < 2; time++) {
      const known = await tokens.check(ticket, 'sign-in')
      expect(known?.handle).toBe(juliet)
      expect(known?.secret.reveal()).toBe(secret.reveal())
    }
  })

  test('it may come back without its ends', async () => {
    const { ticket } = await tokens.issue(juliet, 'messenger', 60)
    const bare = new Secret(ticket.reveal().replace('t=', '').replace('&p=', ''))
    expect((await tokens.check(bare, 'messenger'))?.handle).toBe(juliet)
  })

  test('one for signing in opens no web service, and no two are alike', async () => {
    const one = await tokens.issue(juliet, 'sign-in', 60)
    const other = await tokens.issue(juliet, 'sign-in', 60)
    expect(await tokens.check(one.ticket, 'messenger', 'services')).toBeUndefined()
    expect(one.secret.reveal()).not.toBe(other.secret.reveal())
  })

  test('with another password, or without the account, it is worth nothing', async () => {
    const { ticket } = await tokens.issue(juliet, 'services', 60)
    stamp = 'second'
    expect(await tokens.check(ticket, 'services')).toBeUndefined()
    stamp = 'first'
    expect(await tokens.check(ticket, 'services')).toBeDefined()
  })

  test('nobody stands behind a token that is made up or over', async () => {
    const { ticket } = await tokens.issue(juliet, 'services', 60)
    expect(await tokens.check(new Secret('t=made-up&p='), 'services')).toBeUndefined()
    await timers.pass(61_000)
    expect(await tokens.check(ticket, 'services')).toBeUndefined()
  })
})
