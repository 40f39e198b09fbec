import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMsnObject, sha1c, sha1d, writeMsnObject } from '../../../src/msn/model/msn-object.ts'
import { unescapeArg } from '../../../src/msn/wire/escape.ts'
import vectors from '../../vectors/msnobject.json' with { type: 'json' }
import p2pVectors from '../../vectors/p2p.json' with { type: 'json' }

const confirmed = vectors.sha1c.filter((vector) => vector.confirmed)

test.each(confirmed)('the check sum over the fields of an object of $creator is the published one', (vector) => {
  expect(sha1c(vector)).toBe(vector.expected)
  expect(readMsnObject(writeMsnObject(vector))).toMatchObject({ creator: vector.creator, sha1c: vector.expected })
})

test.each(p2pVectors.msnObjects.filter((vector) => vector.confirmed))('the object $name keeps its check sum', (vector) => {
  const { creator, size, type, location, friendly, sha1d } = vector
  const object = { creator, size, type, location, friendly, sha1d }
  expect(sha1c(object)).toBe(vector.sha1c ?? vector.sha1cByTheUsualFormula)
  const wire = { ...object, sha1c: vector.sha1c ?? vector.sha1cOnWire ?? '' }
  expect(readMsnObject(writeMsnObject(wire))).toEqual(wire)
})

test.each(vectors.sha1d)('the check sum over "$dataUtf8" is the published one', ({ dataUtf8, expected }) => {
  expect(sha1d(Buffer.from(dataUtf8))).toBe(expected)
})

test.each(vectors.urlEncoding)(
  'an object is read from the wire, its plus bare or not, and written as it was',
  ({ xml, wire, wireBarePlus }) => {
    expect(unescapeArg(wire)).toBe(xml)
    expect(unescapeArg(wireBarePlus)).toBe(xml)
    const object = readMsnObject(xml)
    expect(object).toMatchObject({ creator: 'anotherdude@hotmail.com', size: 25_235, type: 3, location: 'uexA4DE.dat' })
    if (object) expect(writeMsnObject(object)).toBe(xml)
  },
)

test('objects whose check sum is wrong exist, and are read with it', () => {
  for (const vector of vectors.sha1cNotMatchingInTheWild) {
    expect(readMsnObject(writeMsnObject({ ...vector, sha1c: vector.printed }))?.sha1c).toBe(vector.printed)
  }
})

test('attributes may come in any order, in single quotes, and with line breaks between', () => {
  expect(readMsnObject(`<msnobj\n SHA1D='x' Type='3'\tSize="1" creator='juliet@example.com'/>`)).toEqual({
    ...{ creator: 'juliet@example.com', size: 1, type: 3, location: '0', friendly: 'AAA=', sha1d: 'x' },
  })
})

test('what lacks something is none', () => {
  for (const text of [
    '',
    '0',
    '<msnobj/>',
    '<msnobj Creator="a"/>',
    '<msnobj Creator="a" Size="x" Type="3" SHA1D="y"/>',
    '<other Creator="a"/>',
  ])
    expect(readMsnObject(text)).toBeUndefined()
})

test('any text survives in an object', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), (creator, location, size) => {
      const object = { creator, size, type: 2, location, friendly: 'AAA=', sha1d: 'x' }
      expect(readMsnObject(writeMsnObject(object))).toMatchObject(object)
    }),
  )
})
