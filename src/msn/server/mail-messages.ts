// What a client is told about offline messages, as messages from `Hotmail` (msnp-services.md A16.1). MSNP11 and later; older clients know nothing of them.

import { writeSaid } from '../dialect/board.ts'
import { writeArrivedMailData, writeInitialMailData } from '../soap/mail-data.ts'
import type { Command } from '../wire/command.ts'
import { formatHeaders } from '../wire/mime.ts'
import type { WaitingMail } from './notice.ts'

const folder = '.!!OIM'
const trash = '.!!trAsH'

/** Everything that waits, once after sign-in. */
export function waitingMessage(waiting: readonly WaitingMail[]): Command {
  return message('initialmdatanotification', [['Mail-Data', writeInitialMailData(waiting)]])
}

/** One has come. */
export function arrivedMessage(mail: WaitingMail): Command {
  return message('oimnotification', [['Mail-Data', writeArrivedMailData(mail)]])
}

/** So many were deleted. */
export function deletedMessage(count: number): Command {
  const headers: [string, string][] = [
    ['Src-Folder', folder],
    ['Dest-Folder', trash],
    ['Message-Delta', String(count)],
  ]
  return message('activemailnotification', headers)
}

/** The fields stand in the body, as a second block of headers. */
function message(kind: string, fields: readonly (readonly [string, string])[]): Command {
  const head = formatHeaders([
    ['MIME-Version', '1.0'],
    ['Content-Type', `text/x-msmsgs${kind}; charset=UTF-8`],
  ])
  return writeSaid({ handle: 'Hotmail', name: 'Hotmail' }, Buffer.from(`${head}\r\n${formatHeaders(fields)}`))
}
