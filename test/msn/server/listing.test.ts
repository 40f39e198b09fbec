import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

let fixture: TestServer
let juliet: BareClient

beforeEach(async () => {
  fixture = await startServer()
  juliet = await signedIn(fixture, 'juliet@example.com', 13)
})
afterEach(() => fixture.stop())

const ml = (name: string, lists: number, more = '') =>
  `<ml><d n="example.com"><c n="${name}" l="${lists}" t="1"${more}/></d></ml>`

/** Says something with a payload; gives the answer. */
async function asks(line: string, payload: string): Promise<string> {
  juliet.say(line, payload)
  return juliet.hear()
}

describe('the list with which a session begins', () => {
  test('may come in several parts, each answered, and changes nothing', async () => {
    expect(await asks('ADL 5', '<ml l="1"><d n="example.com"><c n="romeo" l="3" t="1"/></d></ml>')).toBe('ADL 5 OK')
    expect(await asks('ADL 6', "<ml l='1'><d n='example.com'><c n='nobody' l='3' t='1' /></d></ml>")).toBe('ADL 6 OK')
    expect(await asks('ADL 7', '<ml l="1"></ml>')).toBe('ADL 7 OK')
    await signedIn(fixture, 'romeo@example.com')
    await settled()
    expect(juliet.unheard).toEqual([])
  })

  test('may hold telephones and people of other networks', async () => {
    const people = '<t><c n="tel:+15551111222" l="3"/></t><d n="example.org"><c n="x" l="1" t="32"/></d>'
    expect(await asks('ADL 5', `<ml l="1">${people}</ml>`)).toBe('ADL 5 OK')
  })
})

describe('a change', () => {
  test('of many people counts as many, and one of more than any client asks for is none', async () => {
    const people = (count: number) => Array.from({ length: count }, (_, at) => `<c n="x${at}" l="2" t="1"/>`).join('')
    const many = (count: number) => `<ml><d n="verona.example">${people(count)}</d></ml>`
    expect(await asks('ADL 5', many(200))).toBe('ADL 5 OK')
    juliet.say('RML 6', ml('romeo', 2))
    juliet.say('PNG')
    await settled()
    expect(juliet.unheard).toEqual([])
    await fixture.timers.pass(60_000)
    expect(await juliet.hearAll(2)).toEqual(['RML 6 OK', 'QNG 50'])
    await fixture.timers.pass(600_000)
    const again = await signedIn(fixture, 'nurse@example.com', 13)
    again.say('FQY 7', many(201))
    expect(await again.hearAll(2)).toEqual(['241 7', hungUp])
  })

  test('is a change of the lists: the other is told, and seen if they are there', async () => {
    const romeo = await signedIn(fixture, 'romeo@example.com', 15)
    expect(await asks('ADL 5', ml('romeo', 3))).toBe('ADL 5 OK')
    expect(await juliet.hear()).toBe('ILN 5 NLN romeo@example.com romeo@example.com 0')
    expect(await romeo.hear()).toBe(
      'ADL 0 85\n<ml><d n="example.com"><c n="juliet" l="8" t="1" f="juliet@example.com"></c></d></ml>',
    )
    expect(await romeo.hear()).toMatch(
      /^NOT \d+\n<NOTIFICATION id="0" siteid="45705" .*name="romeo@example.com".*&lt;Service&gt;ABCHInternal&lt;/s,
    )
    romeo.say('CHG 6 BSY 0')
    expect(await juliet.hear()).toBe('NLN BSY romeo@example.com romeo@example.com 0')
    expect(await asks('RML 7', ml('romeo', 1))).toBe('RML 7 OK')
    expect(await romeo.hearOnly('RML')).toBe('RML 0 62\n<ml><d n="example.com"><c n="juliet" l="8" t="1"></c></d></ml>')
    expect(await romeo.hear()).toMatch(/^NOT/)
  })

  test('that is one no more is no error, and tells nobody again', async () => {
    const romeo = await signedIn(fixture, 'romeo@example.com', 15)
    for (const trId of [5, 6]) {
      expect(await asks(`ADL ${trId}`, ml('romeo', 1))).toBe(`ADL ${trId} OK`)
      expect(await juliet.hear()).toMatch(new RegExp(`^ILN ${trId} NLN romeo`))
    }
    await romeo.hearOnly('NOT')
    for (const trId of [7, 8]) expect(await asks(`RML ${trId}`, ml('romeo', 1))).toBe(`RML ${trId} OK`)
    await romeo.hearOnly('NOT')
    await settled()
    expect(romeo.unheard).toEqual([])
  })

  test('to blocked takes somebody off the allowed, and back', async () => {
    const romeo = await signedIn(fixture, 'romeo@example.com')
    romeo.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await romeo.hearOnly('ILN 5')
    await juliet.hearOnly('NOT')
    expect(await asks('ADL 6', ml('romeo', 2))).toBe('ADL 6 OK')
    expect(await asks('ADL 7', ml('romeo', 4))).toBe('ADL 7 OK')
    expect(await romeo.hear()).toBe('FLN juliet@example.com')
    expect(await asks('ADL 8', ml('romeo', 2))).toBe('ADL 8 OK')
    expect(await romeo.hear()).toBe('NLN NLN juliet@example.com juliet@example.com 0')
  })

  test('of a telephone is none', async () => {
    expect(await asks('ADL 5', '<ml><t><c n="tel:+15551111222" l="3"/></t></ml>')).toBe('ADL 5 OK')
  })
})

