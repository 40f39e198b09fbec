import { beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { Typing } from '../../src/msn/typing.ts'
import { ManualTimers } from '../support/manual-timers.ts'

const romeo = { network: networkId('verona'), id: 'romeo@verona.example' }

let timers: ManualTimers
let typing: Typing
let shown: string[]

beforeEach(() => {
  timers = new ManualTimers()
  typing = new Typing(timers)
  shown = []
})

const begins = (chat: string) => typing.began(romeo, chat, () => shown.push(chat))

describe('typing, as MSN shows it', () => {
  it('is said again every five seconds, because clients forget it', async () => {
    begins('juliet')
    await timers.pass(14_999)
    expect(shown).toHaveLength(3)
  })

  it('ends when the user stops or has said it, in that chat only', async () => {
    begins('juliet')
    begins('nurse')
    typing.ended(romeo, 'juliet')
    await timers.pass(5_000)
    expect(shown).toEqual(['juliet', 'nurse', 'nurse'])
  })

  it('ends after two minutes when nobody says that it ended, and can begin again', async () => {
    begins('juliet')
    await timers.pass(10 * 60_000)
    expect(shown).toHaveLength(24)
    expect(timers.waiting).toBe(0)
    begins('juliet')
    expect(shown).toHaveLength(25)
  })

  it('is said once when it begins twice', async () => {
    begins('juliet')
    begins('juliet')
    await timers.pass(5_000)
    expect(shown).toHaveLength(3)
    typing.stop()
    expect(timers.waiting).toBe(0)
  })
})
