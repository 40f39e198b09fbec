// Writes test/transcripts/scenes anew: every scene in every dialect, as our client and our server speak it now. What has changed is for the
// reader to judge, with the reference at hand. Names narrow it: npm run scenes -- board-msnp12

import { writeFile } from 'node:fs/promises'
import { recordScene } from '../test/support/scene-recording.ts'
import { scenes } from '../test/support/scenes.ts'

const wanted = process.argv.slice(2)
for (const [name, scene] of Object.entries(scenes))
  for (let dialect = 2; dialect <= 18; dialect++) {
    const file = `${name}-msnp${String(dialect).padStart(2, '0')}`
    if (wanted.length > 0 && !wanted.includes(file)) continue
    await writeFile(new URL(`../test/transcripts/scenes/${file}.msnp`, import.meta.url), await recordScene(scene, dialect))
  }
