import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { place, proven, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
const balcony = '{b67ff5eb-eabf-4471-bd7a-b5a41d95bcfb}'
let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** Romeo, who has Juliet on his list, in some dialect. */
async function watching(dialect: number): Promise<BareClient> {
  const line = await signedIn(fixture, romeo, 12)
  line.say(`ADC 5 FL N=${juliet} F=Juliet`)
  await line.hearOnly('ADC 5')
  return dialect === 12 ? line : signedIn(fixture, romeo, dialect)
}

/** What one place hears from now on until it asks for something. */
async function heardSoFar(line: BareClient): Promise<string[]> {
  line.say('PNG')
  const heard: string[] = []
  for (let said = await line.hear(); said !== 'QNG 50'; said = await line.hear()) heard.push(said)
  return heard
}

describe('who stays', () => {
  test.each([16, 17, 18])('at MSNP%i somebody is at two places with different GUIDs', async (dialect) => {
    const first = await signedIn(fixture, juliet, dialect)
    const second = await signedIn(fixture, juliet, dialect, balcony)
    expect(await heardSoFar(first)).not.toContain(hungUp)
    second.say('PNG')
    expect(await second.hearOnly('QNG')).toBe('QNG 50')
  })

  test('the same GUID, in any case and with or without braces, is the same place', async () => {
    const first = await signedIn(fixture, juliet, 18)
    await signedIn(fixture, juliet, 18, place.slice(1, -1).toLowerCase())
    expect(await first.hearOnly('OUT')).toBe('OUT OTH')
    expect(await first.hear()).toBe(hungUp)
  })

  test('below MSNP16 there is one place, whoever comes first', async () => {
    const first = await signedIn(fixture, juliet, 18)
    const second = await signedIn(fixture, juliet, 15)
    expect(await first.hearOnly('OUT')).toBe('OUT OTH')
    await signedIn(fixture, juliet, 18, balcony)
    expect(await second.hearOnly('OUT')).toBe('OUT OTH')
  })

  test('two people may have the same GUID', async () => {
    const first = await signedIn(fixture, juliet, 18)
    await signedIn(fixture, romeo, 18)
    expect(await heardSoFar(first)).toEqual([])
  })

  test('there are at most sixteen places', async () => {
    const guid = (number: number) => `{00000000-0000-0000-0000-0000000000${number.toString(16).padStart(2, '0')}}`
    for (let number = 0; number < 16; number++) await signedIn(fixture, juliet, 18, guid(number))
    const line = await fixture.dial('NS')
    await expect(proven(fixture, line, juliet, 18, guid(16))).rejects.toThrow('hung up')
  })
})

describe('what they share', () => {
  test('status, name and personal message are those that were said last, wherever', async () => {
    const watcher = await watching(18)
    const first = await signedIn(fixture, juliet, 18)
    const second = await signedIn(fixture, juliet, 18, balcony)
    await settled()
    await heardSoFar(watcher)
    first.say('UUX 5', '<Data><PSM>at the ball</PSM></Data>')
    second.say('PRP 6 MFN Capulet')
    second.say('CHG 7 BSY 5:0')
    await settled()
    const heard = (await heardSoFar(watcher)).filter((line) => line.startsWith('NLN') || line.startsWith('FLN'))
    expect(heard.at(-1)).toBe('NLN BSY 1:juliet@example.com Capulet 5:0')
    second.hangUp()
    await settled()
    const after = await heardSoFar(watcher)
    expect(after[0]).toBe('NLN BSY 1:juliet@example.com Capulet 0:0')
    expect(after[1]).toContain('<PSM>at the ball</PSM>')
    expect(after[1]).not.toContain(balcony)
    first.hangUp()
    await settled()
    expect(await heardSoFar(watcher)).toEqual(['FLN 1:juliet@example.com 0:0'])
  })

  test('each place is told of the others, with their names; watchers are told where they are and no more', async () => {
    const watcher = await watching(16)
    const first = await signedIn(fixture, juliet, 16)
    await heardSoFar(first)
    const second = await fixture.dial('NS')
    await proven(fixture, second, juliet, 16, balcony)
    second.say(
      'UUX 5',
      '<PrivateEndpointData><EpName>Balcony</EpName><Idle>false</Idle><ClientType>1</ClientType><State>NLN</State></PrivateEndpointData>',
    )
    second.say('CHG 6 NLN 7:8')
    await second.hearOnly('CHG')
    const told = (await heardSoFar(first)).at(-1)
    expect(told).toMatch(/^UBX juliet@example.com 1 /)
    expect(told).toContain(`<PrivateEndpointData id="${balcony}"><EpName>Balcony</EpName>`)
    expect(told).toContain(`<EndpointData id="${place.toLowerCase()}"><Capabilities>0:0</Capabilities>`)
    const seen = (await heardSoFar(watcher)).at(-1)
    expect(seen).toContain(`<EndpointData id="${balcony}"><Capabilities>7:8</Capabilities>`)
    expect(seen).not.toContain('Balcony')
  })

  test('who hides is hidden for all but themselves', async () => {
    const watcher = await watching(18)
    const first = await signedIn(fixture, juliet, 18)
    await heardSoFar(watcher)
    first.say('CHG 5 HDN 0:0')
    await first.hearOnly('CHG 5')
    expect((await heardSoFar(watcher))[0]).toBe('FLN 1:juliet@example.com 0:0')
    const second = await fixture.dial('NS')
    await proven(fixture, second, juliet, 18, balcony)
    second.say('CHG 5 HDN 0:0')
    expect(await second.hearOnly('NLN')).toBe('NLN HDN 1:juliet@example.com juliet@example.com 0:0')
    expect(await heardSoFar(watcher)).toEqual([])
    second.say('XFR 6 SB')
    expect(await second.hearOnly('XFR')).toMatch(/ U messenger.msn.com 1$/)
  })
})

describe('notes', () => {
  test('one place sends another away; it alone is told', async () => {
    const first = await signedIn(fixture, juliet, 18)
    const second = await signedIn(fixture, juliet, 18, balcony)
    await heardSoFar(first)
    second.say(`UUN 5 ${juliet};${place} 4`, 'goawyplzthxbye')
    expect(await second.hearOnly('UUN')).toBe('UUN 5 OK')
    expect(await first.hearOnly('UBN')).toBe(`UBN ${juliet};${balcony} 4 14\ngoawyplzthxbye`)
    expect(await heardSoFar(second)).toEqual([])
    second.say(`UUN 6 ${juliet} 4`, 'gtfo')
    expect(await first.hearOnly('UBN')).toBe(`UBN ${juliet};${balcony} 4 4\ngtfo`)
    expect(await heardSoFar(second)).toEqual(['UUN 6 OK'])
  })

  test('nobody is sent away by somebody else, nor hears from whom they block', async () => {
    const first = await signedIn(fixture, juliet, 18)
    const other = await signedIn(fixture, romeo, 18)
    const says = async (line: string, payload: string) => {
      other.say(line, payload)
      expect(await other.hearOnly('UUN')).toMatch(/ OK$/)
      return heardSoFar(first)
    }
    expect(await says(`UUN 5 ${juliet};${place} 4`, 'goawyplzthxbye')).toEqual([])
    expect(await says(`UUN 6 ${juliet} 3`, '\u0000\u00ff')).toEqual([`UBN ${romeo};${place.toLowerCase()} 3 3\n\u0000\u00ff`])
    first.say('ADL 7', '<ml><d n="example.com"><c n="romeo" l="4" t="1"/></d></ml>')
    await first.hearOnly('ADL')
    expect(await says(`UUN 8 ${juliet} 3`, 'x')).toEqual([])
    other.say('UUN 9 nobody 3', 'x')
    expect(await other.hear()).toBe('201 9')
  })
})

test('a change of the list at one place is told to the others, which read it again', async () => {
  const first = await signedIn(fixture, juliet, 18)
  const second = await signedIn(fixture, juliet, 18, balcony)
  await heardSoFar(first)
  second.say('ADL 5', '<ml><d n="example.com"><c n="romeo" l="3" t="1"/></d></ml>')
  expect(await second.hearOnly('ADL')).toBe('ADL 5 OK')
  expect((await heardSoFar(first)).map((line) => line.slice(0, 3))).toEqual(['NOT', 'NOT'])
  second.say('BLP 8 BL')
  second.say('BLP 9 BL')
  expect(await heardSoFar(second)).toEqual(['BLP 8 BL', 'BLP 9 BL'])
  expect((await heardSoFar(first)).map((line) => line.slice(0, 3))).toEqual(['NOT'])
  expect(await heardSoFar(second)).toEqual([])
  await fixture.server.services.edits.take(juliet as never, romeo as never, { list: 'FL' })
  for (const line of [first, second]) expect((await heardSoFar(line)).map((said) => said.slice(0, 3))).toEqual(['NOT'])
  second.hangUp()
  await settled()
  await heardSoFar(first)
  first.say('ADL 6', '<ml><d n="example.com"><c n="romeo" l="1" t="1"/></d></ml>')
  expect(await heardSoFar(first)).toEqual(['ADL 6 OK'])
})
