// Names with values that people, groups and memberships bear (msnp-services.md A9 to A11).

import type { Element, Xml } from './xml.ts'
import { childrenOf, tag, textOf, textTag } from './xml.ts'

/** What somebody wrote who wants to be a contact. */
export const inviteMessage = 'MSN.IM.InviteMessage'

export function writeAnnotation(name: string, value: string | number): Xml {
  return tag('Annotation', [textTag('Name', name), textTag('Value', value)])
}

/** The value of this name among the annotations right inside an element. */
export function readAnnotation(annotations: Element | undefined, name: string): string | undefined {
  const found = childrenOf(annotations, 'Annotation').find((each) => textOf(each, 'Name') === name)
  return textOf(found, 'Value')
}
