// Switchboards: how one is asked for, and what is said on one (msnp-core.md 3.19 and 4).

import type { ClientId } from '../model/client-id.ts'
import { longClientId, readClientId, shortClientId } from '../model/client-id.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { escapeArg, nameOr } from '../wire/escape.ts'

/** Where a board is and what opens it. */
export interface BoardTicket {
  /** `host:port`. */
  readonly address: string
  readonly ticket: string
}

/** Somebody calls. */
export interface Ring extends BoardTicket {
  readonly session: string
  readonly handle: string
  readonly name: string
}

/** Somebody on a board. */
export interface Participant {
  readonly handle: string
  readonly name: string
  /** What their client can do; said from MSNP12 on. */
  readonly clientId?: ClientId
}

/** One line of the list of those who are there already. */
export interface RollCall extends Participant {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** What a sender wants to know: nothing (U), that it failed (N), either (A, and D for peer-to-peer), that it arrived (S). */
export type AckType = 'U' | 'N' | 'A' | 'D' | 'S'

/** `XFR … SB` of a client: a board, please. */
export function writeBoardRequest(trId: number): Command {
  return { verb: 'XFR', trId, args: ['SB'] }
}

/** `XFR … SB` of the server. */
export function writeBoardTicket(dialect: Dialect, trId: number, { address, ticket }: BoardTicket): Command {
  return { verb: 'XFR', trId, args: ['SB', address, 'CKI', ticket, ...tail(dialect, 'messenger.msn.com')] }
}

/** Reads `XFR … SB` of the server. */
export function readBoardTicket(command: Command): BoardTicket | undefined {
  const [kind, address, scheme, ticket] = command.args
  if (command.verb !== 'XFR' || kind !== 'SB' || scheme !== 'CKI' || !address || !ticket) return undefined
  return { address, ticket }
}

/** `XFR … NS`: the notification server is at this address, `host:port` (3.4). */
export function writeTransfer(dialect: Dialect, trId: number, address: string): Command {
  const rest = dialect < 3 ? [] : dialect < 7 ? ['0'] : dialect < 13 ? ['0', address] : ['U', 'D']
  return { verb: 'XFR', trId, args: ['NS', address, ...rest] }
}

/** Reads `XFR … NS`: the address, `host:port`, of the notification server that is ours. */
export function readTransfer(command: Command): string | undefined {
  const [kind, address] = command.args
  return command.verb === 'XFR' && kind === 'NS' && address?.includes(':') ? address : undefined
}

/** `RNG`: somebody calls. */
export function writeRing(dialect: Dialect, { session, address, ticket, handle, name }: Ring): Command {
  const args = [session, address, 'CKI', ticket, handle, escapeArg(name || handle)]
  return { verb: 'RNG', args: [...args, ...tail(dialect, 'messenger.hotmail.com')] }
}

/** Reads RNG. */
export function readRing(command: Command): Ring | undefined {
  const [session, address, scheme, ticket, handle, name] = command.args
  if (command.verb !== 'RNG' || !session || !address || scheme !== 'CKI' || !ticket || !handle) return undefined
  return { session, address, ticket, handle: bare(handle), name: nameOr(name, bare(handle)) }
}

/** `USR` on a board: the caller comes in. */
export function writeEnter(trId: number, handle: string, ticket: string): Command {
  return { verb: 'USR', trId, args: [handle, ticket] }
}

/** `USR … OK` on a board. */
export function writeEntered(trId: number, handle: string, name: string): Command {
  return { verb: 'USR', trId, args: ['OK', handle, escapeArg(name || bare(handle))] }
}

/** `ANS`: somebody who was called comes in. */
export function writeAnswer(trId: number, handle: string, ticket: string, session: string): Command {
  return { verb: 'ANS', trId, args: [handle, ticket, session] }
}

/** `IRO`: one of those who are there already. */
export function writeRollCall(dialect: Dialect, trId: number, there: RollCall): Command {
  return { verb: 'IRO', trId, args: [String(there.index), String(there.count), ...participantArgs(dialect, there)] }
}

/** Reads IRO. */
export function readRollCall(command: Command): RollCall | undefined {
  const [index, count, ...rest] = command.args
  const participant = readParticipant(rest)
  return participant && { index: Number(index), count: Number(count), ...participant }
}

/** `CAL`: come here. */
export function writeCall(trId: number, handle: string): Command {
  return { verb: 'CAL', trId, args: [handle] }
}

/** `CAL … RINGING`. */
export function writeRinging(trId: number, session: string): Command {
  return { verb: 'CAL', trId, args: ['RINGING', session] }
}

/** `JOI`: somebody came. */
export function writeJoined(dialect: Dialect, participant: Participant): Command {
  return { verb: 'JOI', args: participantArgs(dialect, participant) }
}

/** Reads JOI. */
export function readJoined(command: Command): Participant | undefined {
  return readParticipant(command.args)
}

/** `BYE`: somebody left; `idle` when the board threw them out for saying nothing. */
export function writeLeft(handle: string, idle = false): Command {
  return { verb: 'BYE', args: idle ? [handle, '1'] : [handle] }
}

/** Reads BYE. */
export function readLeft(command: Command): { handle: string; idle: boolean } | undefined {
  const [handle, idle] = command.args
  return handle === undefined || handle === '' ? undefined : { handle: bare(handle), idle: idle === '1' }
}

/** `MSG` of a client. */
export function writeSay(trId: number, ack: AckType, payload: Uint8Array): Command {
  return { verb: 'MSG', trId, args: [ack], payload }
}

/** `MSG` as it arrives. `receipt` is the number under which one of our own sessions says that it is stored. */
export function writeSaid(sender: Pick<Participant, 'handle' | 'name'>, payload: Uint8Array, receipt?: number): Command {
  const args = [sender.handle, escapeArg(sender.name || sender.handle)]
  return { verb: 'MSG', args: receipt === undefined ? args : [...args, String(receipt)], payload }
}

/** Reads MSG as it arrives; what was said is the payload. */
export function readSaid(command: Command): { handle: string; name: string; receipt?: number } | undefined {
  const [handle, name, receipt] = command.args
  if (command.verb !== 'MSG' || handle === undefined || handle === '') return undefined
  const who = { handle: bare(handle), name: nameOr(name, bare(handle)) }
  return receipt === undefined ? who : { ...who, receipt: Number(receipt) }
}

/** A participant as others see them at this endpoint: `{handle};{guid}` in small letters, or the handle alone. */
export function inSeat({ handle, endpoint }: { readonly handle: string; readonly endpoint?: string | undefined }): string {
  return endpoint === undefined ? handle : `${handle};{${endpoint}}`
}

/** A handle without the `;{guid}` of an endpoint (MSNP16 and later). */
export function bare(handle: string): string {
  const at = handle.indexOf(';')
  return at < 0 ? handle : handle.slice(0, at)
}

function tail(dialect: Dialect, host: string): string[] {
  if (dialect < 13) return []
  return dialect < 14 ? ['U', host] : ['U', host, '1']
}

function participantArgs(dialect: Dialect, { handle, name, clientId = { flags: 0 } }: Participant): string[] {
  const shown = [handle, escapeArg(name || bare(handle))]
  if (dialect < 12) return shown
  return [...shown, dialect < 16 ? shortClientId(clientId) : longClientId(clientId)]
}

function readParticipant([handle, name, caps]: readonly string[]): Participant | undefined {
  if (handle === undefined || handle === '') return undefined
  const clientId = caps === undefined ? undefined : readClientId(caps)
  const who = { handle: bare(handle), name: nameOr(name, bare(handle)) }
  return clientId ? { ...who, clientId } : who
}
