// Who may and who may not, who has the owner and who waits: the memberships of the sharing service, read by FindMembership and changed by AddMember
// and DeleteMember (msnp-services.md A9, A12).

import type { ListName } from '../model/lists.ts'
import { inviteMessage, readAnnotation, writeAnnotation } from './annotation.ts'
import { isTrue } from './contact.ts'
import { ownBook } from './contact-call.ts'
import { readMoment, sinceEver, writeMoment } from './contact-date.ts'
import type { Element, Inside, Xml } from './xml.ts'
import { childOf, childrenOf, tag, textOf, textTag } from './xml.ts'

/** The lists that are memberships; the forward list is the address book. */
export type MemberList = Exclude<ListName, 'FL'>

/** Somebody on one of these lists. */
export interface Member {
  readonly list: MemberList
  /** Kept as text: it is a number with some servers and none with others. */
  readonly id?: string
  /** Their address, in small letters; absent where a request names only an id. */
  readonly handle?: string
  /** 1 for Messenger, 2 for Office Communications Server, 32 for Yahoo, 4 for a telephone number. */
  readonly network: number
  readonly cid?: string
  /** What somebody wrote who waits for an answer. */
  readonly invitation?: string
  /** Milliseconds since 1970; 0 when that is not known. */
  readonly changedAt: number
}

export interface Memberships {
  readonly owner: { readonly handle: string; readonly cid: string }
  readonly members: readonly Member[]
  /** Milliseconds since 1970. */
  readonly changedAt: number
}

export type MemberEdit = 'AddMember' | 'DeleteMember'

const roles: Readonly<Record<MemberList, string>> = { AL: 'Allow', BL: 'Block', RL: 'Reverse', PL: 'Pending' }
const memberLists = Object.keys(roles) as readonly MemberList[]
/** More in one request are not read. */
const mostNamed = 500
const buddyType = 'MSN.IM.BuddyType'

/** What a request for all members holds. */
export function writeMembershipQuery(): Inside {
  const types = ['Messenger', 'Invitation', 'SocialNetwork', 'Space', 'Profile'].map((type) => textTag('ServiceType', type))
  return [
    tag('serviceFilter', tag('Types', types)),
    textTag('View', 'Full'),
    textTag('deltasOnly', false),
    textTag('lastChange', sinceEver),
  ]
}

/** Whether a request wants only what changed since somebody last asked. */
export function wantsDeltas(call: Element): boolean {
  return isTrue(call, 'deltasOnly')
}

/** What stands in the response. Every role is there, also one that nobody has. */
export function writeMemberships({ owner, members, changedAt }: Memberships): Inside {
  const memberships = memberLists.map((list) =>
    tag('Membership', [
      textTag('MemberRole', roles[list]),
      tag(
        'Members',
        members.filter((member) => member.list === list).map((member) => writeMember(member, roles[list])),
      ),
      textTag('MembershipIsComplete', true),
    ]),
  )
  const service = tag('Service', [
    tag('Memberships', memberships),
    tag('Info', [
      tag('Handle', [textTag('Id', 1), textTag('Type', 'Messenger'), tag('ForeignId')]),
      textTag('InverseRequired', false),
      textTag('AuthorizationCriteria', 'Everyone'),
      textTag('IsBot', false),
    ]),
    tag('Changes'),
    textTag('LastChange', writeMoment(changedAt)),
    textTag('Deleted', false),
  ])
  return tag('FindMembershipResult', [tag('Services', service), tag('OwnerNamespace', writeOwner(owner, changedAt))])
}

/** Reads the answer: the members of the Messenger service. Undefined when it is another's. */
export function readMemberships(answer: Element): Memberships | undefined {
  const result = childOf(answer, 'FindMembershipResult')
  if (!result) return undefined
  const service = childrenOf(childOf(result, 'Services'), 'Service').find(
    (each) => textOf(each, 'Info', 'Handle', 'Type') === 'Messenger',
  )
  const owner = childOf(result, 'OwnerNamespace', 'Info')
  return {
    owner: { handle: textOf(owner, 'CreatorPassportName') ?? '', cid: textOf(owner, 'CreatorCID') ?? '0' },
    members: membersIn(childOf(service, 'Memberships')),
    changedAt: readMoment(textOf(service, 'LastChange')),
  }
}

