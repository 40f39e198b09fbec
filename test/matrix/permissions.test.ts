import { describe, expect, it } from 'vitest'
import { Permissions } from '../../src/matrix/permissions.ts'

describe('what somebody may do', () => {
  it('is, without settings, to be a user at our own homeserver and nothing elsewhere', () => {
    const permissions = new Permissions({ domain: 'verona.test' })
    expect(permissions.of('@romeo:verona.test')).toBe('user')
    expect(permissions.of('@paris:mantua.test')).toBe('block')
  })

  it('is what stands for them, before what stands for their server, before what stands for everybody', () => {
    const settings = {
      '@escalus:verona.test': 'admin',
      'verona.test': 'user',
      'mantua.test:8448': 'commands',
      '*': 'relay',
    } as const
    const permissions = new Permissions({ permissions: settings, domain: 'verona.test' })
    expect(permissions.of('@escalus:verona.test')).toBe('admin')
    expect(permissions.of('@romeo:verona.test')).toBe('user')
    expect(permissions.of('@paris:mantua.test:8448')).toBe('commands')
    expect(permissions.of('@escalus:mantua.test')).toBe('relay')
  })

  it('is nothing for whom nothing stands, be it at our own homeserver', () => {
    const permissions = new Permissions({ permissions: { 'mantua.test': 'user' }, domain: 'verona.test' })
    expect(permissions.of('@romeo:verona.test')).toBe('block')
  })

  it.each(['romeo', '@:verona.test', '@romeo', '@romeo:', '*', 'verona.test'])('is nothing for %s, which is nobody', (userId) => {
    expect(new Permissions({ permissions: { '*': 'admin' }, domain: 'verona.test' }).of(userId)).toBe('block')
  })
})
