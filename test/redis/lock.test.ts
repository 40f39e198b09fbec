import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LockHeld, lockHolder, takeLock } from '../../src/redis/lock.ts'

describe('the lock of a data folder', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nudge-lock-'))
    file = join(folder, 'lock')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is held by one, and free again when it is let go', async () => {
    const release = await takeLock(file)
    expect(await lockHolder(file)).toBe(process.pid)
    await expect(takeLock(file)).rejects.toThrow(LockHeld)
    await release()
    expect(await lockHolder(file)).toBeUndefined()
    await (await takeLock(file))()
    expect(await readdir(folder)).toEqual([])
  })

  it('is taken from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    await writeFile(file, JSON.stringify({ pid: child.pid, born: '' }))
    expect(await lockHolder(file)).toBeUndefined()
    await takeLock(file)
    expect(await lockHolder(file)).toBe(process.pid)
    expect(await readdir(folder)).toEqual(['lock'])
  })

  it('is taken from an earlier process whose number a living one has now', async () => {
    await writeFile(file, JSON.stringify({ pid: process.pid, born: 'another boot 123' }))
    await takeLock(file)
    expect(await readFile(file, 'utf8')).not.toContain('another boot')
  })

  it('is taken when nobody can tell who holds it', async () => {
    for (const nonsense of ['', '{', '{"pid":-1,"born":""}', '[]']) {
      await writeFile(file, nonsense)
      await (await takeLock(file))()
    }
  })

  it('goes to one of many who find it stale at the same time', async () => {
    for (let round = 0; round < 50; round++) {
      await writeFile(file, 'stale')
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file)))
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      expect(await readdir(folder)).toEqual(['lock'])
    }
  })

  it('is taken although somebody was killed while clearing it', async () => {
    await writeFile(file, 'stale')
    await writeFile(`${file}.clearing`, '')
    const before = new Date(Date.now() - 60_000)
    await utimes(`${file}.clearing`, before, before)
    await takeLock(file)
    expect(await readdir(folder)).toEqual(['lock'])
  })
})
