import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { puidOf } from '../../../../src/msn/model/member-id.ts'
import type { Handle } from '../../../../src/msn/server/handle.ts'
import { storageService } from '../../../../src/msn/server/web/storage.ts'
import type { Element } from '../../../../src/msn/soap/xml.ts'
import { escapeXml, findIn, parseXml, textOf } from '../../../../src/msn/soap/xml.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

const juliet = 'juliet@example.com' as Handle
const romeo = 'romeo@example.com' as Handle
const cid = puidOf(juliet)
const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100, 7)])
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(200, 7)])
const w10 = 'http://www.msn.com/webservices/storage/w10'
const v2008 = 'http://www.msn.com/webservices/storage/2008'

let fixture: TestServer
let site: WebSite

beforeEach(async () => {
  fixture = await startServer()
  await fixture.timers.pass(1_000_000)
  const { tokens, books, profiles } = fixture.server.services
  site = await startSite(storageService({ tokens, books, profiles }))
})
afterEach(async () => {
  await site.stop()
  await fixture.stop()
})

/** A call as WLM and libpurple write it. */
async function call(operation: string, inside: string, { owner = juliet, namespace = w10, ticket = '' } = {}) {
  const token = ticket || (await fixture.server.tokens.issue(owner, 'services', 3600)).ticket.reveal()
  const header = `<StorageApplicationHeader xmlns="${namespace}"><ApplicationID>Messenger Client 8.5</ApplicationID><Scenario>RoamingSeed</Scenario></StorageApplicationHeader><StorageUserHeader xmlns="${namespace}"><Puid>0</Puid><TicketToken>${escapeXml(token)}</TicketToken></StorageUserHeader>`
  const answer = await site.post(
    '/storageservice/SchematizedStore.asmx',
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${header}</soap:Header><soap:Body><${operation} xmlns="${namespace}">${inside}</${operation}></soap:Body></soap:Envelope>`,
  )
  return { ...answer, xml: parseXml(answer.text) }
}

const alias = `<Alias><Name>0</Name><NameSpace>MyCidStuff</NameSpace></Alias>`
const getProfile = async (owner = juliet): Promise<Element | undefined> =>
  (
    await call(
      'GetProfile',
      `<profileHandle>${alias}<RelationshipName>MyProfile</RelationshipName></profileHandle><profileAttributes><ResourceID>true</ResourceID></profileAttributes>`,
      { owner },
    )
  ).xml
const photo = (bytes: Uint8Array, more = '') =>
  `<document xsi:type="Photo">${more}<Name>tile</Name><DocumentStreams><DocumentStream xsi:type="PhotoStream"><DocumentStreamType>UserTileStatic</DocumentStreamType><MimeType>png</MimeType><Data>${Buffer.from(bytes).toString('base64')}</Data><DataSize>0</DataSize></DocumentStream></DocumentStreams></document>`
const create = (bytes: Uint8Array, relationship = 'Messenger User Tile') =>
  call(
    'CreateDocument',
    `<parentHandle><RelationshipName>/UserTiles</RelationshipName>${alias}</parentHandle>${photo(bytes)}<relationshipName>${relationship}</relationshipName>`,
  )
const show = (id: string) =>
  call(
    'CreateRelationships',
    `<relationships><Relationship><SourceID>${cid}!118</SourceID><SourceType>SubProfile</SourceType><TargetID>${id}</TargetID><TargetType>Photo</TargetType><RelationshipName>ProfilePhoto</RelationshipName></Relationship></relationships>`,
  )
const made = (xml: Element | undefined) => textOf(findIn(xml, 'CreateDocumentResult')) ?? ''
const pictureUrl = async () => textOf(findIn(await getProfile(), 'PreAuthURL')) ?? ''
const pathOf = (url: string) => new URL(url).pathname
const find = async () => [...((await call('FindDocuments', '')).text.matchAll(/<ResourceID>([^<]*)/g) ?? [])].map(([, id]) => id)

describe('the profile', () => {
  test('of somebody new has ids, and neither name nor message', async () => {
    const result = findIn(await getProfile(), 'GetProfileResult')
    expect(textOf(result, 'ResourceID')).toBe(`${cid}!106`)
    expect(textOf(result, 'ExpressionProfile', 'ResourceID')).toBe(`${cid}!118`)
    expect(findIn(result, 'DisplayName')).toBeUndefined()
    expect(findIn(result, 'PersonalStatus')).toBeUndefined()
    expect(findIn(result, 'Photo')).toBeUndefined()
  })

  test('comes with a header in which every id is a number, as MSNPSharp reads them', async () => {
    const user = findIn(await getProfile(), 'StorageUserHeader')
    const ids = ['Puid', 'Cid', 'ApplicationId', 'DeviceId', 'LanguagePreference']
    expect(ids.map((name) => textOf(user, name))).toEqual(ids.map(() => '0'))
  })

  test('keeps name and message, and the name is that of the book', async () => {
    const update = `<profile><ResourceID>${cid}!118</ResourceID><ExpressionProfile><FreeText>Update</FreeText><DisplayName>Juliet &amp; co</DisplayName><PersonalStatus>Ay me &lt;3</PersonalStatus><Flags>0</Flags></ExpressionProfile></profile>`
    const answer = await call('UpdateProfile', update, { namespace: v2008 })
    expect([answer.status, answer.text.includes(`<UpdateProfileResponse xmlns="${v2008}">`)]).toEqual([200, true])
    const profile = findIn(await getProfile(), 'ExpressionProfile')
    expect(textOf(profile, 'DisplayName')).toBe('Juliet & co')
    expect(textOf(profile, 'PersonalStatus')).toBe('Ay me <3')
    expect(textOf(profile, 'PersonalStatusLastModified')).toBe('1970-01-01T00:16:40.0000000Z')
    expect((await fixture.server.services.books.of(juliet)).name).toBe('Juliet & co')
  })

  test('has the message cleared, by its attribute or by an empty one', async () => {
    const { profiles } = fixture.server.services
    for (const clear of [
      '<profileAttributesToDelete><ExpressionProfileAttributes><PersonalStatus>true</PersonalStatus></ExpressionProfileAttributes></profileAttributesToDelete>',
      '<profile><ExpressionProfile><PersonalStatus></PersonalStatus></ExpressionProfile></profile>',
    ]) {
      await profiles.setStatus(juliet, 'Ay me')
      await call('UpdateProfile', clear)
      expect(findIn(await getProfile(), 'PersonalStatus')).toBeUndefined()
    }
  })

  test('takes no name that is longer than names may be', async () => {
    const update = `<profile><ExpressionProfile><DisplayName>${'x'.repeat(400)}</DisplayName></ExpressionProfile></profile>`
    expect((await call('UpdateProfile', update)).status).toBe(500)
    expect((await fixture.server.services.books.of(juliet)).name).toBe(juliet)
  })
})

describe('a picture', () => {
  test('is changed as WLM and libpurple change it, step by step', async () => {
    const first = made((await create(gif)).xml)
    await show(first)
    const before = await pictureUrl()

    await call(
      'DeleteRelationships',
      `<sourceHandle><RelationshipName>/UserTiles</RelationshipName>${alias}</sourceHandle><targetHandles><ObjectHandle><ResourceID>${first}</ResourceID></ObjectHandle></targetHandles>`,
    )
    await call(
      'DeleteRelationships',
      `<sourceHandle><ResourceID>${cid}!118</ResourceID></sourceHandle><targetHandles><ObjectHandle><ResourceID>${first}</ResourceID></ObjectHandle></targetHandles>`,
    )
    const second = made((await create(png)).xml)
    await show(second)

    expect(await find()).toEqual([second])
    const stream = findIn(await getProfile(), 'DocumentStream')
    expect([textOf(stream, 'MimeType'), textOf(stream, 'DataSize')]).toEqual(['image/png', String(png.length)])
    const answer = await site.get(`${pathOf(await pictureUrl())}?t=x`)
    expect([answer.status, answer.bytes.equals(png), answer.headers.get('Content-Type')]).toEqual([200, true, 'image/png'])
    expect((await site.get(pathOf(before))).status).toBe(404)
  })

  test('is shown at once where the client says so, as MSNPSharp does', async () => {
    await create(gif, 'ProfilePhoto')
    expect((await site.get(pathOf(await pictureUrl()))).bytes.equals(gif)).toBe(true)
  })

  test('is what its bytes are, and nothing else, whatever a browser makes of it', async () => {
    await create(gif, 'ProfilePhoto')
    const { headers } = await site.get(pathOf(await pictureUrl()))
    expect(headers.get('Content-Type')).toBe('image/gif')
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Content-Security-Policy')).toContain('sandbox')
  })

  test('is replaced under the same id, at another address', async () => {
    const id = made((await create(gif, 'ProfilePhoto')).xml)
    const before = await pictureUrl()
    const answer = await call('UpdateDocument', photo(png, `<ResourceID>${id}</ResourceID>`))
    expect(answer.status).toBe(200)
    expect(textOf(findIn(await getProfile(), 'Photo'), 'ResourceID')).toBe(id)
    expect((await site.get(pathOf(await pictureUrl()))).bytes.equals(png)).toBe(true)
    expect((await site.get(pathOf(before))).status).toBe(404)
  })

  test.each([
    ['that is none', Buffer.from('<svg onload="alert(1)"/>')],
    ['of more than 64 KiB', Buffer.concat([gif, Buffer.alloc(64 * 1024)])],
    ['without bytes', Buffer.alloc(0)],
  ])('%s is refused', async (_what, bytes) => {
    expect((await create(bytes)).status).toBe(500)
    expect(await find()).toEqual([])
  })

  test('of somebody else cannot be shown, replaced or taken away', async () => {
    const id = made((await create(gif, 'ProfilePhoto')).xml)
    const asRomeo = { owner: romeo }
    expect((await call('UpdateDocument', photo(png, `<ResourceID>${id}</ResourceID>`), asRomeo)).status).toBe(500)
    await call(
      'DeleteRelationships',
      `<sourceHandle><RelationshipName>/UserTiles</RelationshipName></sourceHandle><targetHandles><ObjectHandle><ResourceID>${id}</ResourceID></ObjectHandle></targetHandles>`,
      asRomeo,
    )
    expect((await site.get(pathOf(await pictureUrl()))).bytes.equals(gif)).toBe(true)
    expect(findIn(await getProfile(romeo), 'Photo')).toBeUndefined()
  })

  test('is the last of eight that are kept, but for the one that is shown', async () => {
    const shown = made((await create(png, 'ProfilePhoto')).xml)
    for (let count = 0; count < 10; count++) await create(gif)
    const kept = await find()
    expect(kept).toHaveLength(8)
    expect(kept[0]).toBe(shown)
    let stored = 0
    for await (const _ of fixture.records.list('pictures')) stored++
    expect(stored).toBe(8)
  })

  test('is gone with its account', async () => {
    await create(gif, 'ProfilePhoto')
    const path = pathOf(await pictureUrl())
    await fixture.server.accounts.remove(juliet)
    expect((await site.get(path)).status).toBe(404)
  })

  test('has an address that leads nowhere when it is guessed', async () => {
    for (const path of ['/storage/usertile/x/static', '/storage/usertile/__proto__/static', '/storage/usertile/%00/static'])
      expect((await site.get(path)).status).toBe(404)
  })
})

describe('the service', () => {
  test('answers CreateProfile with the id of the profile, and ShareItem with nothing', async () => {
    const created = await call(
      'CreateProfile',
      '<profile><ExpressionProfile><RoleDefinitionName>ExpressionProfileDefault</RoleDefinitionName></ExpressionProfile></profile>',
    )
    expect(textOf(findIn(created.xml, 'CreateProfileResult'))).toBe(`${cid}!106`)
    expect((await call('ShareItem', '')).status).toBe(200)
  })

  test('is closed to a ticket that is not good, which is not repeated', async () => {
    const answer = await call('GetProfile', '', { ticket: 't=stolen&p=' })
    expect([answer.status, answer.text.includes('BadContextToken'), answer.text.includes('stolen')]).toEqual([500, true, false])
  })

  test.each(['', 'hello', '<Envelope/>', '<!DOCTYPE x><Envelope/>', '<Envelope><Body><Explode/></Body></Envelope>'])(
    'answers "%s" with a fault',
    async (xml) => {
      const answer = await site.post('/storageservice/SchematizedStore.asmx', xml)
      expect([answer.status, findIn(parseXml(answer.text), 'Fault') !== undefined]).toEqual([500, true])
    },
  )
})
