import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childOf, childrenOf, escapeXml, findIn, parseXml, tag, textOf, textTag, xmlDocument } from '../../../src/msn/soap/xml.ts'

describe('reading', () => {
  test('prefixes do not matter, text is found by its path', () => {
    const root = parseXml(`<S:Envelope xmlns:S="x"><S:Body><a:Find Id='7'><b> one </b><b>two</b></a:Find></S:Body></S:Envelope>`)
    expect(root?.name).toBe('Envelope')
    expect(textOf(root, 'Body', 'Find', 'b')).toBe('one')
    expect(childrenOf(childOf(root, 'Body', 'Find'), 'b').map(({ text }) => text)).toEqual([' one ', 'two'])
    expect(findIn(root, 'Find')?.attributes['Id']).toBe('7')
    expect(textOf(root, 'Body', 'Nothing')).toBeUndefined()
  })

  test('CDATA is text', () => {
    expect(parseXml('<a><![CDATA[<b>&amp;]]></a>')?.text).toBe('<b>&amp;')
  })

  test.each([
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an unknown entity', '<a>&b;</a>'],
    ['an open element', '<a><b></a>'],
    ['nothing', ''],
    ['no XML', 'hello'],
    ['depth', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
    ['size', `<a>${'<b/>'.repeat(100_000)}</a>`],
    ['size by attributes', `<a ${Array.from({ length: 100_000 }, (_, index) => `b${index}=""`).join(' ')}/>`],
  ])('%s is refused', (_what, xml) => {
    expect(parseXml(xml)).toBeUndefined()
  })

  test('a document that is wrong at every place costs no more than one that is wrong once', () => {
    // A fault for each of them takes half a second and more.
    const wrong = ['<a b="', '<'.repeat(256 * 1024), '"/>'].join('')
    const started = performance.now()
    for (const xml of [wrong, `<a>${'\0'.repeat(256 * 1024)}`, `<a>${'&x;'.repeat(90_000)}`])
      expect(parseXml(xml)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(500)
  })

  test('any text at all is an element or nothing, never an error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseXml(text)))
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', 'a', '/', '&', ';', '!', '[', ']', '"', '=', ' ', '?', '-') }),
        (text) => void parseXml(text),
      ),
    )
  })
})

describe('writing', () => {
  test('elements, attributes and text', () => {
    expect(tag('a:b', [textTag('c', 'x < y'), undefined, tag('d')], { 'xmlns:a': 'u', none: undefined, q: '"' })).toBe(
      '<a:b xmlns:a="u" q="&quot;"><c>x &lt; y</c><d></d></a:b>',
    )
  })

  test('what was written is read back, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, value) => {
        const root = parseXml(xmlDocument(tag('a', escapeXml(text), { v: value })))
        const legal = (raw: string) => raw.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
        expect(root?.text).toBe(legal(text))
        expect(root?.attributes['v']?.replace(/\s/g, ' ')).toBe(legal(value).replace(/\s/g, ' '))
      }),
    )
  })
})
