// The desk behind the bot's commands: joins commands/ with the gateway's parts.

import type { Desk } from './commands/desk.ts'
import type { Address } from './core/address.ts'
import { sameAddress } from './core/address.ts'
import { isFriend } from './core/contact.ts'
import type { Conversation } from './core/conversation.ts'
import { DeliveryError } from './core/errors.ts'
import type { EditsContactList, Network } from './core/network.ts'
import { answersPings, beginsSeveral, editsContactList, lendsPuppets, linksChats, showsLooks } from './core/network.ts'
import type { Portal } from './core/portal.ts'
import type { Contacts, Logins as LoginStore, Users } from './core/stores.ts'
import type { User } from './core/user.ts'
import type { Backroom } from './gateway/assembly.ts'
import type { Place } from './gateway/portals.ts'
import { version } from './version.ts'

interface Parts extends Backroom {
  readonly stores: { readonly users: Users; readonly logins: LoginStore; readonly contacts: Contacts }
}

/** What the commands can have done. */
export function openDesk(parts: Parts): Desk {
  return { version, ...accountsDesk(parts), ...listsDesk(parts), ...chatsDesk(parts), ...officeDesk(parts) }
}

/** The user's accounts. */
function accountsDesk({ logins, networks, stores }: Parts) {
  const withFace = (face: Network['face']) => networks.all().filter((network) => network.face === face)
  const isAtHome = ({ network }: Address) => networks.find(network)?.face === 'home'
  const hostedAs = (user: User) =>
    withFace('hosted')
      .map((network) => network.ghostOf(user.homes[0]))
      .filter((address) => address !== undefined)
  const linkedOf = async (user: User) => (await stores.logins.of(user.id)).filter(({ address }) => !isAtHome(address))
  return {
    linkable: () => withFace('linked').map((network) => network.id),
    hostedAs,
    logins: linkedOf,
    friends: async (login) => (await stores.contacts.of(login.id)).filter(isFriend).length,
    link: (user, account, credentials, cause) => logins.link(user, account, credentials, cause),
    unlink: (login) => logins.unlink(login),
    relogin: (login, cause) => logins.relogin(login, cause),
    lend: async (user, token, cause) => {
      const [home] = user.homes
      if (!lendsPuppets(networks.of(home))) return false
      return (await logins.link(user, home, { password: token }, cause)) !== undefined
    },
    takeBack: async (user) => {
      const loan = (await stores.logins.of(user.id)).find(({ address }) => sameAddress(address, user.homes[0]))
      if (loan) await logins.unlink(loan)
      return loan !== undefined
    },
    chairs: async (user) => [...hostedAs(user), ...(await linkedOf(user)).map((login) => login.address)],
  } satisfies Partial<Desk>
}

/** The lists of their chairs, and how those look. */
function listsDesk({ networks, ghosts, shelves }: Parts) {
  const keeperOf = (chair: Address): EditsContactList => {
    const network = networks.of(chair)
    if (!editsContactList(network)) throw new Error(`${network.id} has no contact lists`)
    return network
  }
  return {
    contacts: async (chair) => keeperOf(chair).contacts(chair),
    edit: async (chair, change, who) => keeperOf(chair).edit(chair, change, who),
    arrange: async (chair, arrangement) => keeperOf(chair).arrange(chair, arrangement),
    show: async (chair, look) => {
      const network = networks.of(chair)
      if (showsLooks(network)) await network.show(chair, look)
    },
    sync: async (user, chair) => {
      const keeper = keeperOf(chair)
      await keeper.reread(chair)
      const friends = (await keeper.contacts(chair)).filter(isFriend).map(({ address }) => address)
      void ghosts.freshen(friends, user.homes[0].network)
      shelves.asked(chair)
    },
  } satisfies Partial<Desk>
}

/** The chats of their users. */
function chatsDesk({ networks, portals, relay, several, trace, clock }: Parts) {
  const linkTo = (room: Conversation) => {
    const network = networks.get(room.network)
    return linksChats(network) ? network.linkTo(room) : room.id
  }
  const placeOf = async (portal: Portal): Promise<Place> => {
    const place = await portals.at(portal.id, 'room')
    if (!place) throw new Error(`portal ${portal.id} is gone`)
    return place
  }
  const startChat: Desk['startChat'] = async (user, chair, who) => (await portals.begin(user, chair, who)).portal.room
  return {
    linkTo,
    officeOf: ({ management, homes: [home] }) => linkTo(management ?? networks.of(home).bot ?? home),
    chatIn: async (room) => {
      const place = await portals.find(room)
      if (place?.end !== 'room') return undefined
      const { portal, user } = place
      const { network, id } = portal.anchor
      const people = await several.peopleIn(portal)
      return { portal, name: await several.nameOf(portal, user), ...(!people && { contact: { network, id } }) }
    },
    startChat,
    createGroup: async (user, chair, people) => {
      const network = networks.of(chair)
      if (!beginsSeveral(network)) throw new Error(`${network.id} has no chats of several`)
      await portals.introduceUser(user, chair)
      const { network: on, id } = await network.begin(chair, people)
      return startChat(user, chair, { network: on, id })
    },
    bridge: async (user, chair, who, room) => (await portals.bridge(user, chair, who, room)).portal.room,
    unbridge: async (portal) => portals.unbridge(await placeOf(portal)),
    forget: async (portal) => portals.forget(await placeOf(portal)),
    setRelays: async (portal, relays) => portals.setRelays(await placeOf(portal), relays),
    nudge: async ({ homes: [from] }, room, cause) =>
      relay.relay({ kind: 'message', id: cause, conversation: room, from, content: { kind: 'nudge' }, sentAt: clock() }),
    steps: async ({ homes: [from] }, room, message) => {
      const id = message ?? trace.lastOf(room, from)
      const steps = id === undefined ? [] : await trace.stepsOf(room, id)
      return steps.length > 0 ? steps : undefined
    },
  } satisfies Partial<Desk>
}

/** What those who run the gateway need, and how it is. */
function officeDesk({ networks, levels, logins, stores: { users } }: Parts) {
  return {
    ping: async () => {
      const homes = networks.all().filter(answersPings)
      return Promise.all(homes.map(async (home) => ({ network: home.id, ...(await timed(() => home.ping())) })))
    },
    userAt: (text, like) => users.find({ network: like.homes[0].network, id: text.trim() }),
    users: () => users.all(),
    levelOf: (user) => levels.of(user.homes[0]),
    setBlocked: async (user, isBlocked) => {
      await users.setBlocked(user.id, isBlocked)
      await (isBlocked ? logins.suspend(user) : logins.resume(user))
    },
  } satisfies Partial<Desk>
}

/** How long somebody took to answer; nothing where they did not. */
async function timed(ping: () => Promise<number>): Promise<{ took?: number }> {
  try {
    return { took: await ping() }
  } catch (error) {
    if (error instanceof DeliveryError) return {}
    throw error
  }
}
