// The owner's own entry in the address book (msnp-services.md A10, A11). Privacy, prompt and telephone numbers are those that the notification server
// knows as BLP, GTC and PRP: one state, whichever way it is said.

import type { PropertyKey } from '../../model/contact-list.ts'
import { cidOf, ownGuid } from '../../model/member-id.ts'
import type { Contact } from '../../soap/contact.ts'
import { annotation, type Details } from '../../soap/contact-details.ts'
import type { ContactChange } from '../../soap/contact-edits.ts'
import type { Book } from '../book.ts'
import { renameOwner } from '../book.ts'
import { describeOwner } from '../book-details.ts'
import type { Handle } from '../handle.ts'
import { ContactError, type ContactRequest } from './contact-operation.ts'

/** 1 lets everybody in who is not blocked, 2 only those who are allowed; 0 says nothing. */
const privacy = annotation('MSN.IM.BLP')
/** 1 asks when somebody is new, 2 does not; 0 says nothing. */
const prompt = annotation('MSN.IM.GTC')

const phones: Readonly<Record<string, PropertyKey>> = {
  'phones/ContactPhonePersonal/number': 'PHH',
  'phones/ContactPhoneBusiness/number': 'PHW',
  'phones/ContactPhoneMobile/number': 'PHM',
}
/** In bytes (msnp-core.md 1.6). */
const longestNumber = 95

/** The entry as others of the book. */
export function ownEntry(owner: Handle, book: Book): Contact {
  const settings: Details = { [prompt]: book.prompt === 'A' ? '1' : '2', [privacy]: book.privacy === 'AL' ? '1' : '2' }
  const numbers: [string, string][] = Object.entries(phones).flatMap(([path, key]) => {
    const number = book.properties[key]
    return number === undefined ? [] : [[path, number]]
  })
  return {
    id: ownGuid(owner),
    type: 'Me',
    handle: owner,
    name: book.name,
    isMessengerUser: true,
    cid: cidOf(owner),
    groups: [],
    details: { ...book.details, ...Object.fromEntries(numbers), ...settings },
    changedAt: book.changedAt,
  }
}

/** ABContactUpdate of the owner: the name, the settings, the numbers, and whatever else. Who may see what has changed is told. */
export async function updateOwner({ owner, presence, change }: ContactRequest, { name, details }: ContactChange): Promise<void> {
  const known = new Set([prompt, privacy, ...Object.keys(phones)])
  const others = Object.fromEntries(Object.entries(details).filter(([path]) => !known.has(path)))
  const { before, after } = await change((book) => {
    const named = name === undefined || name === book.name ? book : renameOwner(book, name)
    return withNumbers(withSettings(describeOwner(named, others), details), details)
  })
  if (before.privacy !== after.privacy) await presence.revealToAll(owner)
  for (const key of Object.values(phones))
    if (before.properties[key] !== after.properties[key]) await presence.announceProperty(owner, key, after.properties[key] ?? '')
}

function withSettings(book: Book, details: Details): Book {
  const next = {
    prompt: details[prompt] === undefined ? book.prompt : details[prompt] === '2' ? 'N' : 'A',
    privacy: details[privacy] === undefined ? book.privacy : details[privacy] === '2' ? 'BL' : 'AL',
  } as const
  return next.prompt === book.prompt && next.privacy === book.privacy ? book : { ...book, ...next }
}

function withNumbers(book: Book, details: Details): Book {
  let properties = book.properties
  for (const [path, key] of Object.entries(phones)) {
    const number = details[path]
    if (number === undefined || number === (properties[key] ?? '')) continue
    if (Buffer.byteLength(number) > longestNumber) throw new ContactError('BadArgumentLength', 'The number is too long.')
    const { [key]: _before, ...others } = properties
    properties = number === '' ? others : { ...others, [key]: number }
  }
  return properties === book.properties ? book : { ...book, properties }
}
