import { beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { md5Proof } from '../../../src/msn/auth/md5.ts'
import { Accounts } from '../../../src/msn/server/accounts.ts'
import { handleOf } from '../../../src/msn/server/handle.ts'
import { MemoryRecords } from '../../support/memory-stores.ts'

let records: MemoryRecords
let accounts: Accounts
const juliet = 'juliet@example.com'
const rosaline = new Secret('rosaline')

beforeEach(() => {
  records = new MemoryRecords()
  accounts = new Accounts(
    records,
    (email) => email.endsWith('@verona.example'),
    () => 7,
  )
})

const refusal = (key: string) => ({ name: 'AccountError', phrase: { key } })

describe('an account', () => {
  test('is opened by its password, in whatever case its address is written, and by no other', async () => {
    expect(await accounts.add('Juliet@Example.com', rosaline)).toEqual({ email: juliet, md5: false, createdAt: 7 })
    expect(await accounts.verify('JULIET@example.com', rosaline)).toBe(juliet)
    expect(await accounts.verify(juliet, new Secret('Rosaline'))).toBeUndefined()
    expect(await accounts.verify('nobody@example.com', rosaline)).toBeUndefined()
    expect(await accounts.verify('not an address', rosaline)).toBeUndefined()
  })

  test('is made once', async () => {
    const both = await Promise.allSettled([accounts.add(juliet, rosaline), accounts.add(juliet, new Secret('other'))])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(accounts.add(juliet, rosaline)).rejects.toMatchObject(refusal('account.taken'))
  })

  test('can get another password, and be forgotten with its list', async () => {
    await accounts.add(juliet, rosaline)
    await records.update('books', juliet, () => ({ a: 'book' }))
    await accounts.passwd(juliet, new Secret('tybalt'))
    expect([await accounts.verify(juliet, rosaline), await accounts.verify(juliet, new Secret('tybalt'))]).toEqual([
      undefined,
      juliet,
    ])
    expect([await accounts.remove(juliet), await accounts.remove(juliet)]).toEqual([true, false])
    expect(await accounts.list()).toEqual([])
    expect(await records.get('books', juliet)).toBeUndefined()
    await expect(accounts.passwd(juliet, rosaline)).rejects.toMatchObject(refusal('account.unknown'))
  })

  test('has an address in which everything can be seen', async () => {
    for (const hidden of ['\u200b', '\u202e', '\ufeff', '\0'])
      await expect(accounts.add(`juliet${hidden}@example.com`, rosaline)).rejects.toMatchObject(refusal('account.bad-address'))
  })

  test('is known to be possible, or not, before a password is asked for', async () => {
    await accounts.checkFree(juliet)
    await expect(accounts.checkKnown(juliet)).rejects.toMatchObject(refusal('account.unknown'))
    await accounts.add(juliet, rosaline)
    await accounts.checkKnown(juliet)
    await expect(accounts.checkFree('JULIET@example.com')).rejects.toMatchObject(refusal('account.taken'))
    await expect(accounts.checkFree('mercutio@verona.example')).rejects.toMatchObject(refusal('account.hosted'))
    await expect(accounts.checkFree('juliet')).rejects.toMatchObject(refusal('account.bad-address'))
  })

  test('is listed by address, without anything secret', async () => {
    await accounts.add('romeo@example.com', rosaline, { md5: true })
    await accounts.add(juliet, rosaline)
    expect(await accounts.list()).toEqual([
      { email: juliet, md5: false, createdAt: 7 },
      { email: 'romeo@example.com', md5: true, createdAt: 7 },
    ])
  })

  test.each([
    ['juliet', 'rosaline', 'account.bad-address'],
    ['juliet@a b', 'rosaline', 'account.bad-address'],
    [`${'j'.repeat(130)}@example.com`, 'rosaline', 'account.bad-address'],
    ['mercutio@verona.example', 'rosaline', 'account.hosted'],
    [juliet, '', 'account.empty-password'],
    [juliet, 'seventeen letters', 'account.long-password'],
  ])('"%s" with "%s" is refused', async (email, password, key) => {
    await expect(accounts.add(email, new Secret(password))).rejects.toMatchObject(refusal(key))
    expect(await accounts.list()).toEqual([])
  })

  test('keeps no password and, unless it opted in, nothing that is as good as one', async () => {
    await accounts.add(juliet, rosaline)
    const kept = JSON.stringify(await records.get('accounts', juliet))
    expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(kept).not.toContain('rosaline')
    expect(kept).not.toContain('md5')
  })
})

describe('MD5', () => {
  test('opens only accounts that opted in, until they opt out', async () => {
    await accounts.add(juliet, rosaline, { md5: true })
    const salt = await accounts.salt(juliet)
    expect(salt).toMatch(/^\d{10}\.\d{9}$/)
    expect(await accounts.verifyMd5(juliet, md5Proof(salt, rosaline))).toBe(juliet)
    expect(await accounts.verifyMd5(juliet, md5Proof(salt, new Secret('x')))).toBeUndefined()
    await accounts.passwd(juliet, rosaline)
    const second = await accounts.salt(juliet)
    expect(await accounts.verifyMd5(juliet, md5Proof(second, rosaline))).toBe(juliet)
    await accounts.passwd(juliet, rosaline, { md5: false })
    expect(await accounts.verifyMd5(juliet, md5Proof(second, rosaline))).toBeUndefined()
  })

  test('gives a salt to everybody, always the same one, so that nobody learns who has an account', async () => {
    const salts = [
      await accounts.salt('nobody@example.com'),
      await accounts.salt('Nobody@example.com'),
      await accounts.salt('no address'),
    ]
    for (const salt of salts) expect(salt).toMatch(/^\d{10}\.\d{9}$/)
    expect(salts[0]).toBe(salts[1])
    expect(salts[0]).not.toBe(salts[2])
  })
})

test('a handle is an address in small letters without its endpoint', () => {
  expect(handleOf('Juliet@Example.com;{4F81FB18-2769-45F4-BCB2-B3CA0B6E11C6}')).toBe(juliet)
  for (const text of ['', '@', 'a@', '@b', 'a b@c', 'a@b\r\n', 'a\u0000@b', 'a@b@c']) expect(handleOf(text)).toBeUndefined()
})
