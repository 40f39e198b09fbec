// How somebody is shown to those who watch them, in the dialect of the watcher (msnp-core.md 3.11, 3.13). What is told to many is made once for each
// dialect, not once for each watcher.

import { msnNetwork, writeAlreadyOnline, writeOffline, writeOnline, writePersonalOf } from '../dialect/presence.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { encode } from '../wire/encoder.ts'
import type { Showing } from './directory.ts'
import type { Notice } from './notice.ts'

/** What is told about somebody whom others can see. */
export type SightingNotice = Extract<Notice, { kind: 'presence' | 'self' }>

/** A command, and the bytes that it is. */
export interface Encoded {
  readonly command: Command
  readonly bytes: Uint8Array
}

/** What has been made of each notice; forgotten with the notice. */
const made = new WeakMap<SightingNotice, Map<Dialect, readonly Encoded[]>>()

/** A notice about somebody as it is written to a watcher. */
export function sightingLines(dialect: Dialect, notice: SightingNotice): readonly Encoded[] {
  const forms = made.get(notice) ?? new Map<Dialect, readonly Encoded[]>()
  made.set(notice, forms)
  const known = forms.get(dialect)
  if (known) return known
  const commands = notice.kind === 'self' ? ownLines(dialect, notice.showing) : watcherLines(dialect, notice)
  const lines = commands.map((command) => ({ command, bytes: encode(command) }))
  forms.set(dialect, lines)
  return lines
}

/** What a watcher is told about somebody who was there before; `trId` is that of the command that asks. */
export function alreadyThereLines(dialect: Dialect, trId: number, showing: Showing): Command[] {
  return [writeAlreadyOnline(dialect, trId, { ...showing, network: msnNetwork }), ...personalLines(dialect, showing, false)]
}

/** From MSNP16 on every place of somebody hears how they show themselves; at 18 with their status. */
export function ownLines(dialect: Dialect, showing: Showing): Command[] {
  if (dialect < 16) return []
  const { handle, personal, endpoints } = showing
  const online = dialect < 18 ? [] : [writeOnline(dialect, { ...showing, network: msnNetwork })]
  return [...online, writePersonalOf(dialect, { handle, network: msnNetwork }, { personal, endpoints, isOwn: true })]
}

function watcherLines(dialect: Dialect, { handle, showing, news }: Extract<Notice, { kind: 'presence' }>): Command[] {
  if (!showing) return [writeOffline(dialect, { handle, network: msnNetwork })]
  const online = news === 'personal' ? [] : [writeOnline(dialect, { ...showing, network: msnNetwork })]
  return news === 'status' && dialect < 16 ? online : [...online, ...personalLines(dialect, showing, news === 'personal')]
}

/** From MSNP11 on: what somebody says about themselves, where there is something to say or `always`; from 16 on always, with their places. */
function personalLines(dialect: Dialect, { handle, personal, endpoints }: Showing, always: boolean): Command[] {
  if (dialect < 11 || (dialect < 16 && !always && !personal.message && !personal.media)) return []
  return [writePersonalOf(dialect, { handle, network: msnNetwork }, { personal, endpoints })]
}
