// Debian's packages, for a person who is root or may use sudo.
import { existsSync } from 'node:fs'
import { answer, run } from './command.mjs'
import { Problem } from './problem.mjs'

/** Installs packages; `byHand` is what to do where apt-get or the right to use it is missing. */
export function installDebian(packages, byHand) {
  demandMeans(packages, byHand)
  const remedy = `see what apt-get says above, or ${byHand}`
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  if (!isKnown(packages)) runAsRoot(['apt-get', 'update'], { remedy, env })
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  try {
    runAsRoot(command, { remedy, env })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.log('setup: apt-get may hold an old list of packages; fetching a new one')
    runAsRoot(['apt-get', 'update'], { remedy, env })
    runAsRoot(command, { remedy, env })
  }
}

/** Installs a package that brings a service, without starting it now or at the next boot: Nudge runs servers of its own. */
export function installDebianQuietly(name, service, byHand) {
  demandMeans([name], byHand)
  const hasSystemd = existsSync('/run/systemd/system')
  const remedy = byHand
  // A mask under /run forbids the package's own script to start the service, and is gone after a reboot whatever happens here.
  if (hasSystemd) runAsRoot(['systemctl', 'mask', '--runtime', service], { remedy })
  try {
    installDebian([name], byHand)
  } finally {
    if (hasSystemd) runAsRoot(['systemctl', 'unmask', '--runtime', service], { remedy })
  }
  if (hasSystemd) runAsRoot(['systemctl', 'disable', service], { remedy })
}

function demandMeans(packages, byHand) {
  if (answer('apt-get', ['--version']) === undefined) throw new Problem(`this machine has no apt-get; ${byHand}`)
  if (isRoot() || answer('sudo', ['--version']) !== undefined) return
  const command = `apt-get update && apt-get install -y ${packages.join(' ')}`
  throw new Problem(`Debian's packages take root, and there is no sudo; run \`${command}\` as root, then \`npm run setup\` again`)
}

function isKnown(packages) {
  return packages.every((name) => /Candidate: (?!\(none\))/.test(answer('apt-cache', ['policy', name]) ?? ''))
}

function runAsRoot(command, { remedy, env = {} }) {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  const [first, ...rest] = [...(isRoot() ? [] : ['sudo']), 'env', 'LC_ALL=C', ...settings, ...command]
  if (!isRoot()) console.log(`setup: ${command.join(' ')} (sudo may ask for your password)`)
  run(first, rest, { remedy })
}

function isRoot() {
  return process.getuid?.() === 0
}
