// A command as people read it: a line of a transcript, `C:` what a client says, `S:` what a server says, the payload below.
// Secrets are not in it; which arguments and header lines are secret stands in two tables.

import type { Command, Speaker } from './command.ts'

const mask = '•••'

/** Whether the argument at a place is a secret. */
type SecretArg = (args: readonly string[], index: number) => boolean

const methods = new Set(['MD5', 'CTP', 'TWN', 'SSO', 'SHA'])

const secretArgs: Readonly<Record<Speaker, Readonly<Record<string, SecretArg>>>> = {
  client: {
    // USR t TWN I handle · USR t {method} {S or A} {hash, password, ticket}… · on a switchboard USR t handle ticket (3.3 to 3.6, 4.1)
    USR: (args, index) => {
      const method = methods.has(args[0] ?? '')
      if (index === 0) return !method && !isHandle(args[0])
      return !method || (index > 1 && args[1] !== 'I')
    },
    // ANS t handle ticket session (4.1)
    ANS: (args, index) => (index === 0 ? !isHandle(args[0]) : index !== 2),
  },
  server: {
    // XFR t SB host CKI ticket … (3.19); XFR t NS host … has none (3.4)
    XFR: (args, index) => args[0] !== 'NS' && (index === 3 || args[index - 1] === 'CKI'),
    // RNG session host CKI ticket inviter name … (3.19)
    RNG: (args, index) => index === 3 || args[index - 1] === 'CKI',
  },
}

/** Header lines of a MSG that hold one: the ticket for web pages in the profile (3.8), the key to a direct transfer (5.6). */
const secretHeader = /^(MSPAuth|AuthCookie)[ \t]*:.*$/gim

/**
 * A command in transcript form, without a line break at its end. Passwords, hashes and tickets are `•••`; the length is that of
 * the real payload. Control characters and bytes that are no UTF-8 are `\xNN`. Text of chats is in it: for level trace only.
 */
export function trace(from: Speaker, { verb, trId, args, payload }: Command): string {
  const isSecret = secretArgs[from][verb]
  const words = [verb]
  if (trId !== undefined) words.push(String(trId))
  for (const [index, arg] of args.entries()) words.push(isSecret?.(args, index) ? mask : visible(arg))
  if (payload) words.push(String(payload.length))
  const line = `${from === 'client' ? 'C' : 'S'}: ${words.join(' ')}`
  if (!payload || payload.length === 0) return line
  return `${line}\n${payloadLines(verb, payload).join('\n')}`
}

function payloadLines(verb: string, payload: Uint8Array): string[] {
  const text = textOf(payload)
  return (verb === 'MSG' ? text.replace(secretHeader, `$1: ${mask}`) : text).split('\r\n').map(visible)
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes)
      .toString('latin1')
      .replace(/[\x80-\xff]/g, escapeCode)
  }
}

function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => (control === '\t' ? control : escapeCode(control)))
}

function escapeCode(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function isHandle(arg: string | undefined): boolean {
  return arg?.includes('@') ?? false
}
