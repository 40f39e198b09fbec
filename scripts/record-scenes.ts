// Writes test/transcripts/scenes anew: every scene in every dialect, as our client and our server speak it now. What has changed is for the
// reader to judge, with the reference at hand. Names narrow it: npm run scenes -- board-msnp12

import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { recordScene } from '../test/support/scene-recording.ts'
import { scenes } from '../test/support/scenes.ts'

/** A scene in which somebody waits for what never comes is given up, in milliseconds. */
const patience = 20_000

const wanted = process.argv.slice(2)
for (const [name, scene] of Object.entries(scenes))
  for (let dialect = 2; dialect <= 18; dialect++) {
    const file = `${name}-msnp${String(dialect).padStart(2, '0')}`
    if (wanted.length > 0 && !wanted.includes(file)) continue
    const late = wait(patience, undefined, { ref: false })
    const text = await Promise.race([recordScene(scene, dialect), late])
    if (text === undefined) throw new Error(`the scene ${file} does not come to its end`)
    await writeFile(new URL(`../test/transcripts/scenes/${file}.msnp`, import.meta.url), text)
  }
