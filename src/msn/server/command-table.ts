// What a command may do and when (style.md 1.9): a table with known keys, and the way through it that every command takes.
//
// - unknown verb: 200 and the connection goes on; a payload that followed it breaks the next line, and that closes it
// - a verb that this dialect does not have, or said before it may be: closed without a word, as the official servers did (msnp-core.md 7.2)
// - too few arguments: 200

import type { Command } from '../wire/command.ts'
import { errorCodes } from '../wire/errors.ts'
import { CommandError, HangUp } from './command-error.ts'

/** What a handler says in return, in order. */
export type Reply = readonly Command[]

/** Nothing to say. */
export const silence: Reply = []

/** One verb of one role. */
export interface CommandRule<Session> {
  /** The states in which the verb is allowed. */
  readonly states: readonly string[]
  readonly minArgs: number
  /** The dialects that have it, first and last; absent: all. */
  readonly dialects?: readonly [first: number, last: number]
  run(session: Session, command: Command): Reply | Promise<Reply>
}

export type CommandTable<Session> = Readonly<Record<string, CommandRule<Session>>>

/** What the table must know of a session. */
export interface Commanded {
  readonly state: string
  /** 0 before there is one. */
  readonly dialect: number
}

/** Runs one command. Throws CommandError and HangUp, at once or through the promise. */
export function runCommand<Session extends Commanded>(
  table: CommandTable<Session>,
  session: Session,
  command: Command,
): Reply | Promise<Reply> {
  const rule = Object.hasOwn(table, command.verb) ? table[command.verb] : undefined
  if (!rule) throw new CommandError(errorCodes.syntaxError)
  const [first, last] = rule.dialects ?? [0, Number.POSITIVE_INFINITY]
  if (session.dialect < first || session.dialect > last) throw new HangUp(`${command.verb} is not of MSNP${session.dialect}`)
  if (!rule.states.includes(session.state)) throw new HangUp(`${command.verb} while ${session.state}`)
  if (command.args.length < rule.minArgs) throw new CommandError(errorCodes.syntaxError)
  return rule.run(session, command)
}

/** The transaction id of a command that was given to a handler; 0 where the client left it out. */
export function trIdOf(command: Command): number {
  return command.trId ?? 0
}

/** The error reply to a command. */
export function errorReply(command: Command, code: number): Command {
  return { verb: String(code), trId: trIdOf(command), args: [] }
}
