import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { logFile, root, tools } from './place.mjs'
import { Problem } from './problem.mjs'

const shownLines = 8 // at each end

/** Runs a command that installs something; its output goes to a file, of which both ends are shown if it fails. */
export function run(command, args, { remedy, env = {} }) {
  mkdirSync(tools, { recursive: true })
  const log = openSync(logFile, 'w')
  const result = spawnSync(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', log, log] })
  closeSync(log)
  if (result.status === 0) return
  const reason = result.error?.message ?? (result.signal ? `ended by ${result.signal}` : `exit code ${result.status}`)
  console.error(bothEnds(readFileSync(logFile, 'utf8')))
  throw new Problem(`"${command} ${args.join(' ')}" failed (${reason}); ${remedy}`)
}

/** What a command prints, or undefined when it is not there or fails. */
export function answer(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return result.status === 0 ? result.stdout.trim() : undefined
}

function bothEnds(text) {
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => !/^npm (warn|notice)/.test(line))
  const shown = lines.length <= 2 * shownLines ? lines : [...lines.slice(0, shownLines), '...', ...lines.slice(-shownLines)]
  return shown.map((line) => `  | ${line}`).join('\n')
}
