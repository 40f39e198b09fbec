// Documents that nobody meant: random ones, and good ones that were damaged on their way.

import fc from 'fast-check'
import type { Xml } from '../../../src/msn/soap/xml.ts'
import { tag, textTag, xmlDocument } from '../../../src/msn/soap/xml.ts'

/** Names that readers look for, so that random documents get further than their root. */
const names = [
  ...['Envelope', 'Header', 'Body', 'Fault', 'faultcode', 'detail', 'UsernameToken', 'Username', 'Password'],
  ...['RequestSecurityToken', 'AppliesTo', 'EndpointReference', 'Address', 'RequestSecurityTokenResponse', 'LifeTime', 'Expires'],
  ...[
    'ABAuthHeader',
    'TicketToken',
    'FindMembershipResult',
    'Services',
    'Service',
    'Memberships',
    'Membership',
    'Members',
    'Member',
  ],
  ...[
    'contacts',
    'Contact',
    'contactInfo',
    'contactId',
    'annotations',
    'Annotation',
    'Name',
    'Value',
    'groups',
    'Group',
    'groupId',
  ],
  ...[
    'emails',
    'ContactEmail',
    'phones',
    'ContactPhone',
    'ab',
    'abInfo',
    'FindMembership',
    'ABFindAll',
    'ABContactUpdate',
    'AddMember',
  ],
]

const name = fc.constantFrom(...names)
const leaf = fc.tuple(name, fc.string()).map(([called, text]) => textTag(called, text))
const { element } = fc.letrec<{ element: Xml }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    leaf,
    fc.tuple(name, fc.array(tie('element'), { maxLength: 4 })).map(([called, inside]) => tag(called, inside)),
  ),
}))

export const randomXml: fc.Arbitrary<string> = element.map(xmlDocument)

/** A document with a piece cut out, doubled, or put somewhere else. */
export function damaged(document: string): fc.Arbitrary<string> {
  const place = fc.nat(document.length)
  return fc.tuple(place, place, place, fc.string({ maxLength: 8 })).map(([a, b, c, noise]) => {
    const [from, to] = a < b ? [a, b] : [b, a]
    const piece = document.slice(from, to)
    const rest = document.slice(0, from) + noise + document.slice(to)
    return c % 2 === 0 ? rest : rest.slice(0, c) + piece + rest.slice(c)
  })
}
