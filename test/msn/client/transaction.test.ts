import { describe, expect, it } from 'vitest'
import { ClientError } from '../../../src/msn/client/errors.ts'
import { Transactions } from '../../../src/msn/client/transaction.ts'
import { ManualTimers } from '../../support/manual-timers.ts'

function fresh() {
  const timers = new ManualTimers()
  return { timers, transactions: new Transactions(timers) }
}

describe('a request and its reply', () => {
  it('meet by TrID, whatever comes in between and in whatever order', async () => {
    const { timers, transactions } = fresh()
    const [add, change] = [transactions.reply(7, 'ADC'), transactions.reply(8, 'CHG')]
    expect(transactions.settle({ verb: 'ILN', trId: 8, args: [] })).toBe(false)
    expect(transactions.settle({ verb: 'NLN', args: [] })).toBe(false)
    expect(transactions.settle({ verb: 'CHG', trId: 9, args: [] })).toBe(false)
    expect(transactions.settle({ verb: 'CHG', trId: 8, args: ['NLN'] })).toBe(true)
    expect(transactions.settle({ verb: 'ADC', trId: 7, args: ['FL'] })).toBe(true)
    expect((await add).args).toEqual(['FL'])
    expect((await change).args).toEqual(['NLN'])
    expect([transactions.size, timers.waiting]).toEqual([0, 0])
  })

  it('may be of another verb where the request says so', async () => {
    const { transactions } = fresh()
    const reply = transactions.reply(3, 'MSG', { answers: ['ACK', 'NAK'] })
    transactions.settle({ verb: 'NAK', trId: 3, args: [] })
    expect((await reply).verb).toBe('NAK')
  })

  it('are seen before what came along with them', () => {
    const { transactions } = fresh()
    const seen: string[] = []
    void transactions.reply(5, 'SYN', { seen: (reply) => seen.push(reply.verb) })
    transactions.settle({ verb: 'SYN', trId: 5, args: [] })
    seen.push('LST')
    expect(seen).toEqual(['SYN', 'LST'])
  })

  it('end with the error of the server', async () => {
    const { timers, transactions } = fresh()
    const codes = []
    for (const [verb, number] of [
      ['USR', 911],
      ['CAL', 217],
      ['XFR', 800],
      ['XFR', 913],
      ['ADC', 911],
    ] as const) {
      const reply = transactions.reply(1, verb)
      transactions.settle({ verb: String(number), trId: 1, args: [] })
      codes.push(await reply.catch((error: ClientError) => `${error.code} ${error.number}`))
    }
    expect(codes).toEqual(['refused 911', 'contact-offline 217', 'throttled 800', 'server-error 913', 'server-error 911'])
    expect([transactions.size, timers.waiting]).toEqual([0, 0])
  })

  it('end after 30 s of silence', async () => {
    const { timers, transactions } = fresh()
    const reply = expect(transactions.reply(1, 'XFR')).rejects.toMatchObject({ code: 'connection-lost', sent: true })
    await timers.pass(30_000)
    await reply
    expect([transactions.size, timers.waiting]).toEqual([0, 0])
    expect(transactions.settle({ verb: 'XFR', trId: 1, args: [] })).toBe(false)
  })

  it('end with the connection', async () => {
    const { timers, transactions } = fresh()
    const replies = [transactions.reply(1, 'XFR'), transactions.reply(2, 'CHG')]
    transactions.end(new ClientError('connection-lost', 'gone'))
    for (const reply of replies) await expect(reply).rejects.toThrow('gone')
    expect([transactions.size, timers.waiting]).toEqual([0, 0])
  })

  it('that are answered only when it goes wrong are over when the caller says so', async () => {
    const { timers, transactions } = fresh()
    await transactions.objection(1, 'UUM', Promise.resolve())
    const refused = transactions.objection(2, 'UUM', new Promise(() => {}))
    transactions.settle({ verb: '504', trId: 2, args: [] })
    await expect(refused).rejects.toMatchObject({ code: 'server-error', number: 504 })
    const silent = expect(transactions.objection(3, 'UUM', new Promise(() => {}))).rejects.toMatchObject({
      code: 'connection-lost',
    })
    await timers.pass(30_000)
    await silent
    expect([transactions.size, timers.waiting]).toEqual([0, 0])
  })

  it('are numbered from 1, never 0', () => {
    const { transactions } = fresh()
    expect([transactions.next(), transactions.next()]).toEqual([1, 2])
  })
})
