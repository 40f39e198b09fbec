// Plays a scene's transcript to our client: everybody in it is one of ours, and a server says what the file says.

import { readFile } from 'node:fs/promises'
import { Secret } from '../../src/core/secret.ts'
import { settled } from './manual-timers.ts'
import type { Scene } from './scenes.ts'
import { ScriptedServer } from './scripted-server.ts'
import { Stage } from './stage.ts'

const guid = (last: number) => `c1f9a363-4ee9-4a33-a434-b056a4c55b${last}`
/** What a client takes only in its own form. */
const known = [
  ['server', 'sb.example.org:1864'],
  ...['group', 'group2', 'contact', 'contact2', 'contact3'].map((hole, index) => [hole, guid(90 + index)] as const),
] as const

/** Acts a scene against its transcript. Rejects at the first line that was otherwise, and when the file has lines that nobody came to. */
export async function playScene(file: URL, scene: Scene, dialect: number): Promise<void> {
  const server = new ScriptedServer(await readFile(file, 'utf8'), known)
  const stage = new Stage(
    dialect,
    {
      dial: (to) => server.dial(to),
      ticketFor: async (who) => new Secret(`t=${who}&p=`),
      keyFor: async (who) => ({ ticket: new Secret(`t=${who}&p=`), secret: new Secret(Buffer.alloc(24, 7).toString('base64')) }),
    },
    scene.before,
  )
  await Promise.all([scene.act(stage), server.played])
  await settled()
  await stage.clear()
}
