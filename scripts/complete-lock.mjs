// Mends package-lock.json after `npm install` ran against a registry that lacks the packages of some platforms: npm leaves those
// out without a word, and then every `npm ci` refuses the file. They are written back as what they are, optional packages of
// a platform, which npm skips elsewhere. `--check` only says whether any is missing.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const absent = missingOptionals(lock.packages)

if (absent.length === 0) {
  console.log('package-lock.json is complete')
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${absent.map(([place]) => place).join(', ')}; run \`node scripts/complete-lock.mjs\``)
  process.exitCode = 1
} else {
  const entries = [...Object.entries(lock.packages), ...absent].sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`)
  console.log(`package-lock.json: added ${absent.length} packages of other platforms`)
}

function missingOptionals(packages) {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isReachable(packages, place, name))
      .map(([name, version]) => [
        `node_modules/${name}`,
        sorted({ version, ...platformOf(name), ...(dev && { dev }), optional: true }),
      ]),
  )
}

/** In npm's own order, so that it finds nothing to change. */
function sorted({ version, ...rest }) {
  return { version, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'))) }
}

/** Whether a package at `place` would find another: in its own node_modules, or in one further up. */
function isReachable(packages, place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder ? `${folder}/` : ''}node_modules/${name}` in packages) return true
    if (folder === '') return false
  }
}

/** What a name such as `@biomejs/cli-linux-x64-musl` says about where it can run. */
function platformOf(name) {
  const [, os, cpu, libc] =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(?:(musl|gnu).*|msvc|eabi))?$/.exec(
      name,
    ) ?? []
  if (os === undefined) throw new Error(`cannot tell the platform of ${name} from its name; add it to package-lock.json by hand`)
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }) }
}
