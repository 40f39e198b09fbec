import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answer, run } from './command.mjs'
import { installDebian } from './debian.mjs'
import { root, tools } from './place.mjs'
import { Problem } from './problem.mjs'

const venv = join(tools, 'synapse')
const python = join(venv, 'bin', 'python')
const stamp = join(venv, 'installed-from')
const requirements = join(root, 'scripts', 'synapse-requirements.txt')
const byHand = 'install Python 3.10 or newer with its venv module (Debian: python3-venv), then run `npm run setup` again'
const registry = 'see whether PyPI can be reached, then run `npm run setup` again'

/** Synapse from PyPI in a virtual environment of the project's own; a broken or outdated one is built anew. */
export const synapse = {
  name: 'Synapse',
  remedy: `delete ${venv} and run \`npm run setup\` again`,
  announcement: () =>
    `Synapse from PyPI into .tools/synapse (about 100 MB)${pythonWithVenv() ? '' : ', after python3 and python3-venv (apt-get install)'}`,
  isPresent: () => recordedStamp() === currentStamp() && answer(python, ['-c', 'import synapse']) !== undefined,
  install() {
    if (!pythonWithVenv()) installDebian(['python3', 'python3-venv'], byHand)
    const base = pythonWithVenv()
    if (!base) throw new Problem(`no Python 3.10 or newer with the venv module was found; ${byHand}`)
    rmSync(venv, { recursive: true, force: true })
    run(base, ['-I', '-m', 'venv', venv], { remedy: byHand })
    run(
      python,
      ['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--only-binary=:all:', '--no-deps', '-r', requirements],
      {
        remedy: registry,
      },
    )
    writeFileSync(stamp, currentStamp())
  },
}

function pythonWithVenv() {
  const names = ['python3', '/usr/bin/python3', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)]
  const question = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'
  return names.find((name) => answer(name, ['-I', '-c', question]) !== undefined)
}

/** What the environment was made from, and where: its programs hold its path. */
function currentStamp() {
  return `${createHash('sha256').update(readFileSync(requirements)).digest('hex')} ${venv}\n`
}

function recordedStamp() {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return undefined
  }
}
