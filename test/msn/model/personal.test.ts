import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPersonal, writePersonal } from '../../../src/msn/model/personal.ts'
import vectors from '../../vectors/presence.json' with { type: 'json' }

test.each(vectors.personalStatus.filter(({ confirmed }) => confirmed))('$payload', ({ payload, bytes, psm, media }) => {
  const personal = readPersonal(Buffer.from(payload))
  expect(Buffer.byteLength(payload)).toBe(bytes)
  expect(personal?.message).toBe(psm)
  expect(personal?.media === '').toBe(media === null)
  if (personal) expect(writePersonal(personal).toString()).toBe(payload)
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
      expect(readPersonal(writePersonal({ message, media }))).toEqual({ message, media })
    }),
  )
})

test('a character that XML cannot hold is left out', () => {
  expect(writePersonal({ message: 'a\u0001b\ud800c' }).toString()).toBe(
    '<Data><PSM>abc</PSM><CurrentMedia></CurrentMedia></Data>',
  )
})

test('no bytes are more than it can read', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readPersonal(bytes)))
})
