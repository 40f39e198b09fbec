import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientConfig } from '../../../../src/msn/server/web/client-config.ts'
import { childOf, findIn, parseXml, textOf } from '../../../../src/msn/soap/xml.ts'
import { ask } from '../../../support/ask.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

let site: WebSite

beforeEach(async () => {
  site = await startSite(clientConfig())
})
afterEach(() => site.stop())

/** By the name of a host, as WLM asks. */
async function get(host: string, path = '/Config/MsgrConfig.asmx') {
  const query = 'op=GetClientConfig&Country=US&CLCID=0409&PLCID=0409&GeoID=244&ver=8.5.1302'
  const answer = await ask(site.port, `GET ${path}?${query} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { head, config: parseXml(body) }
}

test('WLM gets the document itself, whatever letters the path has', async () => {
  for (const path of ['/Config/MsgrConfig.asmx', '/config/MsgrConfig.asmx', '//CONFIG/msgrconfig.ASMX']) {
    const { head, config } = await get('msn.example.com', path)
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/xml; charset=utf-8\r\nContent-Length: \d+\r\n/)
    expect(config?.name).toBe('MsgrConfig')
  }
})

test('MSN 6 to 7.5 get it as text in an answer of SOAP', async () => {
  const { status, text } = await site.post(
    '/Config/MsgrConfig.asmx',
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetClientConfig xmlns="http://www.msn.com/webservices/Messenger/Client"><clientinfo><Country>US</Country><CLCID>0409</CLCID><PLCID>0409</PLCID><GeoID>244</GeoID></clientinfo></GetClientConfig></soap:Body></soap:Envelope>',
  )
  const result = findIn(parseXml(text), 'GetClientConfigResult')
  expect([status, parseXml(result?.text ?? '')?.name]).toEqual([200, 'MsgrConfig'])
})

test('who knows us by our own name is led to our contact services', async () => {
  const { config } = await get('msn.example.com:8080')
  expect(textOf(config, 'AbchCfg', 'abchconfig', 'url')).toBe('http://msn.example.com:8080/abservice/abservice.asmx')
  expect(textOf(config, 'LocalizedConfig', 'AdMainConfig', 'TextAdServer')).toBe('http://msn.example.com:8080/ads/textad.xml')
  expect(findIn(config, 'domain')?.attributes['name']).toBe('msn.example.com')
})

test('who came by an official name, through a hosts file, finds them by theirs', async () => {
  const { config } = await get('config.messenger.msn.com')
  expect(childOf(config, 'AbchCfg')).toBeUndefined()
})

test('a name that is none does not get into the answer', async () => {
  const { config } = await get('"><evil')
  expect(findIn(config, 'domain')?.attributes['name']).toBe('127.0.0.1')
})

test.each(['', 'hello', '<Envelope/>', '<!DOCTYPE x><Envelope/>'])('asked with "%s", it says nothing', async (xml) => {
  const { status, text } = await site.post('/Config/MsgrConfig.asmx', xml)
  expect([status, text]).toEqual([400, ''])
})
