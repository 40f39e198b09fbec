// Set-up: brings what Nudge needs onto this machine, and nothing that is already here. Plain Node 20, no packages, because it
// runs before there are any. `node scripts/setup.mjs [check|test|demo|bench]`; without a word, everything.
import { atomically } from './setup/lock.mjs'
import { npmPackages } from './setup/npm-packages.mjs'
import { Problem } from './setup/problem.mjs'
import { redisServer } from './setup/redis-server.mjs'
import { synapse } from './setup/synapse.mjs'

const everything = [npmPackages, redisServer, synapse]
const needs = { check: [npmPackages], test: everything, demo: everything, bench: everything }

try {
  setUp(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Problem)) throw error
  console.error(`setup: ${error.message}`)
  process.exitCode = 1
}

function setUp(words) {
  const [purpose] = words
  if (words.length > 1 || (purpose !== undefined && !Object.hasOwn(needs, purpose))) {
    throw new Problem(
      `"${words.join(' ')}" is not a set-up; say one of ${Object.keys(needs).join(', ')}, or nothing for everything`,
    )
  }
  const wanted = purpose === undefined ? everything : needs[purpose]
  if (missing(wanted).length > 0) atomically(() => install(missing(wanted)))
  if (purpose === undefined) console.log(`setup: ready (${wanted.map((part) => part.name).join(', ')})`)
}

function missing(parts) {
  return parts.filter((part) => !part.isPresent())
}

function install(parts) {
  if (parts.length > 0) console.log('setup: about to install')
  for (const part of parts) console.log(`  - ${part.announcement()}`)
  for (const part of parts) {
    const began = Date.now()
    console.log(`setup: installing ${part.name} ...`)
    part.install()
    if (!part.isPresent()) throw new Problem(`${part.name}: installed without an error and still not usable; ${part.remedy}`)
    console.log(`setup: ${part.name}: done after ${Math.round((Date.now() - began) / 1000)} s`)
  }
}
