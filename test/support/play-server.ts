// Plays a file of test/transcripts/server/ to our server: the C: lines are said, the S: lines expected. `@NS2` and `@SB2` are further connections.

import { readFile } from 'node:fs/promises'
import { Secret } from '../../src/core/secret.ts'
import { md5Proof } from '../../src/msn/auth/md5.ts'
import { ssoBlob } from '../../src/msn/auth/sso.ts'
import type { Command } from '../../src/msn/wire/command.ts'
import { trace } from '../../src/msn/wire/trace.ts'
import { type BareClient, hungUp } from './bare-client.ts'
import type { TestServer } from './msn-server.ts'
import { cast, password, startServer } from './msn-server.ts'
import { bytesOf, type Memory, matches, parseTranscript } from './transcript.ts'

/** What holes of many words stand for when our server is played to. */
const holes = { client: '0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 MSMSGS juliet@example.com' }

/**
 * Says and expects everything in a transcript, on a fresh server. Rejects at the first line that was otherwise, and when something was said that
 * nobody expected. `{julietTicket}` and the like are tickets; `{julietProof}` follows from `{salt}` (or `{julietSalt}`), and
 * `{julietBlob}` from the nonce, with `{julietKey}` as its ticket; `{server}` is where the switchboard is. `prepare` runs before the first line.
 */
export async function playToServer(file: URL, prepare?: (fixture: TestServer) => Promise<void>): Promise<void> {
  const text = (await readFile(file, 'utf8')).replaceAll(/\{(\w+)\}/g, (hole, name: string) => {
    return Object.entries(holes).find(([key]) => key === name)?.[1] ?? hole
  })
  const fixture = await startServer()
  await prepare?.(fixture)
  const secrets = new Map<string, Secret>()
  const memory: Memory = new Map([['server', `127.0.0.1:${fixture.server.ports.switchboard}`]])
  for (const account of cast) {
    memory.set(`${nameOf(account)}Ticket`, await fixture.ticketFor(account))
    memory.set(`${nameOf(account)}SecondTicket`, await fixture.ticketFor(account))
    const key = await fixture.keyFor(account)
    memory.set(`${nameOf(account)}Key`, key.ticket.reveal())
    secrets.set(nameOf(account), key.secret)
  }
  const lines = new Map<string, BareClient>()
  try {
    for (const step of parseTranscript(text)) {
      const line = lines.get(step.connection) ?? (await fixture.dial(step.connection.startsWith('SB') ? 'SB' : 'NS'))
      lines.set(step.connection, line)
      if (step.speaker === 'client') {
        if (step.said) line.write(bytesOf(step.said, memory))
        else {
          line.hangUp()
          lines.delete(step.connection)
        }
        continue
      }
      const heard = await line.next()
      const fits = heard === hungUp || !step.said ? heard === hungUp && !step.said : matches(step.said, heard, memory)
      const said = heard === hungUp ? 'the server hung up' : trace('server', heard)
      if (!fits)
        throw new Error(`line ${step.line}: expected ${step.said?.words.join(' ') ?? 'the server to hang up'}\nbut: ${said}`)
      if (heard !== hungUp) learn(line, memory, secrets, heard)
    }
    const surplus = [...lines].flatMap(([name, line]) => line.unheard.map((said) => `${name}: ${said}`))
    if (surplus.length > 0) throw new Error(`nobody expected\n${surplus.join('\n')}`)
  } finally {
    await fixture.stop()
  }
}

/** The dialect of a line, and the proof that a salt or a nonce asks for. */
function learn(line: BareClient, memory: Memory, secrets: ReadonlyMap<string, Secret>, { verb, args }: Command): void {
  const dialect = /^MSNP(\d+)$/.exec(args[0] ?? '')?.[1]
  if (verb === 'VER' && dialect) line.dialect = Number(dialect)
  if (verb === 'USR' && args[0] === 'SSO')
    for (const [name, secret] of secrets) memory.set(`${name}Blob`, ssoBlob(args[3] ?? '', secret))
  for (const account of cast) {
    const salt = memory.get(`${nameOf(account)}Salt`) ?? memory.get('salt')
    if (salt !== undefined) memory.set(`${nameOf(account)}Proof`, md5Proof(salt, new Secret(password)).reveal())
  }
}

function nameOf(account: string): string {
  return account.replace(/@.*/, '')
}