/** What a request to add or take away one member holds. By address: ids of other servers are not ours to keep. */
export function writeMemberEdit({ list, handle, network }: Pick<Member, 'list' | 'handle' | 'network'>): Inside {
  const member =
    network === 1
      ? [textTag('Type', 'Passport'), textTag('State', 'Accepted'), textTag('PassportName', handle ?? '')]
      : [
          textTag('Type', 'Email'),
          textTag('State', 'Accepted'),
          textTag('Email', handle ?? ''),
          tag('Annotations', writeAnnotation(buddyType, `${String(network).padStart(2, '0')}:`)),
        ]
  return [
    tag('serviceHandle', [textTag('Id', 0), textTag('Type', 'Messenger'), tag('ForeignId')]),
    tag(
      'memberships',
      tag('Membership', [
        textTag('MemberRole', roles[list]),
        tag('Members', tag('Member', member, kindOf(network === 1 ? 'PassportMember' : 'EmailMember'))),
      ]),
    ),
  ]
}

/** The members that a request is about. */
export function readMemberEdit(call: Element): readonly Member[] {
  return membersIn(childOf(call, 'memberships')).slice(0, mostNamed)
}

function membersIn(memberships: Element | undefined): Member[] {
  return childrenOf(memberships, 'Membership').flatMap((membership) => {
    const role = textOf(membership, 'MemberRole')
    const list = memberLists.find((each) => roles[each] === role)
    if (!list) return []
    return childrenOf(childOf(membership, 'Members'), 'Member').flatMap((element) => readMember(list, element) ?? [])
  })
}

/** Somebody of a kind that Messenger has. Circles, domains and the like are passed over, and so is who was deleted. */
function readMember(list: MemberList, element: Element): Member | undefined {
  if (isTrue(element, 'Deleted')) return undefined
  const annotations = childOf(element, 'Annotations')
  const id = textOf(element, 'MembershipId')
  const email = textOf(element, 'Email')
  const phone = textOf(element, 'PhoneNumber')
  const handle = (textOf(element, 'PassportName') || email || phone)?.toLowerCase()
  if (!handle && !id) return undefined
  const cid = textOf(element, 'CID')
  const invitation = readAnnotation(annotations, inviteMessage)
  return {
    list,
    ...(id && { id }),
    ...(handle && { handle }),
    network: networkOf(email, phone, readAnnotation(annotations, buddyType)),
    ...(cid && cid !== '0' && { cid }),
    ...(invitation && { invitation }),
    changedAt: readMoment(textOf(element, 'LastChanged')),
  }
}

function networkOf(email: string | undefined, phone: string | undefined, buddy: string | undefined): number {
  if (email) return Number(/^(\d{1,3}):/.exec(buddy ?? '')?.[1] ?? 32)
  return phone ? 4 : 1
}

function writeMember({ id, handle, cid, invitation, changedAt }: Member, role: string): Xml {
  const moment = writeMoment(changedAt)
  return tag(
    'Member',
    [
      textTag('MembershipId', id ?? `${role}/${handle}`),
      textTag('Type', 'Passport'),
      textTag('State', 'Accepted'),
      invitation === undefined ? undefined : tag('Annotations', writeAnnotation(inviteMessage, invitation)),
      textTag('Deleted', false),
      textTag('LastChanged', moment),
      textTag('JoinedDate', moment),
      textTag('ExpirationDate', writeMoment(0)),
      tag('Changes'),
      textTag('PassportName', handle ?? ''),
      textTag('IsPassportNameHidden', false),
      textTag('PassportId', 0),
      textTag('CID', cid ?? '0'),
      tag('PassportChanges'),
      textTag('LookedupByCID', false),
    ],
    kindOf('PassportMember'),
  )
}

function writeOwner({ handle, cid }: Memberships['owner'], changedAt: number): Inside {
  return [
    tag('Info', [
      tag('Handle', [textTag('Id', ownBook), textTag('IsPassportNameHidden', false), textTag('CID', 0)]),
      textTag('CreatorPuid', 0),
      textTag('CreatorCID', cid),
      textTag('CreatorPassportName', handle),
      tag('CircleAttributes', [textTag('IsPresenceEnabled', false), textTag('Domain', 'WindowsLive')]),
      textTag('MessengerApplicationServiceCreated', false),
    ]),
    tag('Changes'),
    textTag('CreateDate', writeMoment(0)),
    textTag('LastChange', writeMoment(changedAt)),
  ]
}

/** `xsi:type`, whose prefix the envelope declares. */
function kindOf(type: string): Readonly<Record<string, string>> {
  return { 'xsi:type': type }
}
