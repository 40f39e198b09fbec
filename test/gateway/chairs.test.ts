import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { Chairs } from '../../src/gateway/chairs.ts'
import { Networks } from '../../src/gateway/networks.ts'
import { FakeNetwork } from '../support/fake-network.ts'
import { memoryStores } from '../support/memory-stores.ts'

async function stage() {
  const home = new FakeNetwork('matrix', 'home')
  const hosted = new FakeNetwork('msn', 'hosted')
  const linked = new FakeNetwork('verona', 'linked')
  const stores = memoryStores()
  const chairs = new Chairs({ networks: new Networks([home, hosted, linked]), users: stores.users, logins: stores.logins })
  const romeo = await stores.users.at(home.person('romeo'))
  const link = (id: string) => stores.logins.save(romeo.id, linked.person(id), { password: new Secret('dagger') })
  return { home, hosted, linked, stores, chairs, romeo, link }
}

describe('the chair of a user', () => {
  it('is a ghost of ours where they are hosted', async () => {
    const { chairs, romeo, hosted } = await stage()
    expect(await chairs.of(romeo, hosted.id)).toEqual(hosted.ghostOf(romeo.homes[0]))
  })

  it('is their own account where they linked one, one that is online first', async () => {
    const { chairs, romeo, linked, stores, link } = await stage()
    expect(await chairs.of(romeo, linked.id)).toBeUndefined()
    await link('first@example.com')
    const second = await link('second@example.com')
    if (!second) throw new Error('not linked')
    await stores.logins.setState(second.id, 'online')
    expect(await chairs.of(romeo, linked.id)).toEqual(linked.person('second@example.com'))
  })

  it('leads back to the user', async () => {
    const { chairs, romeo, hosted, linked, link } = await stage()
    await link('romeo@example.com')
    const ghost = hosted.ghostOf(romeo.homes[0])
    for (const chair of [ghost, linked.person('romeo@example.com')])
      expect(chair && (await chairs.userIn(chair))).toMatchObject({ id: romeo.id })
  })

  it('leads to nobody when the login is gone, or when it is no chair of ours', async () => {
    const { chairs, hosted, linked } = await stage()
    expect(await chairs.userIn(linked.person('romeo@example.com'))).toBeUndefined()
    expect(await chairs.userIn(hosted.person('juliet@example.com'))).toBeUndefined()
  })

  it('on a network that the config no longer has is an error that names it', async () => {
    const { chairs, romeo } = await stage()
    const gone = new FakeNetwork('mantua', 'linked')
    await expect(chairs.of(romeo, gone.id)).rejects.toThrow('"mantua"')
    await expect(chairs.userIn(gone.person('x'))).rejects.toThrow('"mantua"')
  })
})
