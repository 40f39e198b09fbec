import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { answer, run } from './command.mjs'
import { root } from './place.mjs'
import { Problem } from './problem.mjs'

const bin = join(root, 'node_modules', '.bin')
const remedy = 'see whether the npm registry can be reached, then run `npm run setup` again'

/** node_modules as package-lock.json wants it, with a Node 24 of the project's own among the packages. */
export const npmPackages = {
  name: 'npm packages',
  remedy: 'delete node_modules and run `npm run setup` again',
  announcement: () => 'npm packages into node_modules, with a Node 24 of their own (npm ci, about 330 MB)',
  isPresent: () => isAsLocked() && runsOn24(),
  install() {
    // Without node_modules/.bin in PATH: npm is about to delete the Node that lives there.
    const path = (process.env.PATH ?? '').split(':').filter((folder) => folder !== bin)
    // Nothing we use needs an install script, so none is run.
    run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], { remedy, env: { PATH: path.join(':') } })
    if (!runsOn24()) {
      throw new Problem(
        `there is no packaged Node 24 for ${process.platform} ${process.arch}; install Node 24.11 or newer, then run \`npm run setup\` again`,
      )
    }
  },
}

/** npm writes what it installed into a hidden lock file, last of all; a package missing there is fine only when optional. */
function isAsLocked() {
  const locked = packagesIn(join(root, 'package-lock.json'))
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'))
  if (locked === undefined)
    throw new Problem('package-lock.json is missing or broken; get it back with `git checkout package-lock.json`')
  return (
    installed !== undefined &&
    Object.entries(locked).every(([place, wanted]) => {
      const found = installed[place]
      if (found === undefined) return place === '' || wanted.optional === true
      return found.version === wanted.version && found.integrity === wanted.integrity
    })
  )
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

function runsOn24() {
  return [join(bin, 'node'), process.execPath].some((node) => {
    const [major, minor] = (answer(node, ['-p', 'process.versions.node']) ?? '0.0').split('.').map(Number)
    return major > 24 || (major === 24 && minor >= 11)
  })
}
