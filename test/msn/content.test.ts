import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action, Run, Style, Text, Utterance } from '../../src/core/content.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { drawn, spelled } from '../../src/msn/content/emoticons.ts'
import { withoutPlus } from '../../src/msn/content/plus.ts'
import { readContent, writeContent } from '../../src/msn/content.ts'
import { formatMime, headerOf, parseMime } from '../../src/msn/wire/mime.ts'
import vectors from '../vectors/p2p.json' with { type: 'json' }

const styled = (...runs: [string, Style?][]): Text => ({
  kind: 'text',
  runs: runs.map(([text, style]): Run => (style ? { text, style } : { text })),
})

function bodies(content: Utterance): string[] {
  return writeContent(content, 'en').map((payload) => Buffer.from(parseMime(payload).body).toString('utf8'))
}

function formatOf(content: Utterance): string | undefined {
  const [payload] = writeContent(content, 'en')
  return payload && headerOf(parseMime(payload).headers, 'X-MMS-IM-Format')
}

const plain = (text: string, format?: string, type = 'text/plain; charset=UTF-8') =>
  parseMime(formatMime([['Content-Type', type], ...(format === undefined ? [] : [['X-MMS-IM-Format', format] as const])], text))

describe('writing', () => {
  it('puts a style that all of the text has into the header', () => {
    const style: Style = { bold: true, strike: true, color: '0000ff', font: 'Comic Sans MS' }
    expect(formatOf(styled(['O Romeo', style], [' ', {}], ['Romeo', style]))).toBe(
      'FN=Comic%20Sans%20MS; EF=BS; CO=ff0000; CS=0; PF=22',
    )
    expect(bodies(styled(['O Romeo', style]))).toEqual(['O Romeo'])
  })

  it('marks what only a part of the text has, and leaves the space around it out', () => {
    const text = styled(
      ['the '],
      ['bold ', { bold: true }],
      ['and', { italic: true, strike: true }],
      [' '],
      ['code', { code: true }],
      [' plain', { underline: true }],
    )
    expect(bodies(text)).toEqual(['the *bold* _~and~_ `code` plain'])
    expect(formatOf(text)).toContain('EF=;')
  })

  it('marks each line by itself', () => {
    expect(bodies(styled(['a'], ['b\n\nc', { bold: true }]))).toEqual(['a*b*\r\n\r\n*c*'])
  })

  it('shows where a link leads, unless its text says so', () => {
    expect(bodies(styled(['see '], ['this ', { link: 'https://example.org/a' }], ['now']))).toEqual([
      'see this (https://example.org/a) now',
    ])
    expect(bodies(styled(['example.org', { link: 'https://example.org/' }]))).toEqual(['example.org'])
  })

  it('says from right to left', () => {
    expect(formatOf({ ...plainText('שלום'), rightToLeft: true })).toMatch(/; RL=1$/)
  })

  it('says an action as /me', () => {
    const action: Action = { kind: 'action', runs: [{ text: 'sighs', style: { italic: true } }] }
    expect(bodies(action)).toEqual(['/me sighs'])
    expect(formatOf(action)).toContain('EF=I;')
  })

  const link = 'https://example.org/f/x'
  const picture = { kind: 'media', what: 'image', name: 'balcony.jpg', ref: 'mxc://a/b', link } as const
  const answer = (from?: string) => ({ line: 'Good night', how: 'answer', ...(from !== undefined && { from }) }) as const
  const thread = { line: 'Good night', how: 'thread' } as const

  it.each<[string, Utterance, string]>([
    ['an answer', { ...plainText('Sleep well'), about: answer('Juliet') }, '> Juliet: Good night\r\nSleep well'],
    ['an answer to oneself', { ...plainText('Again'), about: answer() }, '> Good night\r\nAgain'],
    ['a word in a thread', { ...plainText('Aye'), about: thread }, '(in the thread "Good night")\r\nAye'],
    [
      'a word in a thread of somebody',
      { ...plainText('Aye'), about: { ...thread, from: 'Juliet' } },
      '(in the thread "Good night", begun by Juliet)\r\nAye',
    ],
    [
      'an action as an answer',
      { kind: 'action', runs: [{ text: 'sighs' }], about: answer('Juliet') },
      '> Juliet: Good night\r\n/me sighs',
    ],
    [
      'an emoji that is quoted',
      { ...plainText('Aye'), about: { ...thread, line: 'Good 🙂' } },
      '(in the thread "Good :)")\r\nAye',
    ],
    ['an edit', { kind: 'edit', of: '$1' as RemoteId, content: plainText('Good morrow') }, '* Good morrow'],
    [
      'an edit of an action',
      { kind: 'edit', of: '$1' as RemoteId, content: { kind: 'action', runs: [{ text: 'smiles' }] } },
      '* smiles',
    ],
    [
      'a reaction',
      { kind: 'reaction', of: '$1' as RemoteId, emoji: '🎉', about: answer('Juliet') },
      '/me reacted 🎉 to "Good night"',
    ],
    [
      'a reaction to something forgotten',
      { kind: 'reaction', of: '$1' as RemoteId, emoji: '🎉' },
      '/me reacted 🎉 to something said earlier',
    ],
    ['a picture', picture, `Picture: balcony.jpg ${link}`],
    ['a small file', { ...picture, what: 'file', name: 'a.txt', size: 12 }, `File: a.txt (12 bytes) ${link}`],
    ['a file', { ...picture, what: 'file', name: 'a.txt', size: 348_160 }, `File: a.txt (340 KB) ${link}`],
    ['a film', { ...picture, what: 'video', size: 1_258_291 }, `Video: balcony.jpg (1.2 MB) ${link}`],
    ['a sound', { ...picture, what: 'audio' }, `Sound: balcony.jpg ${link}`],
    ['a voice message', { ...picture, what: 'voice' }, `Voice message: balcony.jpg ${link}`],
    ['a sticker', { ...picture, what: 'sticker', name: 'Hi' }, `Sticker: Hi ${link}`],
    ['a picture with words', { ...picture, caption: [{ text: 'See' }] }, `See\r\nPicture: balcony.jpg ${link}`],
    ['a picture as an answer', { ...picture, about: answer() }, `> Good night\r\nPicture: balcony.jpg ${link}`],
  ])('says %s in plain words', (_, content, words) => {
    expect(bodies(content)).toEqual([words])
  })

  it('lets nothing that is quoted, or called a name, break its line or hide in it', () => {
    const sly = { ...plainText('Aye'), about: { from: 'Ju\u0000liet', line: 'a\ud800b', how: 'answer' } } as const
    expect(bodies(sly)).toEqual(['> Juliet: a\ufffdb\r\nAye'])
  })

  it('cuts a long answer and keeps its quote', () => {
    const parts = bodies({ ...plainText('wherefore '.repeat(300)), about: answer('Juliet') })
    expect(parts.length).toBe(3)
    expect(parts.join('')).toBe(`> Juliet: Good night\r\n${'wherefore '.repeat(300)}`)
  })

  it.each(vectors.switchboardBodies.filter(({ confirmed }) => confirmed))('sends a $name as clients do', ({ name, text }) => {
    expect(name).toBe('nudge')
    const [payload] = writeContent({ kind: 'nudge' }, 'en')
    expect(Buffer.from(payload ?? []).toString()).toBe(text)
    expect(readContent(parseMime(Buffer.from(text)))).toEqual({ kind: 'nudge' })
  })

  it('says a notice in the words of the catalogue', () => {
    expect(bodies({ kind: 'notice', phrase: { key: 'delivery.failed', params: { reason: 'no.' } } })).toEqual([
      'Not delivered: no.',
    ])
  })

  it('leaves out what cannot be shown, and says nothing when nothing is left', () => {
    expect(bodies(plainText('a\u0000b\u0007\ud800\tc\r\nd\re'))).toEqual(['ab\ufffd\tc\r\nd\r\ne'])
    expect(bodies(plainText('\u0000 \u0008'))).toEqual([])
    expect(bodies({ kind: 'action', runs: [] })).toEqual([])
  })

  it('cuts a long text near a space, and nothing is lost', () => {
    const words = 'wherefore art thou Romeo '.repeat(200)
    const parts = bodies(plainText(words))
    expect(parts.join('')).toBe(words)
    expect(parts.length).toBe(Math.ceil(words.length / 1300))
    for (const part of parts.slice(0, -1)) expect(part).toMatch(/ $/)
  })

  it('cuts any text into payloads that a switchboard takes, between characters', () => {
    const unit = fc.oneof(fc.constantFrom('a', ' ', '\n', 'é', '€', '😀'), fc.string({ unit: 'grapheme', maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), fc.integer({ min: 1, max: 200 }), fc.string(), (units, times, font) => {
        const text = units.join('').repeat(times)
        const payloads = writeContent(styled([text, { font, bold: true }]), 'en')
        for (const payload of payloads) {
          expect(payload.length).toBeLessThanOrEqual(1664)
          expect(parseMime(payload).body.length).toBeLessThanOrEqual(1300)
        }
        const joined = payloads.map((payload) => Buffer.from(parseMime(payload).body).toString('utf8')).join('')
        const shown = spelled(text)
          .toWellFormed()
          .replace(/\r\n?/g, '\n')
          .replace(/[^\P{Cc}\t\n]/gu, '')
        expect(joined).toBe(shown.trim() === '' ? '' : shown.replaceAll('\n', '\r\n'))
      }),
    )
  })
})

