// NOT: the address book has changed, read it again (msnp-services.md A15). MSNP13 and later.

import { cidOf, memberId } from '../model/member-id.ts'
import { escapeXml, tag, textTag } from '../soap/xml.ts'
import type { Command } from '../wire/command.ts'

const namespaces = {
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
}
/** The site of the contact services among those that send notifications. */
const site = { siteid: '45705', siteurl: 'http://contacts.msn.com' }

/** `NOT` to the owner of a book that changed then, in milliseconds since 1970. What is said stands in the body as escaped XML. */
export function writeBookChanged(handle: string, at: number): Command {
  const said = tag(
    'NotificationData',
    [
      textTag('Service', 'ABCHInternal'),
      textTag('CID', cidOf(handle)),
      textTag('LastModifiedDate', new Date(at).toISOString()),
      textTag('HasNewItem', false),
    ],
    namespaces,
  )
  const [high, low] = memberId(handle).map((half) => `0x${(half >>> 0).toString(16).padStart(8, '0')}`)
  const to = tag('TO', tag('VIA', undefined, { agent: 'messenger' }), { pid: `${low}:${high}`, name: handle })
  const pages = [tag('SUBSCR', undefined, { url: 's.htm' }), tag('ACTION', undefined, { url: 'a.htm' })]
  const message = tag('MSG', [...pages, tag('BODY', escapeXml(said))], { id: '0' })
  return { verb: 'NOT', args: [], payload: Buffer.from(tag('NOTIFICATION', [to, message], { id: '0', ...site })) }
}
