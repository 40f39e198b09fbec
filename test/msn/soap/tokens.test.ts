import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { GrantedToken, TokenAnswer } from '../../../src/msn/soap/token-answer.ts'
import { readTokenAnswer, writeTokenFault, writeTokens } from '../../../src/msn/soap/token-answer.ts'
import type { TokenForm, TokenRequest, WantedToken } from '../../../src/msn/soap/tokens.ts'
import { legacyAddress, readTokenRequest, writeTokenRequest } from '../../../src/msn/soap/tokens.ts'
import { recorded } from '../../support/recorded-requests.ts'
import { damaged, randomXml } from './documents.ts'

const now = Date.parse('2009-02-14T12:00:00Z')
const forms = ['RST', 'RST2'] as const satisfies readonly TokenForm[]
const holes = { account: 'juliet@example.com', password: 'rosaline' }

const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((raw) => `x${raw.replace(/[\p{Cc}\ufffe\uffff]/gu, '')}x`)
const wanted: fc.Arbitrary<WantedToken[]> = fc
  .array(fc.record({ address: text, policy: fc.option(fc.constantFrom('MBI', '?id=507&a="b"'), { nil: undefined }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((tokens) => [
    { address: legacyAddress, policy: undefined, number: 0 },
    ...tokens.map((token, index) => ({ ...token, number: index + 1 })),
  ])

const plainly = (request: TokenRequest | undefined) => request && { ...request, password: request.password.reveal() }

describe.each(forms)('a request of %s', (form) => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(text, text, wanted, (account, password, tokens) => {
        const request = { account, password: new Secret(password), wanted: tokens }
        const written = writeTokenRequest(form, request, now)
        expect(plainly(readTokenRequest(written.reveal()))).toEqual({ account, password, wanted: tokens })
      }),
    )
  })

  test('shows no password by accident', () => {
    const request = { account: 'a@b', password: new Secret('rosaline'), wanted: [] }
    expect(String(writeTokenRequest(form, request, now))).toBe('•••')
  })
})

describe('a request of a real client', () => {
  test('libpurple asks for seven', () => {
    expect(plainly(readTokenRequest(recorded('rst-libpurple', holes)))).toEqual({
      account: 'juliet@example.com',
      password: 'rosaline',
      wanted: [
        { address: 'http://Passport.NET/tb', policy: undefined, number: 0 },
        { address: 'messengerclear.live.com', policy: 'MBI_KEY_OLD', number: 1 },
        { address: 'messenger.msn.com', policy: '?id=507', number: 2 },
        { address: 'contacts.msn.com', policy: 'MBI', number: 3 },
        { address: 'messengersecure.live.com', policy: 'MBI_SSL', number: 4 },
        { address: 'storage.live.com', policy: 'MBI', number: 5 },
        { address: 'sup.live.com', policy: 'MBI', number: 6 },
      ],
    })
  })

  test('msn-pecan does not escape a password', () => {
    const asked = recorded('rst-pecan', { ...holes, password: '%' })
    const passwordOf = (typed: string) => readTokenRequest(asked.replace('%', typed))?.password.reveal()
    expect(passwordOf('rock&roll')).toBe('rock&roll')
    expect(passwordOf('a&b;c&')).toBe('a&b;c&')
    expect(passwordOf('a&amp;b&')).toBe('a&b&')
    // Who escapes is understood as ever; and nothing else may be broken.
    expect(passwordOf('rock&amp;roll')).toBe('rock&roll')
    expect(passwordOf('rock<roll')).toBeUndefined()
    expect(readTokenRequest(asked.replace('juliet@', 'a&b@'))).toBeUndefined()
    expect(passwordOf(`&${'x'.repeat(1024)}`)).toBeUndefined()
  })

  const one = (inside: string, id = '') =>
    `<E><Header><UsernameToken><Username>a@b</Username><Password>p</Password></UsernameToken></Header><Body><RequestSecurityToken${id}>${inside}</RequestSecurityToken></Body></E>`

  test('one token alone needs no list around it, and may name a service in place of an address', () => {
    const named = `<AppliesTo><EndpointReference><ServiceName>p2pslc.messenger.msn.com</ServiceName></EndpointReference></AppliesTo><Supporting/>`
    expect(readTokenRequest(one(named))?.wanted).toEqual([{ address: 'p2pslc.messenger.msn.com', policy: undefined, number: 1 }])
  })

  test('numbers that do not tell the tokens apart give way to their places', () => {
    const numbersOf = (...ids: string[]) =>
      readTokenRequest(
        one('%')
          .replace('%', '')
          .replace(
            '<RequestSecurityToken></RequestSecurityToken>',
            ids.map((id) => `<RequestSecurityToken Id="${id}"/>`).join(''),
          ),
      )?.wanted.map(({ number }) => number)
    expect(numbersOf('RST2', 'RST1')).toEqual([2, 1])
    expect(numbersOf('RST0', 'RST1')).toEqual([1, 2])
    expect(numbersOf('RST1', 'RST1')).toEqual([1, 2])
    expect(numbersOf('', 'x')).toEqual([1, 2])
  })

  test.each([
    ['no XML', 'hello'],
    ['half of it', '<Envelope>'],
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><Envelope><Username>&a;</Username></Envelope>'],
    ['nobody', '<Envelope/>'],
    ['no password', one('').replace(/<Password>.*<\/Password>/, '')],
    ['no token', one('').replaceAll('RequestSecurityToken', 'Other')],
    ['too many tokens', one('').replace('</Body>', `${'<RequestSecurityToken/>'.repeat(32)}</Body>`)],
  ])('%s is no request', (_what, xml) => {
    expect(readTokenRequest(xml)).toBeUndefined()
  })
})

