#!/usr/bin/env node
// The `nudge` command: starts src/main.ts on a Node that can run it, which is the project's own where this one is too old.
// Plain JavaScript with sentences of its own, because an old Node can read neither TypeScript nor the catalogue.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const ownNode = join(root, 'node_modules', '.bin', 'node')
const main = join(root, 'src', 'main.ts')

const [major, minor] = process.versions.node.split('.').map(Number)
const isNewEnough = major > 24 || (major === 24 && minor >= 11)

if (!existsSync(join(root, 'node_modules', 'zod'))) {
  refuse('its packages are missing')
} else if (isNewEnough) {
  process.argv[1] = main
  await import('../src/main.ts')
} else if (existsSync(ownNode)) {
  handOver()
} else {
  refuse(`it needs Node 24.11 or newer, and this is ${process.versions.node}`)
}

function refuse(why) {
  console.error(`nudge cannot start: ${why}; run \`npm run setup\` in ${root}`)
  process.exitCode = 1
}

/** Stands in for the program: passes signals on, and ends as it ends. */
function handOver() {
  const program = spawn(ownNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    // Ctrl-C at a terminal reaches both processes already; passed on, it would count as a second, impatient one.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || program.kill(signal))
  }
  program.on('error', (error) => refuse(`the project's own Node does not run (${error.message})`))
  program.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code
    } else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
