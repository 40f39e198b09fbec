import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { ssoBlob } from '../../../src/msn/auth/sso.ts'
import { policyChecksum, readPolicies } from '../../../src/msn/model/policies.ts'
import type { IssuedToken } from '../../../src/msn/server/tokens.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { place, proven } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com'
let fixture: TestServer
let key: IssuedToken

beforeEach(async () => {
  fixture = await startServer()
  key = await fixture.keyFor(juliet)
})
afterEach(() => fixture.stop())

/** A client that was asked for its proof, and what the proof has to be made of. */
async function asked(dialect: number, account = juliet): Promise<{ line: BareClient; nonce: string }> {
  const line = await fixture.dial('NS')
  line.dialect = dialect
  line.say(`VER 1 MSNP${dialect}`)
  line.say(`USR 2 SSO I ${account}`)
  const nonce = (await line.hearOnly('USR 2')).split(' ')[5] ?? ''
  return { line, nonce }
}

async function isRefused(line: BareClient, proof: string): Promise<void> {
  line.say(`USR 3 SSO S ${proof}`)
  expect(await line.hearAll(2)).toEqual(['911 3', hungUp])
}

const ticket = () => key.ticket.reveal()

test('the nonce is 64 characters of base64, and never the same', async () => {
  const nonces = [(await asked(15)).nonce, (await asked(18)).nonce]
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{64}$/)
  expect(nonces[0]).not.toBe(nonces[1])
})

test('policies come before the question, and their sums are right', async () => {
  const line = await fixture.dial('NS')
  line.dialect = 15
  line.say('VER 1 MSNP15')
  await line.hear()
  line.say(`USR 2 SSO I ${juliet}`)
  const [first, second] = await line.hearAll(2)
  expect(second).toMatch(/^USR 2 SSO S MBI_KEY_OLD /)
  const policies = readPolicies(first?.slice(first.indexOf('\n') + 1) ?? '')
  expect(policies.map(({ type }) => type)).toEqual(['SHIELDS'])
  for (const { inner, checksum } of policies) expect(checksum).toBe(policyChecksum(inner))
})

describe('911 and the end for', () => {
  test.each([15, 16, 17, 18])('a signature with another secret, at MSNP%i', async (dialect) => {
    const { line, nonce } = await asked(dialect)
    const other = new Secret(Buffer.alloc(24, 7).toString('base64'))
    await isRefused(line, `${ticket()} ${ssoBlob(nonce, other)} ${place}`)
  })

  test('a signature of another nonce', async () => {
    const before = await asked(15)
    const { line } = await asked(15)
    await isRefused(line, `${ticket()} ${ssoBlob(before.nonce, key.secret)}`)
  })

  test.each([15, 18])('no signature, at MSNP%i: a ticket that somebody listened to opens nothing', async (dialect) => {
    const { line } = await asked(dialect)
    await isRefused(line, ticket())
  })

  test('what is no signature at all', async () => {
    for (const blob of ['x', 'AAAA', '%%%', Buffer.alloc(148).toString('base64')]) {
      const { line } = await asked(15)
      await isRefused(line, `${ticket()} ${blob}`)
    }
  })

  test.each(['', ' x', ' {1BE99E6D}', ' 1BE99E6D-1C6E-4BEA-8B3E-9C464006A77G'])('a place that is none: "%s"', async (guid) => {
    const { line, nonce } = await asked(16)
    await isRefused(line, `${ticket()} ${ssoBlob(nonce, key.secret)}${guid}`)
  })

  test('the ticket of somebody else, and one that is for something else', async () => {
    const { line, nonce } = await asked(15, 'romeo@example.com')
    await isRefused(line, `${ticket()} ${ssoBlob(nonce, key.secret)}`)
    const other = await fixture.server.tokens.issue(juliet as never, 'messenger', 300)
    const again = await asked(15)
    await isRefused(again.line, `${other.ticket.reveal()} ${ssoBlob(again.nonce, other.secret)}`)
  })

  test('a way in of another dialect', async () => {
    const line = await fixture.dial('NS')
    line.say('VER 1 MSNP15')
    line.say(`USR 2 TWN I ${juliet}`)
    expect(await line.hearOnly('911')).toBe('911 2')
  })
})

test('a ticket may be used again, with another nonce', async () => {
  for (let time = 0; time < 2; time++) {
    const { line, nonce } = await asked(15)
    line.say(`USR 3 SSO S ${ticket()} ${ssoBlob(nonce, key.secret)}`)
    expect(await line.hear()).toBe('USR 3 OK juliet@example.com 1 0')
  }
})

test.each([13, 14, 15, 18])(
  'the ticket in the profile opens the contact services, and no session, at MSNP%i',
  async (dialect) => {
    const line = await fixture.dial('NS')
    if (dialect < 15) {
      line.dialect = dialect
      line.say(`VER 1 MSNP${dialect}`)
      line.say(`USR 2 TWN I ${juliet}`)
      line.say(`USR 3 TWN S ${await fixture.ticketFor(juliet)}`)
    } else {
      const proof = await asked(dialect)
      proof.line.say(`USR 3 SSO S ${ticket()} ${ssoBlob(proof.nonce, key.secret)} ${place}`)
      line.hangUp()
      return expectWebTicket(await proof.line.hearOnly('MSG Hotmail'))
    }
    await expectWebTicket(await line.hearOnly('MSG Hotmail'))
  },
)

async function expectWebTicket(profile: string): Promise<void> {
  const shown = new Secret(/^MSPAuth: (.*)\r$/m.exec(profile)?.[1] ?? '')
  expect((await fixture.server.tokens.check(shown, 'services'))?.handle).toBe(juliet)
  expect(await fixture.server.tokens.check(shown, 'messenger', 'sign-in')).toBeUndefined()
}

test('somebody hosted signs in with a ticket of ours alone, in this process', async () => {
  const mercutio = 'mercutio@verona.example'
  const hostedTicket = await fixture.server.hostedTicket(mercutio, 'Mercutio')
  const line = fixture.dialInside('NS')
  line.dialect = 18
  line.say('VER 1 MSNP18')
  line.say(`USR 2 SSO I ${mercutio}`)
  line.say(`USR 3 SSO S t=${hostedTicket}&p= x ${place}`)
  expect(await line.hearOnly('USR 3')).toBe('USR 3 OK mercutio@verona.example 1 0')
  await expect(proven(fixture, await fixture.dial('NS'), mercutio, 18)).rejects.toThrow('hung up')
})
