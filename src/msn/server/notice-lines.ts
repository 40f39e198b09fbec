// What a session says to its client when it is given a notice, in the dialect of that client.

import { writeRing } from '../dialect/board.ts'
import { writeBookChanged } from '../dialect/book-notice.ts'
import { writeAdded, writeRemoved } from '../dialect/edits.ts'
import { writeListing } from '../dialect/listing.ts'
import { writeNoteFrom } from '../dialect/notes.ts'
import { msnNetwork } from '../dialect/presence.ts'
import { writePropertyOf } from '../dialect/settings.ts'
import { listBit } from '../model/lists.ts'
import type { Command } from '../wire/command.ts'
import { arrivedMessage, deletedMessage } from './mail-messages.ts'
import type { Notice } from './notice.ts'
import type { NotificationSession } from './notification-session.ts'

type Told = Exclude<Notice, { kind: 'presence' | 'self' }>

/** Gives nothing where the client does not know of such things, or it is not for this place. */
export function noticeLines(session: NotificationSession, notice: Told): Command[] {
  const { dialect, handle, ready, services } = session
  switch (notice.kind) {
    case 'displaced':
      return [{ verb: 'OUT', args: ['OTH'] }]
    case 'added':
    case 'removed':
      return dialect < 13 ? [wordOfList(dialect, notice)] : [wordOfListing(notice), writeBookChanged(handle, services.clock())]
    case 'book':
      return dialect < 13 || notice.by === session.number ? [] : [writeBookChanged(handle, services.clock())]
    case 'property':
      return ready && dialect >= 5 && dialect <= 12 ? [writePropertyOf(dialect, notice.serial, notice.handle, notice)] : []
    case 'ring':
      return ready && session.takesCalls
        ? [writeRing(dialect, { ...notice, address: notice.address ?? services.boardAddress(session.peer) })]
        : []
    case 'note':
      return wordOfNote(session, notice)
    case 'mail':
      return ready && dialect >= 11 ? [arrivedMessage(notice.message)] : []
    case 'mail-deleted':
      return ready && dialect >= 11 ? [deletedMessage(notice.count)] : []
  }
}

type ListNotice = Extract<Notice, { kind: 'added' | 'removed' }>

function wordOfList(dialect: number, notice: ListNotice): Command {
  const { kind, handle, serial } = notice
  if (kind === 'removed') return writeRemoved(dialect, 0, String(serial), { list: 'RL', handle })
  return writeAdded(dialect, 0, String(serial), { list: 'RL', handle, name: notice.name })
}

/** From MSNP13 on. The contact services tell the rest. */
function wordOfListing(notice: ListNotice): Command {
  const { kind, handle } = notice
  const person = { handle, lists: listBit.RL, network: msnNetwork }
  if (kind === 'removed') return writeListing('RML', 0, { initial: false, people: [person] })
  return writeListing('ADL', 0, { initial: false, people: [{ ...person, name: notice.name }] })
}

function wordOfNote({ dialect, endpoint, ready }: NotificationSession, notice: Extract<Notice, { kind: 'note' }>): Command[] {
  if (dialect < 13 || !ready || (notice.by !== undefined && notice.by === endpoint)) return []
  if (notice.endpoint !== undefined && notice.endpoint !== endpoint) return []
  const payload = Buffer.from(notice.payload, 'latin1')
  return [writeNoteFrom(dialect, { handle: notice.handle, endpoint: notice.sender }, notice.type, payload)]
}
