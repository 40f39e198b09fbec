import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Pair } from '../../../../../src/authority/authority.ts'
import { newAuthority } from '../../../../../src/authority/authority.ts'
import { silent } from '../../../../../src/core/log.ts'
import { Secret } from '../../../../../src/core/secret.ts'
import { Invites } from '../../../../../src/msn/server/invites.ts'
import { officialHosts } from '../../../../../src/msn/server/web/official-hosts.ts'
import type { PagesOptions } from '../../../../../src/msn/server/web/pages/pages.ts'
import { pages } from '../../../../../src/msn/server/web/pages/pages.ts'
import { openSite } from '../../../../../src/msn/server/web/site.ts'
import { ask } from '../../../../support/ask.ts'
import { Browser, read } from '../../../../support/browser.ts'
import type { TestServer } from '../../../../support/msn-server.ts'
import { password, startServer } from '../../../../support/msn-server.ts'

const place = { domain: 'msn.example.com', notificationPort: 1863, switchboardPort: 1864, httpPort: 80, httpsPort: 443 }
const hour = 60 * 60 * 1000

let fixture: TestServer
let invites: Invites
let site: FastifyInstance
let authority: Pair | undefined
let origin: string

beforeEach(async () => {
  fixture = await startServer()
  invites = new Invites(fixture.records, fixture.timers.clock)
  authority = undefined
})
afterEach(async () => {
  await site.close()
  await fixture.stop()
})

/** Opens the pages and gives a browser that stands before them; it says that it is somewhere, as a proxy would. */
async function visit(options: Partial<PagesOptions> = {}, scheme = 'https'): Promise<Browser> {
  const { accounts, clock, log, signInTries: tries, domain } = fixture.server.services
  const plugin = pages({
    ...{ accounts, clock, log, tries, domain, invites, registration: 'open' },
    place: () => place,
    authority: async () => authority?.certificate,
    ...options,
  })
  site = openSite({ plugins: [plugin], trustedProxies: ['127.0.0.1'], log: silent })
  await site.listen({ host: '127.0.0.1', port: 0 })
  origin = site.listeningOrigin
  return from('198.51.100.7', scheme)
}

const from = (address: string, scheme = 'https') =>
  new Browser(origin, { 'X-Forwarded-For': address, 'X-Forwarded-Proto': scheme })

const opens = (account: string, secret: string) => fixture.server.accounts.verify(account, new Secret(secret))
const paris = { address: 'paris@example.com', password: 'capulet', again: 'capulet' }

