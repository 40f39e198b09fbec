// Every verb of the notification server: when it is allowed, and who answers it.

import type { CommandTable } from '../command-table.ts'
import type { NotificationSession, NotificationState } from '../notification-session.ts'
import { add } from './add.ts'
import { askOnRequest, changeStatus } from './chg.ts'
import { adviseVersion } from './cvr.ts'
import { giveFile } from './gcf.ts'
import { dropGroup, makeGroup, nameGroup } from './groups.ts'
import { tellWaysIn } from './inf.ts'
import { addListed, findListed, removeListed } from './listing.ts'
import { rename, setContactProperty, setProperty } from './names.ts'
import { signOut } from './out.ts'
import { pong } from './png.ts'
import { setPrivacy, setPrompt } from './privacy.ts'
import { checkAnswer } from './qry.ts'
import { remove } from './rem.ts'
import { giveUrl, ignoreInvitation, ignoreReport, refuseCircle, refusePage, refuseSearch, takeCalls } from './small.ts'
import { synchronise, tellList } from './syn.ts'
import { authenticate } from './usr.ts'
import { leaveMessage } from './uum.ts'
import { passNote } from './uun.ts'
import { changePersonal } from './uux.ts'
import { negotiateVersion } from './ver.ts'
import { giveBoard } from './xfr.ts'

const signedIn: readonly NotificationState[] = ['signed-in']
const versioned: readonly NotificationState[] = ['versioned', 'identified', 'signed-in']
const always: readonly NotificationState[] = ['connected', 'reporting', ...versioned]

export const notificationCommands: CommandTable<NotificationSession> = {
  VER: { states: ['connected'], minArgs: 1, run: negotiateVersion },
  INF: { states: versioned, minArgs: 0, dialects: [2, 7], run: tellWaysIn },
  CVR: { states: versioned, minArgs: 6, run: adviseVersion },
  CVQ: { states: [...versioned, 'reporting'], minArgs: 6, run: adviseVersion },
  USR: { states: versioned, minArgs: 3, run: authenticate },
  OUT: { states: always, minArgs: 0, run: signOut },
  PNG: { states: signedIn, minArgs: 0, run: pong },
  SYN: { states: signedIn, minArgs: 1, run: synchronise },
  LST: { states: signedIn, minArgs: 1, dialects: [2, 7], run: tellList },
  CHG: { states: signedIn, minArgs: 1, run: changeStatus },
  UUX: { states: signedIn, minArgs: 0, dialects: [11, 18], run: changePersonal },
  QRY: { states: signedIn, minArgs: 1, dialects: [6, 18], run: checkAnswer },
  CHL: { states: signedIn, minArgs: 0, dialects: [6, 18], run: askOnRequest },
  ADL: { states: signedIn, minArgs: 0, dialects: [13, 18], run: addListed },
  RML: { states: signedIn, minArgs: 0, dialects: [13, 18], run: removeListed },
  FQY: { states: signedIn, minArgs: 0, dialects: [13, 18], run: findListed },
  UUN: { states: signedIn, minArgs: 2, dialects: [13, 18], run: passNote },
  UUM: { states: signedIn, minArgs: 3, dialects: [14, 18], run: leaveMessage },
  ADD: { states: signedIn, minArgs: 2, dialects: [2, 9], run: add },
  ADC: { states: signedIn, minArgs: 2, dialects: [10, 12], run: add },
  REM: { states: signedIn, minArgs: 2, dialects: [2, 12], run: remove },
  ADG: { states: signedIn, minArgs: 1, dialects: [7, 12], run: makeGroup },
  RMG: { states: signedIn, minArgs: 1, dialects: [7, 12], run: dropGroup },
  REG: { states: signedIn, minArgs: 2, dialects: [7, 12], run: nameGroup },
  REA: { states: signedIn, minArgs: 2, dialects: [2, 9], run: rename },
  PRP: { states: signedIn, minArgs: 1, dialects: [5, 18], run: setProperty },
  SBP: { states: signedIn, minArgs: 2, dialects: [10, 12], run: setContactProperty },
  BLP: { states: signedIn, minArgs: 1, run: setPrivacy },
  GTC: { states: signedIn, minArgs: 1, dialects: [2, 12], run: setPrompt },
  XFR: { states: signedIn, minArgs: 1, run: giveBoard },
  URL: { states: signedIn, minArgs: 1, run: giveUrl },
  GCF: { states: signedIn, minArgs: 1, dialects: [11, 12], run: giveFile },
  SND: { states: signedIn, minArgs: 1, run: ignoreInvitation },
  SDC: { states: signedIn, minArgs: 1, dialects: [5, 18], run: ignoreInvitation },
  IMS: { states: signedIn, minArgs: 1, dialects: [3, 18], run: takeCalls },
  PAG: { states: signedIn, minArgs: 0, dialects: [5, 18], run: refusePage },
  PGD: { states: signedIn, minArgs: 0, dialects: [9, 18], run: refusePage },
  VAS: { states: signedIn, minArgs: 0, dialects: [18, 18], run: ignoreReport },
  PUT: { states: signedIn, minArgs: 0, dialects: [18, 18], run: refuseCircle },
  DEL: { states: signedIn, minArgs: 0, dialects: [18, 18], run: refuseCircle },
  SDG: { states: signedIn, minArgs: 0, dialects: [18, 18], run: refuseCircle },
  FND: { states: signedIn, minArgs: 0, dialects: [2, 7], run: refuseSearch },
}

/** What others are told of, or what costs as much as if they were: nobody does it as often as they like. */
export const pacedVerbs: ReadonlySet<string> = new Set(
  'ADC ADD ADG ADL BLP CHG FQY GTC LST PRP REA REG REM RMG RML SBP SYN UUN UUX'.split(' '),
)