describe('what cannot be', () => {
  test.each([
    ['nobody in it', '<ml></ml>', '240'],
    ['a domain without anybody', '<ml><d n="example.com"></d></ml>', '240'],
    ['another network', '<ml><d n="example.com"><c n="romeo" l="1" t="256"/></d></ml>', '204'],
    ['a circle', '<ml><d n="live.com"><c n="00000000-0000-0000-0009-000000000000" l="1" t="9"/></d></ml>', '933'],
    ['nobody of that name', ml('nobody', 1), '208'],
    ['one who exists and one who does not', '<ml><d n="example.com"><c n="romeo" l="1"/><c n="nobody" l="1"/></d></ml>', '208'],
    ['oneself', ml('juliet', 1), '201'],
  ])('%s', async (_, payload, code) => {
    const romeo = await signedIn(fixture, 'romeo@example.com', 15)
    for (const verb of code === '208' ? ['ADL'] : ['ADL', 'RML']) expect(await asks(`${verb} 5`, payload)).toBe(`${code} 5`)
    juliet.say('PNG')
    expect(await juliet.hear()).toBe('QNG 50')
    await settled()
    expect(romeo.unheard).toEqual([])
  })

  test.each([
    ['no XML', '<ml><d>'],
    ['a DOCTYPE', '<!DOCTYPE ml [<!ENTITY a "b">]><ml><d n="example.com"><c n="romeo" l="1"/></d></ml>'],
    ["a list that is the server's", ml('romeo', 8)],
    ["a list that is the server's, at the beginning", '<ml l="1"><d n="example.com"><c n="romeo" l="19" t="1"/></d></ml>'],
    ['no domain', '<ml><d><c n="romeo" l="1"/></d></ml>'],
    ['no list', '<ml><d n="example.com"><c n="romeo"/></d></ml>'],
  ])('%s ends it', async (_, payload) => {
    expect(await asks('ADL 5', payload)).toBe('241 5')
    expect(await juliet.hear()).toBe(hungUp)
  })

  test('more than a list can hold', async () => {
    const contacts = Array.from({ length: 1000 }, (_, index) => ({
      handle: `montague${index}@example.com`,
      name: 'x',
      lists: 1,
      guid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      groups: [],
    }))
    await fixture.records.update('books', 'juliet@example.com', () => ({
      ...{ name: 'Juliet', serial: 1, changedAt: 0, privacy: 'AL', prompt: 'A', properties: {}, contacts, groups: [] },
    }))
    expect(await asks('ADL 5', ml('romeo', 1))).toBe('210 5')
  })

  test('SYN is answered with 502, and ADC ends the connection', async () => {
    juliet.say('SYN 5 0 0')
    expect(await juliet.hear()).toBe('502 5')
    juliet.say('ADC 6 FL N=romeo@example.com F=Romeo')
    expect(await juliet.hear()).toBe(hungUp)
  })
})

describe('where somebody is', () => {
  test('is on MSN, or nowhere', async () => {
    const both = '<ml><d n="example.com"><c n="romeo"/><c n="nobody"/></d></ml>'
    expect(await asks('FQY 5', both)).toBe('FQY 5 55\n<ml><d n="example.com"><c n="romeo" t="1"></c></d></ml>')
    expect(await asks('FQY 6', '<ml><d n="example.com"><c n="nobody" /></d></ml>')).toBe('208 6')
    expect(await asks('FQY 7', '<ml></ml>')).toBe('240 7')
  })
})
