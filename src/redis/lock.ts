// One gateway per data folder: a lock file names its holder. A holder that is gone loses it.

import { randomUUID } from 'node:crypto'
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

/** `born` tells a process from a later one with the same number. */
const holderForm = z.object({ pid: z.int().positive(), born: z.string() })

type Holder = z.infer<typeof holderForm>

/** Clearing takes no time; who is at it for so long was killed. In milliseconds. */
const longestClearing = 5_000

/** Somebody else holds the lock. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld'
  readonly pid: number

  constructor(pid: number) {
    super(`held by process ${pid}`)
    this.pid = pid
  }
}

/** Takes the lock file for this process; gives the way to let it go. Throws LockHeld while the holder lives. */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, born: await bornAt(process.pid) })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    while (!(await placed(draft, file))) await clearStale(file)
  } finally {
    await rm(draft, { force: true })
  }
  return async () => {
    if ((await contents(file)) === mine) await rm(file, { force: true })
  }
}

/** The process that holds the lock file, if it lives. */
export async function lockHolder(file: string): Promise<number | undefined> {
  const holder = holderIn(await contents(file))
  return holder && (await lives(holder)) ? holder.pid : undefined
}

/** A link appears whole or not at all, and never over another. */
async function placed(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Takes a lock away whose holder is gone. One at a time: two who look and then move could move each other's. */
async function clearStale(file: string): Promise<void> {
  const guard = `${file}.clearing`
  if (!(await isFirst(guard))) return
  try {
    const found = await contents(file)
    if (found === undefined) return
    const holder = holderIn(found)
    if (holder && (await lives(holder))) throw new LockHeld(holder.pid)
    // Nobody places a lock over this one, and nobody else may clear it: it is still what we looked at.
    await rm(file, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

/** Whether we are the one who clears. Whoever was killed at it is not waited for. */
async function isFirst(guard: string): Promise<boolean> {
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  const since = await stat(guard).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  )
  if (Date.now() - since > longestClearing) await rm(guard, { force: true })
  else await pause(5)
  return false
}

async function contents(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function holderIn(text: string | undefined): Holder | undefined {
  try {
    return holderForm.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

async function lives({ pid, born }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false
  }
  return (await bornAt(pid)) === born
}

/** The boot and the tick at which a process began, where the system tells (Linux); else nothing, and the number alone counts. */
async function bornAt(pid: number): Promise<string> {
  try {
    const [boot, status] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // proc(5): the 22nd field; the second one, in brackets, may hold spaces.
    const [, , , , , , , , , , , , , , , , , , , start] = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return `${boot.trim()} ${start}`
  } catch {
    return ''
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