describe('reading', () => {
  it('reads the looks of a text', () => {
    expect(readContent(plain('two\r\nlines', 'FN=Comic%20Sans; EF=BI; CO=ff0000; CS=0; PF=22; RL=1'))).toEqual({
      kind: 'text',
      runs: [{ text: 'two\nlines', style: { bold: true, italic: true, color: '0000ff', font: 'Comic Sans' } }],
      rightToLeft: true,
    })
  })

  it('pads a colour whose leading zeros are missing', () => {
    expect(readContent(plain('x', 'FN=Arial; EF=; CO=ff; CS=0; PF=22'))).toMatchObject({ runs: [{ style: { color: 'ff0000' } }] })
    expect(readContent(plain('x', 'FN=Arial; EF=; CO=0; CS=0; PF=22'))).toEqual(plainText('x'))
  })

  it('reads what old clients write without a charset', () => {
    expect(readContent(parseMime(formatMime([['Content-Type', 'text/plain']], Buffer.from('caf\xe9', 'latin1'))))).toEqual(
      plainText('café'),
    )
    expect(readContent(plain('café', undefined, 'text/plain'))).toEqual(plainText('café'))
    expect(readContent(plain('café', undefined, 'text/plain; charset=x-nobody-knows'))).toMatchObject({ kind: 'text' })
  })

  it('reads actions in both ways of writing them', () => {
    const sighs = { kind: 'action', runs: [{ text: 'sighs' }] }
    expect(readContent(plain('/me sighs'))).toEqual(sighs)
    expect(readContent(plain('ID: 4\r\nData: sighs\r\n\r\n', undefined, 'text/x-msnmsgr-datacast'))).toEqual(sighs)
    expect(readContent(plain('/me'))).toEqual(plainText('/me'))
  })

  it('reads a nudge with as many line ends as clients put after it', () => {
    for (const ends of ['', '\r\n', '\r\n\r\n', '\r\n\r\n\r\n'])
      expect(readContent(plain(`ID: 1${ends}`, undefined, 'text/x-msnmsgr-datacast'))).toEqual({ kind: 'nudge' })
  })

  it('has no word for winks, invitations and what clients tell each other', () => {
    expect(readContent(plain('ID: 2\r\nData: <msnobj/>', undefined, 'text/x-msnmsgr-datacast'))).toBeUndefined()
    for (const type of ['text/x-clientcaps', 'text/x-msmsgsinvite; charset=UTF-8', 'application/x-msnmsgrp2p', ''])
      expect(readContent(plain('x', undefined, type))).toBeUndefined()
  })

  it('reads any bytes as something that can be shown, and not more than 64 KiB of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), fc.boolean(), (bytes, format, text) => {
        const type = text ? 'text/plain' : 'text/x-msnmsgr-datacast'
        const header = format.replace(/[\r\n]/g, '')
        const content = readContent({
          headers: [
            ['Content-Type', type],
            ['X-MMS-IM-Format', header],
          ],
          body: bytes,
        })
        if (content?.kind !== 'text' && content?.kind !== 'action') return
        const words = wordsOf(content)
        expect(words.isWellFormed()).toBe(true)
        expect(words).not.toMatch(/[^\P{Cc}\t\n]/u)
        for (const { style } of content.runs) {
          expect(style?.color ?? '000000').toMatch(/^[0-9a-f]{6}$/)
          expect(style?.font ?? 'x').toMatch(/^[^\p{Cc};]{1,64}$/u)
        }
      }),
    )
    expect(readContent(plain('x'.repeat(100_000)))).toMatchObject({ runs: [{ text: 'x'.repeat(65_536) }] })
  })

  it('gives back what was written, where MSN has a word for it', () => {
    const style: fc.Arbitrary<Style> = fc.record(
      {
        bold: fc.constant(true as const),
        italic: fc.constant(true as const),
        underline: fc.constant(true as const),
        strike: fc.constant(true as const),
        color: fc.integer({ min: 1, max: 0xffffff }).map((value) => value.toString(16).padStart(6, '0')),
        font: fc.constantFrom('Comic Sans MS', 'Times New Roman', 'Ünicode 100%', 'A, B'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        style,
        fc.boolean(),
        (text, looks, rightToLeft) => {
          fc.pre(drawn(spelled(text)) === text && withoutPlus(text) === text)
          fc.pre(text.trim() !== '' && !text.startsWith('/me ') && !/[^\P{Cc}\t\n]/u.test(text) && text.isWellFormed())
          const content: Text = {
            kind: 'text',
            runs: [Object.keys(looks).length > 0 ? { text, style: looks } : { text }],
            ...(rightToLeft ? { rightToLeft: true as const } : {}),
          }
          const [payload, ...more] = writeContent(content, 'en')
          fc.pre(more.length === 0)
          expect(payload && readContent(parseMime(payload))).toEqual(content)
        },
      ),
    )
  })
})
