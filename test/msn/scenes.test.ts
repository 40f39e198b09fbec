// One conversation, both sides: what our client and our server say to each other in every dialect stands in test/transcripts/scenes, and each is
// played against it alone. `npm run scenes` writes the files.

import { readdirSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { playScene } from '../support/play-scene.ts'
import { playToServer } from '../support/play-server.ts'
import { prepare } from '../support/scene-server.ts'
import { scenes } from '../support/scenes.ts'

const folder = new URL('../transcripts/scenes/', import.meta.url)
const dialects = Array.from({ length: 17 }, (_, index) => index + 2)
const nameOf = (scene: string, dialect: number) => `${scene}-msnp${String(dialect).padStart(2, '0')}.msnp`

for (const [name, scene] of Object.entries(scenes))
  describe(`the scene ${name}`, () => {
    it.each(dialects)('is spoken by our server at MSNP%i', async (dialect) => {
      const played = playToServer(new URL(nameOf(name, dialect), folder), ({ server }) => prepare(server.services, scene.before))
      await expect(played).resolves.toBeUndefined()
    })

    it.each(dialects)('is spoken by our client at MSNP%i', async (dialect) => {
      await expect(playScene(new URL(nameOf(name, dialect), folder), scene, dialect)).resolves.toBeUndefined()
    })
  })

test('there is no transcript without its scene', () => {
  const expected = Object.keys(scenes).flatMap((scene) => dialects.map((dialect) => nameOf(scene, dialect)))
  expect(readdirSync(folder).sort()).toEqual(expected.sort())
})
