import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { md5Proof, sameProof } from '../../../src/msn/auth/md5.ts'
import {
  readPassportLogin,
  readPassportTicket,
  readPassportUrls,
  ticketFor,
  tokenIn,
  twnChallenge,
  writePassportLogin,
  writePassportTicket,
  writePassportUrls,
} from '../../../src/msn/auth/passport.ts'
import { isSsoBlob, ssoBlob } from '../../../src/msn/auth/sso.ts'
import md5 from '../../vectors/md5-auth.json' with { type: 'json' }
import sso from '../../vectors/sso.json' with { type: 'json' }

describe('MD5', () => {
  test.each(md5.vectors.filter(({ confirmed }) => confirmed))('salt $salt', ({ salt, password, expected }) => {
    const proof = md5Proof(salt, new Secret(password))
    expect(proof.reveal()).toBe(expected)
    expect(sameProof(proof, new Secret(expected.toUpperCase()))).toBe(true)
    expect(sameProof(proof, new Secret(`${expected}0`))).toBe(false)
  })
})

describe('SSO', () => {
  test.each(sso.vectors)('nonce $nonce', ({ nonce, binarySecretBase64, ivHex, expected }) => {
    const secret = new Secret(binarySecretBase64)
    expect(ssoBlob(nonce, secret, Buffer.from(ivHex, 'hex'))).toBe(expected)
    expect(isSsoBlob(expected, nonce, secret)).toBe(true)
    expect(isSsoBlob(expected, `${nonce.slice(1)}=`, secret)).toBe(false)
    expect(isSsoBlob(expected, nonce, new Secret('CCCC'))).toBe(false)
  })

  test('with an IV of its own, it is another blob each time, and each is right', () => {
    const [secret, nonce] = [new Secret('A'.repeat(32)), 'B'.repeat(64)]
    const blobs = [ssoBlob(nonce, secret), ssoBlob(nonce, secret)]
    expect(blobs[0]).not.toBe(blobs[1])
    for (const blob of blobs) expect(isSsoBlob(blob, nonce, secret)).toBe(true)
  })

  test('anything else is no blob', () => {
    fc.assert(fc.property(fc.string(), (text) => isSsoBlob(text, 'nonce', new Secret('AAAA')) === false))
  })
})

describe('Passport', () => {
  test('what a client says is what the server hears, whatever is in the password', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((raw) => raw.toWellFormed())
    fc.assert(
      fc.property(text, text, (account, password) => {
        const header = writePassportLogin({ account, password: new Secret(password) }, twnChallenge).reveal()
        const read = readPassportLogin(header)
        expect([read?.account, read?.password.reveal()]).toEqual([account, password])
        expect(header).toMatch(/^[\x20-\x7e]*$/)
      }),
    )
  })

  test('real clients write it in their own ways', () => {
    const said =
      'Passport1.4 OrgVerb=GET,OrgURL=http%3A%2F%2Fmessenger%2Emsn%2Ecom,sign-in=juliet@example.com,pwd=a%2cb+%C3%A9%zz,lc=1033,id=507'
    const read = readPassportLogin(said)
    expect([read?.account, read?.password.reveal()]).toEqual(['juliet@example.com', 'a,b+é%zz'])
    for (const header of ['', 'Basic eA==', 'Passport1.4 ', 'Passport1.4 pwd=x', 'Passport1.4 sign-in=juliet@example.com'])
      expect(readPassportLogin(header)).toBeUndefined()
  })

  test('an https address loses its scheme for the clients that put it there themselves; either way it is read', () => {
    for (const place of ['https://login.example.com/login2.srf', 'http://127.0.0.1:8080/login2.srf']) {
      const header = writePassportUrls(new URL(place))
      expect(readPassportUrls(header)?.href).toBe(place)
      expect(header.includes('DALogin=login.example.com')).toBe(place.startsWith('https'))
    }
    expect(readPassportUrls('DARealm=Passport.Net')).toBeUndefined()
    expect(readPassportUrls('DALogin=http://[')).toBeUndefined()
  })

  test('a ticket is handed on as it is', () => {
    const ticket = ticketFor('abc_-1')
    expect(readPassportTicket(writePassportTicket(ticket))?.reveal()).toBe('t=abc_-1&p=')
    expect(tokenIn(ticket)).toBe('abc_-1')
    for (const form of ['abc_-1', 't=abc_-1', 't=abc_-1&p=x']) expect(tokenIn(new Secret(form))).toBe('abc_-1')
    expect(readPassportTicket('Passport1.4 da-status=failed')).toBeUndefined()
  })
})
