// One set-up at a time in one clone. The lock is a folder that holds one file, named after the process that has it: it is
// made elsewhere and renamed into place, so it is never seen half made, and a dead owner's is taken over by renaming the
// file, at which only one of several heirs can succeed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tools } from './place.mjs'

const place = join(tools, 'setup.lock')
const pause = 250 // ms between two looks

/** Runs the work while no other set-up of this clone runs; waits for it with a message. */
export function atomically(work) {
  mkdirSync(tools, { recursive: true })
  const me = nameOf(process.pid)
  let told = false
  while (!(acquire(me) || inherit(me))) {
    if (!told) console.log('setup: another set-up is running in this clone; waiting for it')
    told = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
  }
  try {
    return work()
  } finally {
    release(me)
  }
}

function acquire(me) {
  const made = mkdtempSync(`${place}-`)
  writeFileSync(join(made, me), '')
  try {
    renameSync(made, place)
    return true
  } catch (error) {
    rmSync(made, { recursive: true })
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
    throw error
  }
}

function inherit(me) {
  try {
    const [owner] = readdirSync(place)
    if (owner === undefined || isAlive(owner)) return false
    renameSync(join(place, owner), join(place, me))
    return true
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function release(me) {
  rmSync(join(place, me), { force: true })
  try {
    rmdirSync(place)
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
  }
}

function isAlive(owner) {
  const pid = Number.parseInt(owner, 10)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code === 'ESRCH') return false
  }
  return nameOf(pid) === owner
}

/** The process id with, where the system tells it, the time the process began: ids are used again. */
function nameOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
    return `${pid}-${fields[19]}`
  } catch {
    return `${pid}`
  }
}
