import { describe, expect, it } from 'vitest'
import type { ContactList } from '../../src/core/contact.ts'
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
  return { home, hosted, linked, stores, chairs, romeo, link, juliet: linked.person('juliet@example.com') }
}

describe('the chair of a user', () => {
  it('is a ghost of ours where they are hosted', async () => {
    const { chairs, romeo, hosted } = await stage()
    expect(await chairs.of(romeo, hosted.person('juliet@example.com'))).toEqual(hosted.ghostOf(romeo.homes[0]))
  })

  it('is their own account where they linked one, one that is online first', async () => {
    const { chairs, romeo, linked, stores, link, juliet } = await stage()
    expect(await chairs.of(romeo, juliet)).toBeUndefined()
    await link('first@example.com')
    const second = await link('second@example.com')
    if (!second) throw new Error('not linked')
    await stores.logins.setState(second.id, 'online')
    expect(await chairs.of(romeo, juliet)).toEqual(linked.person('second@example.com'))
  })

  it('is the one of their accounts that has the contact on its list, where there are several', async () => {
    const { chairs, romeo, linked, stores, link, juliet } = await stage()
    const [first, second] = [await link('first@example.com'), await link('second@example.com')]
    for (const login of [first, second]) if (login) await stores.logins.setState(login.id, 'online')
    const listed = (lists: readonly ContactList[]) => [{ address: juliet, name: 'Juliet', lists, groups: [] }]
    linked.lists.set('first@example.com', listed(['reverse', 'pending']))
    expect(await chairs.of(romeo, juliet)).toEqual(linked.person('first@example.com'))
    linked.lists.set('second@example.com', listed(['forward', 'allow']))
    expect(await chairs.of(romeo, juliet)).toEqual(linked.person('second@example.com'))
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
    await expect(chairs.of(romeo, gone.person('x'))).rejects.toThrow('"mantua"')
    await expect(chairs.userIn(gone.person('x'))).rejects.toThrow('"mantua"')
  })
})
