// The port that every network implements, and its optional abilities.

import type { Address, NetworkId } from './address.ts'
import type { Arrangement, ContactChange, ListedContact } from './contact.ts'
import type { Media } from './content.ts'
import type { Conversation } from './conversation.ts'
import type { Origin, Parcel } from './delivery.ts'
import type { EventSink, RemoteId } from './event.ts'
import type { Ghost, Picture, PictureRef } from './ghost.ts'
import type { Level } from './level.ts'
import type { Credentials, Login, LoginId } from './login.ts'
import type { PortalId } from './portal.ts'
import type { Look, Presence, Signal } from './signal.ts'
import type { Step } from './stores.ts'
import type { Phrase } from './words.ts'

/** home: users live here. linked: users have accounts here and lend them to us. hosted: users are here as themselves. */
export type Face = 'home' | 'linked' | 'hosted'

/** What is needed to make a user's side of a portal exist. */
export interface Opening {
  readonly portal: PortalId
  /** Who opens it: the ghost, on this network, of the person on the other side; our bot where those are several. */
  readonly as: Address
  /** Who is in a chat of several: their ghosts on this network, and what it is called. */
  readonly several?: { readonly ghosts: readonly Address[]; readonly name: string }
  /** The user's home on this network. */
  readonly user: Address
  /** What the invitation says, where there is something to say. */
  readonly reason?: string
  /** The room that is to become the user's side, where they have named one; otherwise one is made. */
  readonly into?: Conversation
  /** Whether the user has long wanted the contact, so that they need not be asked whether they want the chat. */
  readonly isWanted?: true
}

/** The chats of one chair of a user, in order: in the groups of its contact list, and those in none. */
export interface Shelf {
  readonly user: Address
  readonly chair: Address
  readonly chats: readonly Conversation[]
  readonly groups: readonly { readonly name: string; readonly chats: readonly Conversation[] }[]
  /** The user asked for it: who left it is invited again. */
  readonly isAsked?: true
}

/** What a network says of a parcel that it took. */
export interface Receipt {
  readonly id: RemoteId
  /** The recipient is away; the network keeps it until they are back. */
  readonly kept?: true
  /** Who of those in a chat of several was called and did not come to hear it. */
  readonly missed?: readonly Address[]
  /** What happened to it on the way there, where there is something to tell. */
  readonly steps?: readonly Step[]
}

/** One network of the gateway. */
export interface Network {
  readonly id: NetworkId
  readonly face: Face
  /** The account of our bot, on a home network. */
  readonly bot?: Address
  /** Begins to tell of events. The sink resolves once an event is safe, and rejects when it could not be made safe. */
  start(sink: EventSink): Promise<void>
  /** Ends; resolves when nothing is in flight. */
  stop(): Promise<void>
  /** Who stands here for somebody from elsewhere; undefined where we can have no such account. Pure. */
  ghostOf(person: Address): Address | undefined
  /** Whom an address of this network stands for, if it is one of our ghosts. Pure. */
  behind(address: Address): Address | undefined
  /** Signs a login in. A refusal is a login-state event, not an exception. Only on linked networks. */
  connect(login: Login, credentials: Credentials): Promise<void>
  /** Signs a login out; resolves also when it was not signed in. */
  disconnect(login: LoginId): Promise<void>
  /** Makes our side of a portal exist: a room and an invitation. Twice is the same as once. Only on home networks. */
  open(opening: Opening): Promise<Conversation>
  /** Resolves when the network has taken the parcel; throws a DeliveryError. */
  deliver(parcel: Parcel): Promise<Receipt>
  /** Now or never; never throws. */
  signal(signal: Signal): void
}

/** A network on which a ghost can be given a face before anybody talks to it. */
export interface IntroducesGhosts {
  /**
   * Makes the ghost exist and look as given; `picture` gives the bytes of its picture, where they are not there yet. Twice is the same as once.
   * Throws a DeliveryError.
   */
  introduce(ghost: Ghost, picture: () => Promise<Picture | undefined>): Promise<void>
  /** Whether the ghost of somebody exists, so that it is worth while to keep it fresh: one that nobody has met is introduced when somebody does. */
  isIntroduced(of: Address): Promise<boolean>
}

/** A network on which people from elsewhere are there as themselves. Whoever an admin shut out is not signed in there. */
export interface HostsPeople {
  /** Signs somebody out; who is not there costs nothing. */
  signOut(person: Address): Promise<void>
}

/** A network with a way to say to its user "use that room": where a second room was opened for a portal that has one. */
export interface TurnsAway {
  /** Takes our ghost out of a conversation, saying why. */
  turnAway(conversation: Conversation, as: Address, phrase: Phrase): Promise<void>
}

/** A network with chats of several people. */
export interface HoldsSeveral {
  /** Everybody who belongs to a chat of several but our own chair; undefined where the chat is one with a single person. */
  peopleIn(conversation: Conversation): Promise<readonly Address[] | undefined>
}

/** A network on which chats of several can be begun by us. */
export interface BeginsSeveral {
  /** Calls these people into a new chat; throws a DeliveryError. */
  begin(as: Address, people: readonly Address[]): Promise<Conversation & { readonly as: Address }>
}