describe.each(forms)('an answer of %s', (form) => {
  const grantedOf = (tokens: readonly WantedToken[]): GrantedToken[] =>
    tokens.map((token) => ({
      ...token,
      ticket: new Secret(token.number === 0 ? 'c2VhbGVk' : `t=${token.number}&p=`),
      ...(token.number < 2 && { secret: new Secret('c2VjcmV0') }),
    }))
  const answerTo = (tokens: readonly WantedToken[]) =>
    writeTokens(form, {
      tokens: grantedOf(tokens),
      puid: '0123456789ABCDEF',
      account: 'juliet@example.com',
      created: now,
      expires: now + 60_000,
    })
  const plain = (answer: TokenAnswer | undefined) =>
    answer?.kind === 'tokens' &&
    answer.tokens.map((token) => ({ ...token, ticket: token.ticket.reveal(), secret: token.secret?.reveal() }))

  test('carries every token under its address, in order, with its secret and its end', () => {
    fc.assert(
      fc.property(wanted, (tokens) => {
        expect(plain(readTokenAnswer(answerTo(tokens)))).toEqual(
          grantedOf(tokens).map(({ address, ticket, secret }) => ({
            address,
            ticket: ticket.reveal(),
            secret: secret?.reveal(),
            expires: now + 60_000,
          })),
        )
      }),
    )
  })

  test('is the text that clients look for', () => {
    const answer = answerTo([
      { address: legacyAddress, number: 0 },
      { address: 'messenger.msn.com', number: 1 },
    ])
    expect(answer).not.toMatch(/>\s+</)
    expect(answer).toContain('<wsa:Address>messenger.msn.com</wsa:Address>')
    expect(answer).toContain('<wsse:BinarySecurityToken Id="Compact1">t=1&amp;p=</wsse:BinarySecurityToken>')
    expect(answer).toContain('<wsu:Expires>2009-02-14T12:01:00Z</wsu:Expires>')
    expect(answer).toContain(form === 'RST' ? '<wst:LifeTime>' : '<wst:Lifetime>')
  })

  test('a fault says whether the password was wrong', () => {
    expect(readTokenAnswer(writeTokenFault(form, 'refused'))).toEqual({ kind: 'refused', reason: 'Authentication Failure' })
    expect(readTokenAnswer(writeTokenFault(form, 'invalid'))).toEqual({ kind: 'fault', reason: 'Invalid Request' })
  })

  test('the fault stands where its clients look for it', () => {
    const inside = form === 'RST' ? /<\/S:Header><S:Fault><faultcode>wsse:FailedAuthentication</ : /<S:Body><S:Fault><S:Code>/
    expect(writeTokenFault(form, 'refused')).toMatch(inside)
  })

  test('whatever happens to it on its way, it is an answer or none', () => {
    const answer = answerTo([
      { address: legacyAddress, number: 0 },
      { address: 'messenger.msn.com', number: 1 },
    ])
    fc.assert(fc.property(damaged(answer), (xml) => void readTokenAnswer(xml)))
  })
})

describe('an answer of another server', () => {
  test('may send elsewhere', () => {
    const xml =
      '<S:Envelope xmlns:S="a" xmlns:psf="b"><S:Fault><faultcode>psf:Redirect</faultcode><psf:redirectUrl>https://msnia.login.live.com/pp550/RST.srf</psf:redirectUrl><faultstring>Authentication Failure</faultstring></S:Fault></S:Envelope>'
    expect(readTokenAnswer(xml)).toEqual({ kind: 'redirect', to: 'https://msnia.login.live.com/pp550/RST.srf' })
  })

  test('may hold one token alone, and leave out which failed', () => {
    const token = (inside: string) =>
      `<RequestSecurityTokenResponse><AppliesTo><EndpointReference><Address>a</Address></EndpointReference></AppliesTo>${inside}</RequestSecurityTokenResponse>`
    const ticket = '<RequestedSecurityToken><BinarySecurityToken>t=1&amp;p=</BinarySecurityToken></RequestedSecurityToken>'
    const answer = readTokenAnswer(`<E><Body>${token(ticket)}</Body></E>`)
    expect(answer?.kind === 'tokens' && answer.tokens.map(({ ticket }) => ticket.reveal())).toEqual(['t=1&p='])
    expect(readTokenAnswer(`<E><Body>${token('')}</Body></E>`)).toBeUndefined()
  })

  test('random documents are answers and requests or none', () => {
    fc.assert(fc.property(randomXml, (xml) => void [readTokenAnswer(xml), readTokenRequest(xml)]))
    fc.assert(fc.property(damaged(recorded('rst-libpurple', holes)), (xml) => void readTokenRequest(xml)))
  })
})
