import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { passportSignIn } from '../../../src/msn/client/passport.ts'
import { type Fetch, webCaller } from '../../../src/msn/client/web/call.ts'

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
}

const request = { account: 'juliet@example.com', password: new Secret('rose,=%ü'), challenge: 'ct=1,rver=1' }
const nexus = 'https://nexus.example.org/rdr/pprdr.asp'
const granted: Answer = {
  status: 200,
  headers: { 'authentication-info': "Passport1.4 da-status=success,from-PP='t=a&p=b',ru=x" },
}

/** A web of addresses, and what was asked of them. */
function web(pages: Record<string, Answer>): { get: Fetch; asked: { url: string; authorization: string | undefined }[] } {
  const asked: { url: string; authorization: string | undefined }[] = []
  const get: Fetch = async (url, { headers }) => {
    asked.push({ url, authorization: headers['Authorization'] })
    const page = pages[url]
    if (!page) throw new TypeError('fetch failed')
    return { status: page.status, headers: new Headers(page.headers) }
  }
  return { get, asked }
}

describe('a ticket for a password', () => {
  for (const place of ['login.example.org/login2.srf', 'https://login.example.org/login2.srf'])
    it(`is asked for where the nexus says: DALogin=${place}`, async () => {
      const { get, asked } = web({
        [nexus]: { status: 200, headers: { PASSPORTURLS: `DARealm=Passport.Net,DALogin=${place},DAReg=x` } },
        'https://login.example.org/login2.srf': granted,
      })
      const ticket = await passportSignIn({ nexus }, webCaller(get))(request)
      expect(ticket.reveal()).toBe('t=a&p=b')
      expect(asked[0]?.authorization).toBeUndefined()
      expect(asked[1]?.authorization).toBe(
        'Passport1.4 OrgVerb=GET,OrgURL=http%3A%2F%2Fmessenger.msn.com,sign-in=juliet%40example.com,pwd=rose%2C%3D%25%C3%BC,ct=1,rver=1',
      )
    })

  const login = { [nexus]: { status: 200, headers: { PassportURLs: 'DALogin=login.example.org/a' } } }

  it('is asked for again where the sign-in server sends us', async () => {
    const { get, asked } = web({
      ...login,
      'https://login.example.org/a': { status: 302, headers: { Location: 'https://other.example.org/b' } },
      'https://other.example.org/b': { status: 307, headers: { Location: '/c' } },
      'https://other.example.org/c': granted,
    })
    expect((await passportSignIn({ nexus }, webCaller(get))(request)).reveal()).toBe('t=a&p=b')
    expect(new Set(asked.slice(1).map(({ authorization }) => authorization)).size).toBe(1)
  })

  it('is asked for where it was before, for whoever comes next, until that does not work', async () => {
    const pages = { ...login, 'https://login.example.org/a': granted }
    const { get, asked } = web(pages)
    const signIn = passportSignIn({ nexus }, webCaller(get))
    const nexusAsked = () => asked.filter(({ url }) => url === nexus).length
    await Promise.all([signIn(request), signIn(request)])
    await signIn(request)
    expect(nexusAsked()).toBe(1)
    pages['https://login.example.org/a'] = { status: 401 }
    await expect(signIn(request)).rejects.toMatchObject({ code: 'refused' })
    expect(nexusAsked()).toBe(1)
    pages['https://login.example.org/a'] = { status: 404 }
    await expect(signIn(request)).rejects.toMatchObject({ code: 'server-error' })
    pages['https://login.example.org/a'] = granted
    await signIn(request)
    expect(nexusAsked()).toBe(2)
  })

  it('is refused when the password is wrong', async () => {
    const { get } = web({ ...login, 'https://login.example.org/a': { status: 401 } })
    await expect(passportSignIn({ nexus }, webCaller(get))(request)).rejects.toMatchObject({ code: 'refused' })
  })

  it('is not asked for in the clear when it began protected', async () => {
    const { get, asked } = web({
      ...login,
      'https://login.example.org/a': { status: 302, headers: { Location: 'http://login.example.org/b' } },
    })
    await expect(passportSignIn({ nexus }, webCaller(get))(request)).rejects.toMatchObject({ code: 'server-error' })
    expect(asked).toHaveLength(2)
  })

  it.each(['http://login.example.org/a', '127.0.0.1/a', 'https://localhost/a'])(
    'is not asked for at %s because a nexus out there says so',
    async (place) => {
      const { get, asked } = web({ [nexus]: { status: 200, headers: { PassportURLs: `DALogin=${place}` } } })
      await expect(passportSignIn({ nexus }, webCaller(get))(request)).rejects.toMatchObject({ code: 'server-error' })
      expect(asked).toHaveLength(1)
    },
  )

  it('is given up after five redirects', async () => {
    const { get, asked } = web({ ...login, 'https://login.example.org/a': { status: 302, headers: { Location: '/a' } } })
    await expect(passportSignIn({ nexus }, webCaller(get))(request)).rejects.toMatchObject({ code: 'server-error' })
    expect(asked).toHaveLength(7)
  })

  it('tells a server that cannot be reached from one that says no, and never tells the password', async () => {
    for (const pages of [{}, { [nexus]: { status: 404 } }, { ...login, 'https://login.example.org/a': { status: 200 } }]) {
      const error: unknown = await passportSignIn(
        { nexus },
        webCaller(web(pages).get),
      )(request).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: Object.keys(pages).length === 0 ? 'connection-lost' : 'server-error' })
      expect(String(error)).not.toContain('rose')
    }
  })
})
