// Writes config/nudge.example.yaml from the schemas; with --check, only says whether it is fresh.

import { readFile, writeFile } from 'node:fs/promises'
import { parseConfig } from '../src/config.ts'
import { configText } from '../src/config-text.ts'

const file = new URL('../config/nudge.example.yaml', import.meta.url)

const heading = `Every setting of Nudge, with what it means. Made from the schemas by "npm run example": do not edit it here.
"nudge init" writes a file like this one with fresh tokens. \${NAME} in a value stands for a variable of the environment.`

const example = {
  matrix: {
    homeserver: 'http://127.0.0.1:8008',
    domain: 'example.org',
    asToken: 'write-here-what-nudge-init-makes-for-you-1',
    hsToken: 'write-here-what-nudge-init-makes-for-you-2',
  },
  msn: { domain: 'msn.example.org' },
}

const text = configText(example, heading)
parseConfig(text, 'config/nudge.example.yaml')
if (process.argv.includes('--check')) {
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present !== text) {
    process.stderr.write('config/nudge.example.yaml is stale: run "npm run example"\n')
    process.exitCode = 1
  }
} else await writeFile(file, text)
