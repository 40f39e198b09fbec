import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { silent } from '../../../src/core/log.ts'
import { Connection } from '../../../src/msn/client/connection.ts'
import type { ClientError } from '../../../src/msn/client/errors.ts'
import { ManualTimers, settled } from '../../support/manual-timers.ts'

function connected() {
  const timers = new ManualTimers()
  const traced: string[] = []
  const [ours, theirs] = duplexPair()
  const connection = new Connection(ours, {
    role: 'NS',
    dialect: 12,
    log: silent,
    timers,
    trace: (role, lines) => traced.push(`${role} ${lines}`),
  })
  const heard: string[] = []
  const closed: ClientError[] = []
  connection.listen({ command: ({ verb }) => heard.push(verb), closed: (reason) => closed.push(reason) })
  const writes: string[] = []
  theirs.on('data', (chunk: Buffer) => writes.push(chunk.toString()))
  theirs.on('end', () => theirs.end())
  return { connection, theirs, timers, heard, closed, writes, traced }
}

describe('a connection', () => {
  it('writes a command and its payload in one piece', async () => {
    const { connection, writes } = connected()
    connection.tell((trId) => ({ verb: 'UUX', trId, args: [], payload: Buffer.from('<Data/>') }))
    await settled()
    expect(writes).toEqual(['UUX 1 7\r\n<Data/>'])
  })

  it('hands a secret to the wire and not to the trace', async () => {
    const { connection, writes, traced } = connected()
    connection.tell((trId) => ({ verb: 'USR', trId, args: ['TWN', 'S', 't=secret&p='] }))
    await settled()
    expect(writes.join()).toContain('t=secret')
    expect(traced).toEqual(['NS C: USR 1 TWN S •••'])
  })

  it('ends everything that waits when the server hangs up, once', async () => {
    const { connection, theirs, closed, timers } = connected()
    const reply = expect(connection.request((trId) => ({ verb: 'XFR', trId, args: ['SB'] }))).rejects.toMatchObject({
      code: 'connection-lost',
      sent: true,
    })
    theirs.end()
    await reply
    await settled()
    expect(closed).toHaveLength(1)
    expect(timers.waiting).toBe(0)
    expect(() => connection.send({ verb: 'PNG', args: [] })).toThrow(
      expect.objectContaining({ code: 'connection-lost', sent: false }),
    )
    await expect(connection.request((trId) => ({ verb: 'XFR', trId, args: ['SB'] }))).rejects.toMatchObject({ sent: false })
  })

  it('leaves no request behind that cannot be written', async () => {
    const { connection, timers } = connected()
    await expect(connection.request((trId) => ({ verb: 'CAL', trId, args: ['a b'] }))).rejects.toThrow('space')
    expect(timers.waiting).toBe(0)
    expect(connection.isOpen).toBe(true)
  })

  it('destroys a stream whose other end never closes', async () => {
    const [ours, theirs] = duplexPair()
    const timers = new ManualTimers()
    const connection = new Connection(ours, { role: 'SB', dialect: 12, log: silent, timers })
    connection.listen({ command: () => {}, closed: () => {} })
    theirs.resume()
    connection.leave()
    expect(ours.destroyed).toBe(false)
    await timers.pass(2000)
    expect(ours.destroyed).toBe(true)
  })

  it('gives up a server that reads nothing', () => {
    const [ours] = duplexPair()
    const connection = new Connection(ours, { role: 'SB', dialect: 12, log: silent, timers: new ManualTimers() })
    const payload = Buffer.alloc(60_000)
    const flood = () => {
      for (let count = 0; count < 100; count++) connection.tell((trId) => ({ verb: 'MSG', trId, args: ['U'], payload }))
    }
    expect(flood).toThrow('stopped reading')
    expect(connection.isOpen).toBe(false)
  })

  it('takes any bytes: as commands, or as the end', async () => {
    const verb = fc.constantFrom(
      'MSG a b 3',
      'NLN',
      'ILN 1',
      'CHL 0 1',
      'XFR 0 NS',
      '911 1',
      'UBX a 70000',
      'RNG',
      'OUT',
      'QNG x',
    )
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      verb.map((text) => Buffer.from(`${text}\r\n`)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
        const { connection, theirs, closed } = connected()
        for (const bytes of pieces) theirs.write(bytes)
        await settled()
        expect(closed).toHaveLength(connection.isOpen ? 0 : 1)
      }),
      { numRuns: 60 },
    )
  })
})