describe('every page', () => {
  const paths = ['/', '/register', '/password', '/connect', '/ca']

  test.each(paths)('%s is well formed, without a script, and asks for nothing from elsewhere', async (path) => {
    authority = await newAuthority('Nudge CA', { now: Date.now() })
    const { status, headers, text, elements } = await (await visit()).open(path)
    expect(status).toBe(200)
    expect(text).toMatch(/^<!DOCTYPE html>\n<html lang="en">/)
    expect(elements.filter(({ name }) => ['script', 'img', 'iframe', 'object', 'style'].includes(name))).toEqual([])
    for (const { attributes } of elements) {
      expect(Object.keys(attributes).filter((name) => /^on|^style$/.test(name))).toEqual([])
      for (const target of [attributes['href'], attributes['src'], attributes['action']])
        if (target !== undefined) expect(target).toMatch(/^\/(?!\/)/)
    }
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store'])
  })

  test('links only to what is there', async () => {
    authority = await newAuthority('Nudge CA', { now: Date.now() })
    const browser = await visit()
    const links = new Set<string>()
    for (const path of paths)
      for (const { attributes } of (await browser.open(path)).elements) if (attributes['href']) links.add(attributes['href'])
    expect(links.size).toBeGreaterThan(paths.length + 2)
    for (const link of links) expect([link, (await browser.open(link)).status]).toEqual([link, 200])
  })

  test('is found by a browser that says neither its host nor that it keeps the connection', async () => {
    await visit()
    const answer = await ask(Number(new URL(origin).port), 'GET /REGISTER HTTP/1.0\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain('</html>')
  })

  test('on which one writes a password says so when nothing is encrypted', async () => {
    const browser = await visit({}, 'http')
    for (const path of ['/register', '/password']) expect((await browser.open(path)).words).toContain('without encryption')
    expect((await browser.open('/connect')).words).not.toContain('without encryption')
    expect((await from('198.51.100.7').open('/register')).words).not.toContain('without encryption')
  })
})

describe('an account', () => {
  test('is made by whoever asks, where that is so', async () => {
    const { status, words } = await (await visit()).send('/register', paris)
    expect([status, words]).toEqual([200, expect.stringContaining('sign in as paris@example.com now')])
    expect(await opens('paris@example.com', 'capulet')).toBe('paris@example.com')
    expect((await fixture.server.accounts.list()).find(({ email }) => email === 'paris@example.com')?.md5).toBe(false)
  })

  test('gets our domain where none is written, and is for MSN 1.0 to 4.7 when that is ticked', async () => {
    const { words } = await (await visit()).send('/register', { ...paris, address: ' Paris ', 'old-clients': 'yes' })
    expect(words).toContain('paris@msn.example.com')
    expect(await fixture.server.accounts.list()).toContainEqual(
      expect.objectContaining({ email: 'paris@msn.example.com', md5: true }),
    )
  })

  test.each([
    ['two passwords', { again: 'montague' }, 'not the same'],
    ['a long password', { password: 'c'.repeat(17), again: 'c'.repeat(17) }, '16 letters at most'],
    ['no password', { password: '', again: '' }, 'cannot be empty'],
    ['no address', { address: '' }, 'is not an address'],
    ['two addresses', { address: 'a@b@c' }, 'is not an address'],
    ['the address of somebody else', { address: 'Juliet@example.com' }, 'There is an account juliet@example.com already.'],
    ['an address of people from elsewhere', { address: 'mercutio@verona.example' }, 'belongs to people of other networks'],
    ['more than fits', { address: 'x'.repeat(201) }, 'Please fill in every field'],
  ])('is not made with %s; what was written stays, but for the password', async (_what, fields, complaint) => {
    const asked = { ...paris, ...fields }
    const before = await fixture.server.accounts.list()
    const { status, words, elements, text } = await (await visit()).send('/register', asked)
    expect([status, words]).toEqual([400, expect.stringContaining(complaint)])
    if (asked.address.length < 200)
      expect(elements.find(({ attributes }) => attributes['name'] === 'address')?.attributes['value']).toBe(asked.address)
    if (asked.password !== '') expect(text).not.toContain(asked.password)
    expect(await fixture.server.accounts.list()).toEqual(before)
  })

  test('is not to be had where the operator makes them', async () => {
    const browser = await visit({ registration: 'closed' })
    expect((await browser.open('/register')).words).toContain('by the person who runs this server')
    const form = await browser.open('/password')
    const elements = form.elements.map((element) =>
      element.name === 'form' ? { name: 'form', attributes: { action: '/register' } } : element,
    )
    expect((await browser.resend({ ...form, elements }, paris)).status).toBe(404)
    expect(await opens('paris@example.com', 'capulet')).toBeUndefined()
  })
})

describe('by invitation', () => {
  test('a good code makes one account, and of two who come at once with it only one gets in', async () => {
    const browser = await visit({ registration: 'invite' })
    const invite = (await invites.create({ uses: 1 })).reveal()
    const forms = await Promise.all([browser.open('/register'), browser.open('/register')])
    // The same browser: the second form has the cookie of the first.
    const second = await browser.open('/register')
    const sent = await Promise.all([
      browser.resend(second, { ...paris, invite }),
      browser.resend(second, { ...paris, address: 'peter@example.com', invite }),
    ])
    expect(forms).toHaveLength(2)
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(sent.find(({ status }) => status === 400)?.words).toContain('is not good, or not any more')
    const made = await fixture.server.accounts.list()
    expect(made.filter(({ email }) => /^(paris|peter)@/.test(email))).toHaveLength(1)
  })

  test('the same is said of a code that never was, that is over, and that is used up', async () => {
    const browser = await visit({ registration: 'invite' })
    const over = await invites.create({ uses: 1, days: 1 })
    const used = await invites.create({ uses: 1 })
    await invites.redeem(used)
    await fixture.timers.pass(24 * hour)
    const said: string[] = []
    for (const invite of [over.reveal(), used.reveal(), 'ABCD-EFGH', '']) {
      const { words } = await browser.send('/register', { ...paris, invite })
      said.push(words.replace(invite, ''))
    }
    expect(new Set(said).size).toBe(1)
    expect(said[0]).toContain('is not good, or not any more')
  })

  test('without a good code nobody learns who has an account', async () => {
    const { words } = await (await visit({ registration: 'invite' })).send('/register', {
      ...paris,
      address: 'juliet@example.com',
    })
    expect(words).not.toContain('already')
  })

  test('a code is still good when the account could not be made', async () => {
    const browser = await visit({ registration: 'invite' })
    const invite = (await invites.create({ uses: 1 })).reveal()
    expect((await browser.send('/register', { ...paris, address: 'juliet@example.com', invite })).words).toContain('already')
    expect((await browser.send('/register', { ...paris, invite })).status).toBe(200)
  })
})

describe('the password', () => {
  const change = { address: 'juliet@example.com', old: password, password: 'dagger', again: 'dagger' }

  test('is changed by who knows it, and MSN 1.0 to 4.7 are let in only where that is ticked', async () => {
    const browser = await visit()
    expect((await browser.send('/password', change)).words).toContain('juliet@example.com signs in with the new password')
    expect([await opens('juliet@example.com', password), await opens('juliet@example.com', 'dagger')]).toEqual([
      undefined,
      'juliet@example.com',
    ])
    const juliet = async () => (await fixture.server.accounts.list()).find(({ email }) => email === 'juliet@example.com')
    expect((await juliet())?.md5).toBe(false)
    await browser.send('/password', { ...change, old: 'dagger', 'old-clients': 'yes' })
    expect((await juliet())?.md5).toBe(true)
  })

  test('of somebody unknown, or a wrong one, is answered in the same words', async () => {
    const browser = await visit()
    const said = []
    for (const fields of [{ old: 'x' }, { address: 'nobody@example.com' }, { address: 'no address' }])
      said.push(await browser.send('/password', { ...change, ...fields }))
    const faults = said.map(({ status, words }) => [status, /The address or the password is wrong[^.]*\./.exec(words)?.[0]])
    expect(faults[0]?.[1]).toBeDefined()
    expect(faults[1]).toEqual(faults[0])
    expect(faults[2]).toEqual(faults[0])
    expect(await opens('juliet@example.com', password)).toBeDefined()
  })

  test('that cannot be one is refused only to who knows the old one', async () => {
    const browser = await visit()
    const long = { password: 'd'.repeat(17), again: 'd'.repeat(17) }
    expect((await browser.send('/password', { ...change, ...long })).words).toContain('16 letters at most')
    expect((await browser.send('/password', { ...change, ...long, old: 'x' })).words).toContain('is wrong')
    expect((await browser.send('/password', { ...change, again: 'x' })).words).toContain('not the same')
  })
})

describe('a form', () => {
  test('that another page sends is refused: without our cookie, without our token, or with the token of another browser', async () => {
    const browser = await visit()
    const form = await browser.open('/register')
    expect((await from('198.51.100.7').resend(form, paris)).status).toBe(403)
    expect((await browser.resend(form, { ...paris, token: '' })).status).toBe(403)
    const other = await (await from('198.51.100.9')).open('/register')
    const token = other.elements.find(({ attributes }) => attributes['name'] === 'token')?.attributes['value'] ?? ''
    expect((await browser.resend(form, { ...paris, token })).status).toBe(403)
    expect(await opens('paris@example.com', 'capulet')).toBeUndefined()
    expect((await browser.resend(form, paris)).status).toBe(200)
  })

  test('that was open for too long comes back filled in, and can be sent again', async () => {
    const browser = await visit()
    const form = await browser.open('/register')
    await fixture.timers.pass(2 * hour + 1)
    const again = await browser.resend(form, paris)
    expect([again.status, again.words]).toEqual([403, expect.stringContaining('send it once more')])
    expect((await browser.resend(again, { password: 'capulet', again: 'capulet' })).status).toBe(200)
  })

  test('is taken twenty times an hour from one address, and from another all the same', async () => {
    const browser = await visit()
    const form = await browser.open('/register')
    const send = (who: Browser, sheet = form) => who.resend(sheet, { ...paris, again: 'x' }).then(({ status }) => status)
    const first = await Promise.all(Array.from({ length: 20 }, () => send(browser)))
    expect([new Set(first), await send(browser)]).toEqual([new Set([400]), 429])
    const other = from('198.51.100.9')
    expect(await send(other, await other.open('/register'))).toBe(400)
    // A whole network of IPv6 addresses is one visitor.
    const near = from('2001:db8:1:2::5')
    const sheet = await near.open('/register')
    await Promise.all(Array.from({ length: 20 }, () => send(near, sheet)))
    const next = from('2001:db8:1:2:ffff::6')
    const far = from('2001:db8:1:3::5')
    expect([await send(next, await next.open('/register')), await send(far, await far.open('/register'))]).toEqual([429, 400])
    await fixture.timers.pass(hour)
    expect(await send(browser, await browser.open('/register'))).toBe(400)
  })

  test.each([
    ['text/plain', 'address=paris'],
    ['application/json', '{"address":"paris"}'],
    ['application/x-www-form-urlencoded', `address=${'x'.repeat(9000)}`],
  ])('of the type %s is not taken, if it is no form or too long', async (type, body) => {
    await visit()
    const answer = await fetch(`${origin}/register`, { method: 'POST', headers: { 'Content-Type': type }, body })
    expect([413, 415]).toContain(answer.status)
    expect(read(await answer.text()).words).toContain('go back and try again')
  })

  test('with a field twice is not taken', async () => {
    await visit()
    const body = new URLSearchParams('address=a&address=b&token=x')
    expect((await fetch(`${origin}/register`, { method: 'POST', body })).status).toBe(400)
  })

  test('has a cookie that no script reads and no other page makes a browser send', async () => {
    const cookie = (await (await visit()).open('/register')).headers.get('set-cookie')
    expect(cookie).toMatch(/^nudge-form=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  test('shows what was written as it was written, whatever that is', async () => {
    const browser = await visit()
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(fc.constantFrom('<', '>', '"', "'", '`', '&', '<script>', '-->', '&lt;', '</title>', ' onx=1'), { maxLength: 8 })
        .map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(nasty, async (written) => {
        await fixture.timers.pass(hour)
        const { text } = await browser.send('/register', { ...paris, again: 'x', address: `p@${written}` })
        const { elements } = read(text)
        const names = elements.map(({ name }) => name)
        expect(names.filter((name) => name === 'input')).toHaveLength(6)
        expect(names).not.toContain('script')
        const shown = elements.find(({ attributes }) => attributes['name'] === 'address')
        expect(Object.keys(shown?.attributes ?? {}).sort()).toEqual([
          'autocomplete',
          'id',
          'maxlength',
          'name',
          'size',
          'type',
          'value',
        ])
      }),
      { numRuns: 60 },
    )
  })
})

test('when something of ours fails, a person is told so, and the operator what', async () => {
  const redeem = async () => {
    throw new Error('Redis is away')
  }
  const browser = await visit({ registration: 'invite', invites: Object.assign(Object.create(invites), { redeem }) })
  const { status, words } = await browser.send('/register', paris)
  expect([status, words]).toEqual([500, expect.stringContaining('Something is wrong with the server')])
  expect(words).not.toContain('Redis')
  expect(fixture.logged.join()).toContain('a page could not be made')
  expect(fixture.logged.join()).not.toContain('capulet')
})

describe('how to connect', () => {
  test('has our names and ports in it, for every client', async () => {
    const { words } = await (await visit()).open('/connect')
    for (const text of [
      'msn.example.com:1863',
      'MSN Messenger 1.0 to 4.7',
      'Windows Live Messenger 2009',
      'Pidgin',
      'aMSN',
      'Messenger for Mac',
    ])
      expect(words).toContain(text)
    for (const { name } of officialHosts) expect(words).toContain(` ${name}`)
    expect(words).not.toContain('Clients know only port')
  })

  test('warns of ports that clients do not know', async () => {
    const browser = await visit({ place: () => ({ ...place, notificationPort: 2863, httpPort: 8080, httpsPort: undefined }) })
    const { words } = await browser.open('/connect')
    expect(words).toContain('Clients know only port 1863. This server uses 2863')
    expect(words).toContain('Clients know only port 80. This server uses 8080')
    expect(words).toContain('not by this server itself')
  })

  test('has the address for the hosts file: what the operator says, or where the browser came to', async () => {
    const browser = await visit()
    const file = async () => (await browser.open('/connect/hosts.txt')).text
    expect(await file()).toMatch(/^# MSN 1\.0 and later\r\n127\.0\.0\.1 {7}messenger\.hotmail\.com\r\n# MSN 4\.0/)
    await site.close()
    const said = await visit({ place: () => ({ ...place, advertise: '203.0.113.5:1864' }) })
    expect((await said.open('/connect/hosts.txt')).text).toMatch(/\n203\.0\.113\.5 {5}messenger/)
    await site.close()
    await visit()
    const answer = await ask(Number(new URL(origin).port), 'GET /connect HTTP/1.1\r\nHost: <b>"\r\nConnection: close\r\n\r\n')
    expect(answer).toContain('SERVER          messenger.hotmail.com')
    expect(answer).not.toContain('<b>"')
  })
})

describe('the certificate', () => {
  test('is handed out in both forms, with what to compare', async () => {
    authority = await newAuthority('Nudge CA', { now: Date.now() })
    const browser = await visit()
    const { words } = await browser.open('/ca')
    const { fingerprint } = authority.certificate
    expect(words.replace(/ /g, '')).toContain(fingerprint.slice(0, 47))
    const der = await fetch(`${origin}/ca/nudge-ca.crt`)
    expect(der.headers.get('content-type')).toBe('application/x-x509-ca-cert')
    expect(Buffer.from(await der.arrayBuffer()).equals(authority.certificate.raw)).toBe(true)
    expect((await browser.open('/ca/nudge-ca.pem')).text).toBe(authority.certificate.toString())
  })

  test('is not there where there is no authority', async () => {
    const browser = await visit()
    expect((await browser.open('/ca')).words).toContain('no certificate authority of its own')
    expect([(await browser.open('/ca/nudge-ca.crt')).status, (await browser.open('/ca/nudge-ca.pem')).status]).toEqual([404, 404])
  })
})
