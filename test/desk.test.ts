import { describe, expect, it } from 'vitest'
import type { ContactList } from '../src/core/contact.ts'
import { Secret } from '../src/core/secret.ts'
import { fakeGateway } from './support/fake-gateway.ts'

async function stage() {
  const world = await fakeGateway()
  const romeo = await world.stores.users.at(world.home.person('romeo'))
  return { ...world, romeo }
}

describe('the desk', () => {
  it('offers the networks that one signs in to, and no others', async () => {
    const { desk } = await stage()
    expect(desk.linkable()).toEqual(['verona'])
  })

  it('says who somebody is where they need no account', async () => {
    const { desk, romeo, hosted } = await stage()
    expect(desk.hostedAs(romeo)).toEqual([hosted.ghostOf(romeo.homes[0])])
  })

  it('links an account, counts its friends, and unlinks it', async () => {
    const { desk, romeo, linked, stores } = await stage()
    const account = linked.person('romeo@example.com')
    const login = await desk.link(romeo, account, { password: new Secret('dagger') }, 'cause')
    if (!login) throw new Error('not linked')
    expect(await desk.logins(romeo)).toMatchObject([{ address: account, state: 'connecting' }])
    expect(linked.connected).toMatchObject([{ password: 'dagger' }])
    const contact = (id: string, lists: ContactList[]) => ({
      login: login.id,
      address: linked.person(id),
      name: id,
      lists,
      groups: [],
    })
    await stores.contacts.replace(login.id, [contact('juliet', ['forward', 'allow']), contact('tybalt', ['reverse', 'block'])])
    expect(await desk.friends(login)).toBe(1)
    await desk.unlink(login)
    expect(linked.disconnected).toEqual([login.id])
    expect(await desk.logins(romeo)).toEqual([])
  })

  it('does not link what another user has', async () => {
    const { desk, romeo, home, linked, stores } = await stage()
    const account = linked.person('romeo@example.com')
    await desk.link(romeo, account, { password: new Secret('dagger') }, 'cause')
    const paris = await stores.users.at(home.person('paris'))
    expect(await desk.link(paris, account, { password: new Secret('x') }, 'cause')).toBeUndefined()
    expect(linked.connected).toHaveLength(1)
  })
})
