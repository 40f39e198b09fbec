import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMsgrConfigRequest } from '../../../src/msn/soap/msgr-config.ts'
import { answerWhatsNew } from '../../../src/msn/soap/small-services.ts'
import type { WrittenProfile } from '../../../src/msn/soap/storage.ts'
import { numberIn, readStorageRequest, resourceId, writeDocuments, writeProfile } from '../../../src/msn/soap/storage.ts'
import { escapeXml, findIn, parseXml } from '../../../src/msn/soap/xml.ts'

const cid = '0123456789ABCDEF'
const text = fc
  .string({ unit: 'grapheme' })
  .map((each) => each.replace(/[^\u0021-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))

/** A request whose parts are the right ones in the wrong places. */
const name = fc.constantFrom(
  ...['Envelope', 'Header', 'Body', 'StorageUserHeader', 'TicketToken', 'UpdateProfile', 'CreateDocument', 'UpdateDocument'],
  ...[
    'DeleteRelationships',
    'CreateRelationships',
    'targetHandles',
    'ObjectHandle',
    'ResourceID',
    'relationships',
    'Relationship',
  ],
  ...['document', 'DocumentStreams', 'DocumentStream', 'Data', 'profile', 'ExpressionProfile', 'DisplayName', 'GetProfile'],
)
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.string().map((each) => String(escapeXml(each))),
    fc.tuple(name, fc.array(tie('tree'), { maxLength: 4 })).map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
  ),
}))
const request = fc
  .array(tree, { maxLength: 4 })
  .map((calls) => `<Envelope><Header><StorageUserHeader/></Header><Body>${calls.join('')}</Body></Envelope>`)

test('a request can be anything, and is read or is none', () => {
  fc.assert(
    fc.property(fc.oneof(request, fc.string(), fc.string({ unit: 'binary' })), (xml) => {
      const read = readStorageRequest(xml)
      if (read) expect(typeof read.ticket.reveal()).toBe('string')
      expect(answerWhatsNew(xml) === undefined || typeof answerWhatsNew(xml) === 'string').toBe(true)
      expect(typeof isMsgrConfigRequest(xml)).toBe('boolean')
    }),
  )
})

test('an id is read back by its owner, and by nobody else', () => {
  fc.assert(
    fc.property(fc.nat({ max: 999_999_999 }), (number) => {
      expect(numberIn(cid.toLowerCase(), resourceId(cid, number))).toBe(number)
      expect(numberIn('FEDCBA9876543210', resourceId(cid, number))).toBeUndefined()
    }),
  )
  for (const id of ['', '!', `${cid}!`, `${cid}!-1`, `${cid}!1.5`, `${cid}!1e3`, `${cid}!9999999999`])
    expect(numberIn(cid, id)).toBeUndefined()
})

test('whatever somebody calls themselves, the answer says it and nothing else', () => {
  fc.assert(
    fc.property(text, text, text, (displayName, status, url) => {
      const profile: WrittenProfile = {
        ...{ cid, changedAt: 0, nameAt: 0, statusAt: 0, name: displayName, status },
        picture: { id: resourceId(cid, 205), type: 'image/png', size: 1, url },
      }
      const written = parseXml(writeProfile('w10', profile))
      expect(findIn(written, 'DisplayName')?.text).toBe(displayName)
      expect(findIn(written, 'PersonalStatus')?.text).toBe(status)
      expect(findIn(written, 'PreAuthURL')?.text).toBe(url)
      const documents = parseXml(writeDocuments('2008', cid, [{ id: resourceId(cid, 205), name: displayName, at: 0 }]))
      expect(findIn(documents, 'Name')?.text).toBe(displayName)
    }),
  )
})
