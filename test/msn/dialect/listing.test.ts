import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Listing } from '../../../src/msn/dialect/listing.ts'
import { listedWith, readListing, sizeOfListing, writeListing, writeListingTaken } from '../../../src/msn/dialect/listing.ts'

const read = (xml: string) => readListing(Buffer.from(xml))
const written = (listing: Listing) => writeListing('ADL', 5, listing).payload?.toString()

describe('a listing', () => {
  it('puts people together by domain, phones apart', () => {
    const people = ['romeo@example.com', 'tybalt@example.net', 'nurse@example.com', 'tel:+15551111222'].map((handle) =>
      listedWith(handle, 3),
    )
    expect(written({ initial: true, people })).toBe(
      '<ml l="1"><d n="example.com"><c n="romeo" l="3" t="1"></c><c n="nurse" l="3" t="1"></c></d><d n="example.net"><c n="tybalt" l="3" t="1"></c></d><t><c n="tel:+15551111222" l="3"></c></t></ml>',
    )
  })

  it('is read as real clients write it: single quotes, a space before the end, nobody at all', () => {
    const romeo = { handle: 'romeo@example.com', lists: 1, network: 1 }
    expect(read("<ml l='1'><d n='example.com'><c n='romeo' l='1' t='1' /></d></ml>")).toEqual({ initial: true, people: [romeo] })
    expect(read('<ml><d n="example.com"><c n="romeo"/></d></ml>')).toEqual({
      initial: false,
      people: [{ handle: 'romeo@example.com' }],
    })
    expect(read('<ml l="1"></ml>')).toEqual({ initial: true, people: [] })
    expect(read('<ml><d n="example.com"></d></ml>')).toEqual({ initial: false, people: [] })
  })

  it('reads the name of somebody who added us, escaped or not', () => {
    const who = (name: string) => read(`<ml><d n="example.com"><c n="nurse" t="1" l="8" f="${name}" /></d></ml>`)?.people[0]?.name
    expect(who('Nurse%20A')).toBe('Nurse A')
    expect(who('Nurse A')).toBe('Nurse A')
  })

  it('is none without a name, a domain, or with lists that are no number', () => {
    for (const person of ['<d><c n="romeo"/></d>', '<d n="example.com"><c/></d>', '<d n="x"><c n="romeo" l="x"/></d>'])
      expect(read(`<ml>${person}</ml>`)).toBeUndefined()
    expect(read('<ml><d n="x">')).toBeUndefined()
    expect(read('<!DOCTYPE ml><ml></ml>')).toBeUndefined()
    expect(read('<mol></mol>')).toBeUndefined()
  })

  it('is the same again after a journey, whoever stands in it', () => {
    const local = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => !/[@\p{Cc}\p{Cn}\p{Cs}]/u.test(text))
    const person = fc.record(
      {
        handle: fc.tuple(local, fc.constantFrom('example.com', 'example.net')).map((parts) => parts.join('@')),
        lists: fc.nat(31),
        network: fc.constantFrom(1, 32),
        name: fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
      },
      { requiredKeys: ['handle'] },
    )
    fc.assert(
      fc.property(fc.array(person, { maxLength: 8 }), fc.boolean(), (people, initial) => {
        const listing = { initial, people }
        const { payload = Buffer.alloc(0) } = writeListing('ADL', 1, listing)
        const back = readListing(payload)
        expect(payload.length).toBe(sizeOfListing(listing))
        expect(back?.initial).toBe(initial)
        expect(new Set(back?.people.map((one) => JSON.stringify(sorted(one))))).toEqual(
          new Set(people.map((one) => JSON.stringify(sorted(one)))),
        )
      }),
    )
  })

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readListing(bytes)))
  })

  it('is answered with OK', () => {
    expect(writeListingTaken('RML', 7)).toEqual({ verb: 'RML', trId: 7, args: ['OK'] })
  })
})

function sorted(one: object): unknown {
  return Object.entries(one).sort(([a], [b]) => a.localeCompare(b))
}
