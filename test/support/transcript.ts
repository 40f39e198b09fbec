// A conversation in MSNP as people read it: `.msnp` files, and what a trace prints (src/msn/wire/trace.ts).
//
//   # a comment, before the first command
//   @SB                        what follows is on this connection; NS until then. @SB2 is a second switchboard
//   C: USR 1 {account} {ticket}
//   S: USR 1 OK {account} {name}
//   S: MSG juliet@example.com Juliet 12
//   two lines
//   of text                    a payload: what stands below the line, joined by CRLF; its length must be right, or `{}`
//   S!                         the server hangs up. C! the client does
//
// `{x}` is anything, and the same again wherever it stands again; `{}` is anything. As the last argument they may be several.
// Played against our client, the S: lines are said and the C: lines expected; against our server, the other way round.

import type { Command, Speaker } from '../../src/msn/wire/command.ts'
import { encode } from '../../src/msn/wire/encoder.ts'
import { formOf } from '../../src/msn/wire/verbs.ts'

export interface Step {
  /** Line in the file, from 1. */
  readonly line: number
  /** `NS`, `SB`, `SB2` … */
  readonly connection: string
  readonly speaker: Speaker
  /** Absent: the speaker hangs up. */
  readonly said?: Said
}

/** A command with holes. */
interface Said {
  readonly words: readonly string[]
  readonly payload?: string
}

/** What the holes were filled with. */
export type Memory = Map<string, string>

const hole = /\{(\w*)\}/g

/** Reads a transcript. Throws when a line is none, or a length is wrong. */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = []
  let connection = 'NS'
  const lines = text.replace(/\n$/, '').split('\n')
  for (let at = 0; at < lines.length; at++) {
    const [, speaker, rest] = /^([CS])(?:: (.+)|!)$/.exec(lines[at] ?? '') ?? []
    const who = speaker === 'C' ? 'client' : 'server'
    if (lines[at]?.startsWith('@')) connection = lines[at]?.slice(1).trim() ?? connection
    else if (speaker === undefined) {
      if (!/^(#.*)?$/.test(lines[at] ?? ''))
        throw new Error(`line ${at + 1} is neither a command nor part of a payload: ${lines[at]}`)
    } else if (rest === undefined) steps.push({ line: at + 1, connection, speaker: who })
    else {
      const words = rest.split(' ')
      const below = hasPayload(who, words) ? payloadBelow(lines, at + 1) : undefined
      steps.push({ line: at + 1, connection, speaker: who, said: said(words, below, at + 1) })
      at += below?.length ?? 0
    }
  }
  return steps
}

function hasPayload(speaker: Speaker, words: readonly string[]): boolean {
  const [verb = '', ...args] = words
  const rule = formOf(speaker, verb, undefined).payload
  return rule === 'always' || (rule === 'numbered' && args.length > 1 && /^(\d+|\{\})$/.test(args.at(-1) ?? ''))
}

function payloadBelow(lines: readonly string[], from: number): string[] {
  let to = from
  while (to < lines.length && !/^([CS](: |!$)|@|# )/.test(lines[to] ?? '')) to++
  return lines.slice(from, to)
}

function said(words: readonly string[], below: readonly string[] | undefined, line: number): Said {
  if (!below) return { words }
  const length = words.at(-1) ?? ''
  const payload = length === '0' ? '' : below.join('\r\n')
  if (length !== '{}' && Number(length) !== Buffer.byteLength(payload))
    throw new Error(`line ${line} announces ${length} bytes, ${Buffer.byteLength(payload)} follow`)
  return { words: words.slice(0, -1), payload }
}

/** The bytes of a step. A hole that nobody filled is filled with its own name. */
export function bytesOf({ words, payload }: Said, memory: Memory): Buffer {
  const fill = (text: string) =>
    text.replace(hole, (_, name: string) => {
      const value = memory.get(name) ?? (name || 'anything')
      if (name) memory.set(name, value)
      return value
    })
  const [verb = '', ...args] = words.map(fill)
  return encode({ verb, args, ...(payload !== undefined && { payload: Buffer.from(fill(payload)) }) })
}

/** Whether a command is what a step expects; if so, what stood in the holes is remembered. */
export function matches(expected: Said, command: Command, memory: Memory): boolean {
  const found = new Map(memory)
  const trId = command.trId === undefined ? [] : [String(command.trId)]
  const words = [command.verb, ...trId, ...command.args]
  const wholeLine = words.join(' ')
  const payload = command.payload === undefined ? undefined : Buffer.from(command.payload).toString('utf8')
  if ((expected.payload === undefined) !== (payload === undefined)) return false
  const fits =
    suits(expected.words.join(' '), wholeLine, found, '[^ ]*?') &&
    (payload === undefined || suits(expected.payload ?? '', payload, found, '[^]*?'))
  if (fits) for (const [name, value] of found) memory.set(name, value)
  return fits
}

function suits(pattern: string, text: string, memory: Memory, anything: string): boolean {
  const names: string[] = []
  let source = ''
  let from = 0
  for (const match of pattern.matchAll(hole)) {
    const name = match[1] ?? ''
    const end = match.index + match[0].length
    source += escaped(pattern.slice(from, match.index))
    const known = name === '' ? undefined : memory.get(name)
    const isLast = end === pattern.length && pattern[match.index - 1] === ' '
    source += known === undefined ? `(${isLast ? '[^]+' : anything})` : escaped(known)
    if (known === undefined) names.push(name)
    from = end
  }
  const result = new RegExp(`^${source}${escaped(pattern.slice(from))}$`).exec(text)
  if (!result) return false
  for (const [index, name] of names.entries()) {
    const value = result[index + 1] ?? ''
    if (name !== '' && memory.has(name) && memory.get(name) !== value) return false
    if (name !== '') memory.set(name, value)
  }
  return true
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
