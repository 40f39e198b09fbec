import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOwnPlaces, readPersonal, readPlace, writePersonal } from '../../../src/msn/dialect/personal.ts'
import vectors from '../../vectors/presence.json' with { type: 'json' }

test.each(vectors.personalStatus.filter(({ confirmed }) => confirmed))('$payload', ({ payload, bytes, psm, media }) => {
  const personal = readPersonal(Buffer.from(payload))
  expect(Buffer.byteLength(payload)).toBe(bytes)
  expect(personal?.message).toBe(psm)
  expect(personal?.media === '').toBe(media === null)
  if (personal) expect(writePersonal(18, personal).toString()).toBe(payload)
})

test('absent is not empty', () => {
  expect(readPersonal(Buffer.from('<Data><PSM/></Data>'))).toEqual({ message: '' })
  expect(readPersonal(Buffer.from(''))).toEqual({})
  expect(readPersonal(Buffer.from('<EndpointData><PSM>not of the person</PSM></EndpointData>'))).toEqual({})
  expect(readPersonal(Buffer.from('<Data><Other><PSM>deeper</PSM></Other></Data>'))).toEqual({})
})

test('what is no XML, or has a DOCTYPE, says nothing', () => {
  for (const xml of [
    '<Data>',
    'x',
    '<Data><PSM>&unknown;</PSM></Data>',
    '<!DOCTYPE Data [<!ENTITY a "b">]><Data><PSM>&a;</PSM></Data>',
  ])
    expect(readPersonal(Buffer.from(xml))).toBeUndefined()
})

test('every text that XML can hold comes back', () => {
  const text = fc
    .string({ unit: 'grapheme' })
    .map((raw) => raw.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))
  fc.assert(
    fc.property(text, text, (message, media) => {
      expect(readPersonal(writePersonal(18, { message, media }))).toEqual({ message, media })
    }),
  )
})

test('a character that XML cannot hold is left out', () => {
  expect(writePersonal(18, { message: 'a\u0001b\ud800c' }).toString()).toBe(
    '<Data><PSM>abc</PSM><CurrentMedia></CurrentMedia></Data>',
  )
})

test('no bytes are more than it can read', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readPersonal(bytes)))
})

test('places are named from MSNP16 on, and only their owner is told more', () => {
  const place = { id: '1be99e6d-1c6e-4bea-8b3e-9c464006a774', clientId: { flags: 5 } }
  const endpoints = [{ ...place, details: { name: 'A & B', idle: true, status: 'AWY' } as const }]
  expect(writePersonal(15, {}, endpoints).toString()).toBe('<Data><PSM></PSM><CurrentMedia></CurrentMedia></Data>')
  const data = '<EndpointData id="{1be99e6d-1c6e-4bea-8b3e-9c464006a774}"><Capabilities>5:0</Capabilities></EndpointData>'
  const details =
    '<PrivateEndpointData id="{1be99e6d-1c6e-4bea-8b3e-9c464006a774}"><EpName>A &amp; B</EpName><Idle>true</Idle><ClientType>1</ClientType><State>AWY</State></PrivateEndpointData>'
  const [shown, own] = [writePersonal(16, {}, endpoints).toString(), writePersonal(16, {}, endpoints, true).toString()]
  expect(shown).toBe(`<Data><PSM></PSM><CurrentMedia></CurrentMedia>${data}</Data>`)
  expect(own).toBe(`<Data><PSM></PSM><CurrentMedia></CurrentMedia>${data}${details}</Data>`)
})

test('a place is read as it was written, alone (PUR, AMSN) or in Data, its elements in any order', () => {
  const inside = '<State>BSY</State><ClientType>2</ClientType><EpName>Balcony</EpName><Idle>TRUE</Idle>'
  const expected = { name: 'Balcony', idle: true, clientType: 2, status: 'BSY' }
  for (const xml of [
    `<PrivateEndpointData>${inside}</PrivateEndpointData>`,
    `<Data><PSM/><PrivateEndpointData id="{x}">${inside}</PrivateEndpointData></Data>`,
  ])
    expect(readPlace(Buffer.from(xml))).toEqual(expected)
  expect(readPlace(Buffer.from('<PrivateEndpointData><State>x</State><ClientType>-</ClientType></PrivateEndpointData>'))).toEqual(
    {},
  )
  expect(readPlace(Buffer.from('<EndpointData><EpName>x</EpName></EndpointData>'))).toEqual({})
  expect(readPlace(Buffer.from('<PrivateEndpointData>'))).toEqual({})
})

test('the owner reads what is told of their places, and passes over what is none', () => {
  const id = '1be99e6d-1c6e-4bea-8b3e-9c464006a774'
  const details = { name: 'A & B', idle: true, clientType: 3, status: 'AWY' } as const
  const own = writePersonal(18, { message: 'hi' }, [{ id, clientId: { flags: 5 }, details }], true)
  expect(readOwnPlaces(own)).toEqual([{ id, details }])
  const silent = `<Data><PrivateEndpointData id="{${id.toUpperCase()}}"/><PrivateEndpointData id="x"><State>BSY</State></PrivateEndpointData></Data>`
  expect(readOwnPlaces(Buffer.from(silent))).toEqual([{ id, details: {} }])
  for (const nothing of ['', '<Data>', '<PrivateEndpointData/>']) expect(readOwnPlaces(Buffer.from(nothing))).toEqual([])
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readOwnPlaces(bytes)))
})
