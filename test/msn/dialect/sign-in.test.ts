import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  authFamily,
  readClientVersion,
  readPong,
  readSignedIn,
  readSignInChallenge,
  readSignInProof,
  readSignInRequest,
  writeChosenVersion,
  writeClientVersion,
  writePong,
  writeSignedIn,
  writeSignInChallenge,
  writeSignInProof,
  writeSignInRequest,
  writeVersions,
} from '../../../src/msn/dialect/sign-in.ts'
import { dialect, dialects, guid, handle, name, token, trId } from './values.ts'

test('each dialect has its way in', () => {
  expect(dialects.map(authFamily)).toEqual([...Array(6).fill('md5'), ...Array(7).fill('twn'), ...Array(4).fill('sso')])
})

test('versions are offered best first, with CVR0 at the end', () => {
  expect(writeVersions(1, [12, 9])).toEqual({ verb: 'VER', trId: 1, args: ['MSNP12', 'MSNP9', 'CVR0'] })
  expect(writeChosenVersion(1, undefined).args).toEqual(['0'])
})

describe('in every dialect', () => {
  test('a request is read as it was written', () => {
    fc.assert(
      fc.property(dialect, trId, handle, (version, id, email) => {
        expect(readSignInRequest(writeSignInRequest(version, id, email))).toEqual({ family: authFamily(version), email })
      }),
    )
  })

  test('a challenge is read as it was written', () => {
    fc.assert(
      fc.property(dialect, trId, fc.array(token, { minLength: 2, maxLength: 2 }), (version, id, challenge) => {
        const args = authFamily(version) === 'sso' ? challenge : challenge.slice(0, 1)
        expect(readSignInChallenge(version, writeSignInChallenge(version, id, args))).toEqual(args)
      }),
    )
  })

  test('a proof is read as it was written', () => {
    fc.assert(
      fc.property(dialect, trId, token, token, guid, (version, id, proof, blob, machineGuid) => {
        expect(readSignInProof(writeSignInProof(version, id, { proof, blob, machineGuid }))).toEqual({
          family: authFamily(version),
          proof,
          ...(version >= 15 ? { blob } : {}),
          ...(version >= 16 ? { machineGuid } : {}),
        })
      }),
    )
  })

  test('who is in is read as it was written', () => {
    fc.assert(
      fc.property(dialect, trId, handle, name, fc.boolean(), (version, id, email, called, verified) => {
        const command = writeSignedIn(version, id, { email, name: called, verified })
        // msnp-core.md 3.7: papyon takes 3 or 4 arguments and no others.
        expect(command.args.length).toBe(version < 6 ? 3 : version < 8 ? 4 : version < 10 ? 5 : 4)
        expect(readSignedIn(version, command)).toEqual({
          email,
          ...(version < 10 ? { name: called } : {}),
          verified: version < 6 || verified,
        })
      }),
    )
  })

  test('what a client says of itself is read as it was written', () => {
    const part = token
    const client = fc.record({
      locale: part,
      os: part,
      osVersion: part,
      architecture: part,
      library: part,
      version: part,
      codeBase: part,
      email: handle,
    })
    fc.assert(
      fc.property(dialect, trId, client, (version, id, { codeBase, email, ...said }) => {
        expect(readClientVersion(writeClientVersion(version, id, { ...said, codeBase, email }))).toEqual({
          ...said,
          ...(version >= 4 ? { codeBase } : {}),
          ...(version >= 8 ? { email } : {}),
        })
      }),
    )
  })

  test('a pong says how long to wait from MSNP9 on', () => {
    fc.assert(
      fc.property(dialect, fc.integer({ min: 1, max: 100 }), (version, seconds) => {
        expect(readPong(writePong(version, seconds))).toBe(version >= 9 ? seconds : undefined)
      }),
    )
  })
})

test('what is of another form is not read', () => {
  const command = (...args: string[]) => ({ verb: 'USR', trId: 1, args })
  expect(readSignInRequest(command('CTP', 'I', 'juliet@example.com'))).toBeUndefined()
  expect(readSignInRequest(command('TWN', 'S', 'juliet@example.com'))).toBeUndefined()
  expect(readSignInRequest(command('TWN', 'I', ''))).toBeUndefined()
  expect(readSignInProof(command('TWN', 'I', 'x'))).toBeUndefined()
  expect(readSignInProof(command('TWN', 'S'))).toBeUndefined()
  expect(readSignInChallenge(12, command('MD5', 'S', 'x'))).toBeUndefined()
  expect(readSignInChallenge(15, command('SSO', 'S', 'MBI'))).toBeUndefined()
  expect(readSignedIn(12, command('NO', 'juliet@example.com'))).toBeUndefined()
  expect(readClientVersion({ verb: 'CVR', trId: 1, args: ['0x0409', 'win'] })).toBeUndefined()
  expect(readPong({ verb: 'QNG', args: ['x'] })).toBeUndefined()
})
