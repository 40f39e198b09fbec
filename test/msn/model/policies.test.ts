import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { policyChecksum, readPolicies, writePolicies } from '../../../src/msn/model/policies.ts'
import { EncodeError } from '../../../src/msn/wire/errors.ts'
import { decodeAll } from '../../support/codec-case.ts'
import vectors from '../../vectors/misc.json' with { type: 'json' }
import { streamsOf } from '../wire/streams.ts'

const confirmed = vectors.gcfChecksum.filter((vector) => vector.confirmed)

it.each(confirmed)('the sum of $policyInnerXml is the published one', ({ policyInnerXml, checksum, policiesPayload }) => {
  expect(policyChecksum(policyInnerXml)).toBe(checksum)
  const payload = policiesPayload ?? `<Policies><Policy type="P2P" checksum="${checksum}">${policyInnerXml}</Policy></Policies>`
  const type = policiesPayload === undefined ? 'P2P' : 'SHIELDS'
  expect(writePolicies([{ type, inner: policyInnerXml }])).toBe(payload)
  expect(readPolicies(payload)).toEqual([{ type, checksum, inner: policyInnerXml }])
})

it('every policy that a server was recorded sending bears its right sum, the one with a policy inside too', () => {
  const folder = new URL('../../traces/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.pcap'))
  const streams = files.flatMap((file) => streamsOf(new URL(file, folder))).filter(({ from }) => from === 'server')
  const payloads = streams.flatMap(({ dialect, bytes }) =>
    decodeAll('server', dialect, [bytes]).flatMap(({ verb, payload }) =>
      verb === 'GCF' && payload ? [Buffer.from(payload).toString()] : [],
    ),
  )
  expect(payloads.length).toBeGreaterThan(0)
  for (const payload of payloads) {
    const policies = readPolicies(payload)
    expect(policies.map(({ type }) => type)).toEqual(['SHIELDS', 'ABCH', 'ERRORRESPONSETABLE', 'P2P'])
    for (const { inner, checksum } of policies) expect(policyChecksum(inner)).toBe(checksum)
  }
})

it('any policies come back', () => {
  const policy = fc.record({ type: fc.stringMatching(/^[A-Z0-9]{1,20}$/), inner: fc.string({ unit: 'grapheme' }) })
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 5 }), (policies) => {
      const read = readPolicies(writePolicies(policies))
      expect(read).toEqual(policies.map((one) => ({ ...one, checksum: policyChecksum(one.inner) })))
    }),
  )
})

it('any text gives policies no longer than itself', () => {
  const scrap = fc.constantFrom('<Policies>', '<Policy type="A" checksum="B">', '</Policy>', '<Policy>', 'x', '"')
  fc.assert(
    fc.property(fc.array(fc.oneof(scrap, fc.string())), (scraps) => {
      const payload = scraps.join('')
      const length = readPolicies(payload).reduce((sum, { inner }) => sum + inner.length, 0)
      expect(length).toBeLessThanOrEqual(payload.length)
    }),
  )
})

it('a type that would become XML is not written', () => {
  expect(() => writePolicies([{ type: 'A"><B', inner: '' }])).toThrow(EncodeError)
})
