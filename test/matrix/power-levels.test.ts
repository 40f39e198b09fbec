import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PowerLevels } from '../../src/matrix/power-levels.ts'

const made = (room_version: string, more: object = {}) => ({ sender: '@romeo:hs.test', content: { room_version, ...more } })

describe('powers', () => {
  it('are those that the room gives, and the usual ones where it gives none', () => {
    const powers = new PowerLevels(made('10'), { users: { '@romeo:hs.test': 100 }, users_default: 1, events: { 'm.bridge': 75 } })
    expect(powers.of('@romeo:hs.test')).toBe(100)
    expect(powers.of('@tybalt:hs.test')).toBe(1)
    expect(powers.maySet('@romeo:hs.test', 'm.bridge')).toBe(true)
    expect(powers.maySet('@tybalt:hs.test', 'm.room.topic')).toBe(false)
    expect(powers.mayInvite('@tybalt:hs.test')).toBe(true)
  })

  it.each([
    ['text', { users: { '@romeo:hs.test': '100' }, users_default: ' 0 ', state_default: '50', invite: '50' }],
    ['text that is no number', { users: { '@romeo:hs.test': 100, '@tybalt:hs.test': 'all' }, state_default: 'half', invite: 50 }],
    [
      'lists and nothing',
      { users: { '@romeo:hs.test': 100, '@tybalt:hs.test': [] }, events: [], state_default: null, invite: 50 },
    ],
  ])('written as %s raise nobody', (_, content) => {
    const powers = new PowerLevels(made('9'), content)
    expect(powers.maySet('@romeo:hs.test', 'm.bridge')).toBe(true)
    expect(powers.maySet('@tybalt:hs.test', 'm.bridge')).toBe(false)
    expect(powers.mayInvite('@tybalt:hs.test')).toBe(false)
  })

  it('of those who made a room stand above all from version 12 on, and not before', () => {
    const content = { users: { '@tybalt:hs.test': 100 } }
    const more = { additional_creators: ['@nurse:hs.test'] }
    const after = new PowerLevels(made('12', more), content)
    expect(after.of('@romeo:hs.test')).toBeGreaterThan(after.of('@tybalt:hs.test'))
    expect(after.of('@nurse:hs.test')).toBeGreaterThan(after.of('@tybalt:hs.test'))
    const before = new PowerLevels(made('11', more), content)
    expect(before.of('@romeo:hs.test')).toBe(0)
    expect(before.of('@nurse:hs.test')).toBe(0)
  })

  it('are all with whoever made it in a room that names none', () => {
    const powers = new PowerLevels(made('10'), undefined)
    expect(powers.maySet('@romeo:hs.test', 'm.bridge')).toBe(true)
    expect(powers.of('@tybalt:hs.test')).toBe(0)
  })

  it('are numbers whatever a room says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (create, content, name) => {
        const powers = new PowerLevels(create, content)
        expect(powers.of(`@${name}`)).toEqual(expect.any(Number))
        expect(powers.of(`@${name}`)).not.toBeNaN()
        expect(powers.maySet(`@${name}`, 'm.room.topic')).toEqual(expect.any(Boolean))
      }),
    )
  })
})
