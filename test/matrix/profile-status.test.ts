import { beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../src/core/log.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { ProfileStatuses } from '../../src/matrix/profile-status.ts'
import { ManualTimers } from '../support/manual-timers.ts'

const romeo = '@romeo:hs.test'

let timers: ManualTimers
let asked: string[]
let answer: unknown
let statuses: ProfileStatuses

beforeEach(() => {
  timers = new ManualTimers()
  asked = []
  const call = async (_as: string, _method: string, path: string) => {
    asked.push(decodeURIComponent(path))
    if (answer instanceof Error) throw answer
    return answer
  }
  statuses = new ProfileStatuses({ homeserver: { call }, bot: '@msnbot:hs.test', clock: timers.clock, log: silent })
})

describe('what a user says in their profile', () => {
  it.each([
    [{ 'm.status': { text: ' banished ', emoji: '🌴' } }, 'banished'],
    [{ 'org.matrix.msc4426.status': { text: 'in love', emoji: '🌹' } }, 'in love'],
    [{ 'm.status': { text: '', emoji: '🌴' } }, '🌴'],
    [{ 'm.status': { text: 'no picture' } }, 'no picture'],
    [{ 'm.status': { text: 7, emoji: '🌴' } }, ''],
    [{ 'm.status': 'words' }, ''],
    [{ 'm.status': { text: 'x'.repeat(5_000), emoji: '🌴' } }, ''],
    [{ displayname: 'Romeo' }, ''],
    ['nothing', ''],
    [new HomeserverError('GET', { status: 404 }), ''],
  ])('%j is read as "%s"', async (profile, text) => {
    answer = profile
    expect(await statuses.look(romeo)).toBe(text !== '')
    expect(statuses.of(romeo)).toBe(text)
  })

  it('is looked at once a minute, and is news when it is another', async () => {
    answer = { 'm.status': { text: 'in love', emoji: '🌹' } }
    expect(await Promise.all([statuses.look(romeo), statuses.look(romeo)])).toEqual([true, false])
    await timers.pass(60_000)
    expect(await statuses.look(romeo)).toBe(false)
    answer = {}
    await timers.pass(60_000)
    expect(await statuses.look(romeo)).toBe(true)
    expect(statuses.of(romeo)).toBe('')
    expect(asked).toHaveLength(3)
  })

  it('is not asked of another server, which might never answer', async () => {
    expect(await statuses.look('@paris:elsewhere.test')).toBe(false)
    expect(asked).toEqual([])
  })
})