/** A home whose people are known to be allowed some things and not others. */
export interface GrantsLevels {
  levelOf(person: Address): Level
}

/** A home whose people can lend us their own account there, so that what they say elsewhere appears as said by themselves. */
export interface LendsPuppets {
  /** Whether we can speak as somebody at their home. */
  lends(home: Address): Promise<boolean>
}

/** A home that tells what somebody is called in a chat. */
export interface NamesPeople {
  /** Their name as the others in the chat read it; undefined where it is not known now. Never rejects. */
  nameIn(conversation: Conversation, person: Address): Promise<string | undefined>
}

/** A home on which a user's chats can be kept in order. */
export interface KeepsShelves {
  /** Makes the user's chats stand as given. What stands so already costs nothing. Throws a DeliveryError. */
  arrangeShelf(shelf: Shelf): Promise<void>
  /** Takes a shelf away, as when an account was signed out for good. */
  removeShelf(user: Address, chair: Address): Promise<void>
}

/** A home on which a chat can be ended by us. */
export interface EndsChats {
  /** Takes ghosts and bot out of a room, saying why; `forUser`: the user as well, so that it is gone. Throws a DeliveryError. */
  end(conversation: Conversation, phrase: Phrase, how: { readonly forUser: boolean }): Promise<void>
}

/** A home on which a chat has an address that can be clicked. */
export interface LinksChats {
  /** Pure. */
  linkTo(conversation: Conversation): string
}

/** A home whose files can be fetched by links that end. */
export interface LinksFiles {
  /** A new link to a file that was sent there, as long good as any; undefined where there are none. */
  linkToFile(file: Media, said: Origin): Promise<string | undefined>
}

/** A network that has display pictures. */
export interface HasPictures {
  /** The picture that a ghost shall show; undefined when it cannot be had now. */
  picture(of: Address, ref: PictureRef): Promise<Picture | undefined>
}

/** A network that can be asked whether it answers. */
export interface AnswersPings {
  /** How long it took, in milliseconds; throws a DeliveryError. */
  ping(): Promise<number>
}

/** A network on which the list of a chair can be changed. Every method throws a DeliveryError. */
export interface EditsContactList {
  /** Everybody on the lists of a chair. */
  contacts(as: Address): Promise<readonly ListedContact[]>
  /** Has the lists read anew from wherever they are kept. */
  reread(as: Address): Promise<void>
  /** Changes the list. What is so already is no error. */
  edit(as: Address, change: ContactChange, who: Address): Promise<void>
  /** Names a contact, or changes the groups. */
  arrange(as: Address, arrangement: Arrangement): Promise<void>
}

/** A network on which a chair can be made to look otherwise than its user does at home. */
export interface ShowsLooks {
  /** Changes what is given, leaves what is not, and remembers it across restarts. */
  show(as: Address, look: Look): Promise<void>
}

/** A home that can be asked how one of its people is. It tells of every change by itself, but only to those who share a chat with them. */
export interface KnowsPresence {
  /** How somebody is, as a ghost of ours who shares a chat with them sees it. Rejects when that cannot be found out. */
  presenceOf(person: Address, as: Address): Promise<Presence>
}

/** Whether a network can introduce ghosts. */
export const introducesGhosts = withMethod<IntroducesGhosts>('introduce')

/** Whether people from elsewhere are hosted on a network. */
export const hostsPeople = withMethod<HostsPeople>('signOut')

/** Whether a network can turn somebody away. */
export const turnsAway = withMethod<TurnsAway>('turnAway')

/** Whether a network has chats of several people. */
export const holdsSeveral = withMethod<HoldsSeveral>('peopleIn')

/** Whether chats of several can be begun by us. */
export const beginsSeveral = withMethod<BeginsSeveral>('begin')

/** Whether a home tells what its people may do. */
export const grantsLevels = withMethod<GrantsLevels>('levelOf')

/** Whether users can lend us their accounts at this home. */
export const lendsPuppets = withMethod<LendsPuppets>('lends')

/** Whether a home tells what somebody is called in a chat. */
export const namesPeople = withMethod<NamesPeople>('nameIn')

/** Whether a home keeps chats in order. */
export const keepsShelves = withMethod<KeepsShelves>('arrangeShelf')

/** Whether chats can be ended by us. */
export const endsChats = withMethod<EndsChats>('end')

/** Whether chats have addresses to click. */
export const linksChats = withMethod<LinksChats>('linkTo')

/** Whether there are links to the files of a home. */
export const linksFiles = withMethod<LinksFiles>('linkToFile')

/** Whether a network has display pictures. */
export const hasPictures = withMethod<HasPictures>('picture')

/** Whether a network can be asked whether it answers. */
export const answersPings = withMethod<AnswersPings>('ping')

/** Whether a network lets the lists of its chairs be changed. */
export const editsContactList = withMethod<EditsContactList>('edit')

/** Whether a network lets its chairs choose how they look. */
export const showsLooks = withMethod<ShowsLooks>('show')

/** Whether a network can be asked how somebody is. */
export const knowsPresence = withMethod<KnowsPresence>('presenceOf')

/** A network that has one method of an ability has it whole. */
function withMethod<Ability>(method: keyof Ability) {
  return (network: Network): network is Network & Ability => method in network
}
