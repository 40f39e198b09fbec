// Plays a file of test/transcripts/client/ to our client.

import { readFile } from 'node:fs/promises'
import { Secret } from '../../src/core/secret.ts'
import type { SessionOptions } from '../../src/msn/client/session.ts'
import { settled } from './manual-timers.ts'
import type { TestClient } from './msn-client.ts'
import { clientAt } from './msn-client.ts'
import { ScriptedServer } from './scripted-server.ts'

export interface Play {
  readonly client: TestClient
  readonly server: ScriptedServer
}

/** Connects a client to a transcript and does what the test says, until both have come to their end. Rejects at the first line that was otherwise. */
export async function play(
  file: string,
  options: Partial<SessionOptions> = {},
  act: (play: Play) => unknown = () => {},
): Promise<Play> {
  return playText(await transcript(file), options, act)
}

/** The text of a transcript. */
export function transcript(file: string): Promise<string> {
  return readFile(new URL(`../transcripts/client/${file}.msnp`, import.meta.url), 'utf8')
}

/** A transcript up to where this is first said, which is left out: `C: XFR` leaves the sign-in. Throws when it is never said. */
export async function transcriptUntil(file: string, said: string): Promise<string> {
  const text = await transcript(file)
  const at = text.indexOf(said)
  if (at < 0) throw new Error(`nobody says "${said}" in ${file}`)
  return text.slice(0, at)
}

/** Plays a transcript that stands in the test. `meanwhile` runs while the client connects. */
export async function playText(
  text: string,
  options: Partial<SessionOptions> = {},
  act: (play: Play) => unknown = () => {},
  meanwhile: (play: Play) => unknown = () => {},
): Promise<Play> {
  const server = new ScriptedServer(text)
  const client = clientAt(server, options)
  const acting = async () => {
    await client.session.connect()
    await act({ client, server })
  }
  await Promise.all([acting(), server.played, meanwhile({ client, server })])
  await settled()
  return { client, server }
}

/** Juliet's password, for dialects that are signed in to with one. */
export const password: SessionOptions['credential'] = {
  kind: 'password',
  password: new Secret('rosaline'),
  signIn: async ({ challenge }) => new Secret(`t=${challenge}&p=`),
}
