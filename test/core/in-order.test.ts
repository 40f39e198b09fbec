import { describe, expect, it } from 'vitest'
import { InOrder } from '../../src/core/in-order.ts'

describe('tasks of one name', () => {
  it('run one after another, and those of another name meanwhile', async () => {
    const inOrder = new InOrder()
    const gate = Promise.withResolvers<void>()
    const done: string[] = []
    const first = inOrder.run('a', async () => {
      await gate.promise
      done.push('first')
    })
    const second = inOrder.run('a', async () => void done.push('second'))
    await inOrder.run('b', async () => void done.push('other'))
    expect(done).toEqual(['other'])
    gate.resolve()
    await Promise.all([first, second])
    expect(done).toEqual(['other', 'first', 'second'])
  })

  it('go on after one that failed, which is told to whoever asked for it', async () => {
    const inOrder = new InOrder()
    const first = inOrder.run('a', () => Promise.reject(new Error('no Redis')))
    const second = inOrder.run('a', async () => {})
    await expect(first).rejects.toThrow('no Redis')
    await expect(second).resolves.toBeUndefined()
  })
})

describe('being idle', () => {
  it('means that nothing runs any more, also what failed', async () => {
    const inOrder = new InOrder()
    const gate = Promise.withResolvers<void>()
    let isIdle = false
    const task = inOrder.run('a', async () => {
      await gate.promise
      throw new Error('late')
    })
    const idle = inOrder.idle().then(() => {
      isIdle = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isIdle).toBe(false)
    gate.resolve()
    await expect(task).rejects.toThrow('late')
    await idle
    expect(isIdle).toBe(true)
  })

  it('is so from the start', async () => {
    await expect(new InOrder().idle()).resolves.toBeUndefined()
  })
})
