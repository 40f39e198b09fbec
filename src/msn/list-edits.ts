// What is done to a contact list, in the verbs of a session.

import type { Arrangement, ContactChange } from '../core/contact.ts'
import type { MsnSession } from './client/session.ts'

/** Whoever is accepted comes on the list as well, so that we hear of them. */
const edits: Readonly<Record<ContactChange, (session: MsnSession, account: string) => Promise<void>>> = {
  add: (session, account) => session.addContact(account),
  remove: (session, account) => session.removeContact(account),
  accept: (session, account) => session.addContact(account),
  decline: (session, account) => session.decline(account),
  block: (session, account) => session.block(account),
  unblock: (session, account) => session.unblock(account),
}

/** Makes one change of the list. Rejects with a ClientError. */
export function editList(session: MsnSession, change: ContactChange, account: string): Promise<void> {
  return edits[change](session, account)
}

/** Names a contact, or changes the groups. Rejects with a ClientError. */
export function arrangeList(session: MsnSession, arrangement: Arrangement): Promise<void> {
  switch (arrangement.kind) {
    case 'name':
      return session.renameContact(arrangement.who.id, arrangement.name)
    case 'put-in':
      return session.putInGroup(arrangement.who.id, arrangement.group)
    case 'take-out':
      return session.takeOutOfGroup(arrangement.who.id, arrangement.group)
    case 'rename-group':
      return session.renameGroup(arrangement.group, arrangement.name)
    case 'remove-group':
      return session.removeGroup(arrangement.group)
  }
}
