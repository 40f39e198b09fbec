import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { oddServices } from '../../../../src/msn/server/web/odd-services.ts'
import { findIn, parseXml } from '../../../../src/msn/soap/xml.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

let site: WebSite

beforeEach(async () => {
  site = await startSite(oddServices({ domain: 'msn.example.com' }))
})
afterEach(() => site.stop())

const envelope = (inside: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${inside}</soap:Body></soap:Envelope>`

test('nothing is new', async () => {
  const { status, text } = await site.post(
    '/whatsnew/whatsnewservice.asmx',
    envelope('<GetContactsRecentActivity xmlns="urn:a"><entityHandle><Cid>1</Cid></entityHandle></GetContactsRecentActivity>'),
  )
  expect(status).toBe(200)
  expect(text).toContain('<GetContactsRecentActivityResponse xmlns="urn:a">')
  expect(findIn(parseXml(text), 'Activities')?.children).toEqual([])
})

test.each([
  ['/whatsnew/whatsnewservice.asmx', '<Other/>'],
  ['/profile/profile.asmx', '<Get xmlns="http://profile.live.com/"/>'],
  ['/contactcard/contactcardservice.asmx', '<GetXmlFeed/>'],
  ['/profile/profile.asmx', '<!DOCTYPE x>'],
])('%s has a fault for %s', async (path, call) => {
  const { status, text } = await site.post(path, envelope(call))
  expect([status, findIn(parseXml(text), 'Fault') !== undefined]).toEqual([500, true])
})

test.each(['/svcs/mms/tabs.asp', '/svcs/mms/portal.asp'])('%s has no tabs', async (path) => {
  const { status, text } = await site.get(`${path}?mkt=us`)
  expect([status, text.endsWith('</msntabsettings><msntabdata></msntabdata>')]).toEqual([200, true])
})

test('there is no advert', async () => {
  const { status, text } = await site.get('/ads/textad.xml')
  expect([status, findIn(parseXml(text), 'adtext')?.text]).toEqual([200, ''])
})

describe('a page that a client opens with its ticket', () => {
  const open = async (ru: string, path = '/ppsecure/sha1auth.srf') => {
    const body = `token=ct%3D1%26t%3Dsecret&ru=${encodeURIComponent(ru)}`
    const { status, headers } = await site.post(path, body, { 'Content-Type': 'application/x-www-form-urlencoded' })
    return [status, headers.get('Location')?.replace(`http://127.0.0.1:${site.port}`, '')]
  }

  test('is found where it is ours', async () => {
    expect(await open('http://msn.example.com/account?a=b')).toEqual([302, '/account?a=b'])
    expect(await open('https://login.live.com/account', '/md5auth.srf')).toEqual([302, '/account'])
    expect(await open(`http://127.0.0.1:${site.port}/x`, '/ppsecure/md5auth.srf')).toEqual([302, '/x'])
  })

  test.each([
    'https://evil.example/x',
    '//evil.example/x',
    'http://msn.example.com@evil.example/',
    'http://msn.example.com.evil.example/',
    'javascript:alert(1)',
    'hello',
    '',
  ])('is the front page instead of "%s"', async (ru) => {
    expect(await open(ru)).toEqual([302, '/'])
  })

  test('stays with us, whatever its path looks like', async () => {
    expect(await open('http://msn.example.com//evil.example/\r\nX: y')).toEqual([302, '//evil.example/X:%20y'])
  })
})

test('the links of menus lead to the front page', async () => {
  const { status, headers } = await site.get('/5meen_us/122')
  expect([status, headers.get('Location')]).toEqual([302, `http://127.0.0.1:${site.port}/`])
  expect((await site.get('/5other/122')).status).toBe(404)
})
