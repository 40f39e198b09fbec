// What is said on MSN as the gateway understands it, and what the gateway says as an MSN client gets it: a row for each kind.

import { describe, expect, it } from 'vitest'
import type { Media, Quote, Run, Style, Utterance } from '../../src/core/content.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { readContent, writeContent } from '../../src/msn/content.ts'
import { formatMime, headerOf, parseMime } from '../../src/msn/wire/mime.ts'

const words = (...runs: (string | [string, Style])[]): Utterance => ({ kind: 'text', runs: runs.map(run) })
const run = (of: string | [string, Style]): Run => (typeof of === 'string' ? { text: of } : { text: of[0], style: of[1] })
const action = (...runs: (string | [string, Style])[]): Utterance => ({ kind: 'action', runs: runs.map(run) })

/** The format that our writer gives to text in no particular style. */
const plain = 'FN=Segoe%20UI; EF=; CO=0; CS=0; PF=22'

describe('from MSN', () => {
  const received = (text: string, format = plain, type = 'text/plain; charset=UTF-8') =>
    readContent(
      parseMime(
        formatMime(
          [
            ['Content-Type', type],
            ['X-MMS-IM-Format', format],
          ],
          text,
        ),
      ),
    )

  it.each<[string, [text: string, format?: string | undefined, type?: string], Utterance | undefined]>([
    ['text', ['Ay me'], words('Ay me')],
    [
      'bold, italic, underlined and struck text',
      ['a', 'FN=Arial; EF=BIUS; CO=0; CS=0; PF=22'],
      words(['a', { bold: true, italic: true, underline: true, strike: true }]),
    ],
    [
      'a colour and a font',
      ['a', 'FN=Comic%20Sans%20MS; EF=; CO=ff; CS=0; PF=22'],
      words(['a', { font: 'Comic Sans MS', color: 'ff0000' }]),
    ],
    [
      'text from right to left',
      ['שלום', 'FN=Arial; EF=; CO=0; CS=0; PF=22; RL=1'],
      { ...words('שלום'), rightToLeft: true } as Utterance,
    ],
    ['/me', ['/me sighs'], action('sighs')],
    ['an action', ['ID: 4\r\nData: sighs\r\n', undefined, 'text/x-msnmsgr-datacast'], action('sighs')],
    ['a nudge', ['ID: 1\r\n\r\n', undefined, 'text/x-msnmsgr-datacast'], { kind: 'nudge' }],
    ['emoticons', [':) (L)(Y) 8-)'], words('🙂 ❤️👍 🙄')],
    ['what only looks like emoticons', ['12:00) https://example.org/:D'], words('12:00) https://example.org/:D')],
    [
      'codes of Messenger Plus!',
      ['[c=4]red[/c] [b]bold[/b] :)'],
      words(['red', { color: 'ff0000' }], ' ', ['bold', { bold: true }], ' 🙂'),
    ],
    ['an emoticon beside a code', ['[c=4]Nurse:[/c] hi:)'], words(['Nurse:', { color: 'ff0000' }], ' hi🙂')],
    ['codes in an action', ['/me [c=4]blushes[/c]'], action(['blushes', { color: 'ff0000' }])],
    ['codes of IRC', ['\u000304red\u0003 \u0002bold'], words(['red', { color: 'ff0000' }], ' ', ['bold', { bold: true }])],
    ['text in lines', ['O\r\nRomeo'], words('O\nRomeo')],
    ['codes and nothing else', ['[c=4][/c]'], undefined],
    ['a wink', ['ID: 2\r\nData: <msnobj/>', undefined, 'text/x-msnmsgr-datacast'], undefined],
    ['pictures that stand for shortcuts', [':rose:\t<msnobj/>\t', undefined, 'text/x-mms-emoticon'], undefined],
  ])('%s', (_, [text, format, type], content) => {
    expect(received(text, format, type)).toEqual(content)
  })
})

describe('into MSN', () => {
  const sent = (content: Utterance) =>
    writeContent(content, 'en').map((payload) => {
      const { headers, body } = parseMime(payload)
      return { format: headerOf(headers, 'X-MMS-IM-Format'), text: Buffer.from(body).toString() }
    })
  const romeo: Quote = { from: 'Romeo', line: 'But soft! What light?', how: 'answer' }
  const rose: Media = {
    kind: 'media',
    what: 'image',
    name: 'rose.png',
    ref: 'mxc://hs.test/rose',
    link: 'https://example.org/m/1/rose.png',
  }

  it.each<[string, Utterance, string, string?]>([
    ['text', words('But soft!'), 'But soft!'],
    [
      'bold, italic, underlined and struck text',
      words(['a', { bold: true, italic: true, underline: true, strike: true }]),
      'a',
      'FN=Segoe%20UI; EF=BIUS; CO=0; CS=0; PF=22',
    ],
    [
      'a colour and a font',
      words(['a', { color: 'ff0000', font: 'Comic Sans MS' }]),
      'a',
      'FN=Comic%20Sans%20MS; EF=; CO=ff; CS=0; PF=22',
    ],
    ['looks that only a part has', words('a ', ['b', { bold: true }], ' ', ['x', { code: true }]), 'a *b* `x`'],
    ['a link under other words', words(['here', { link: 'https://example.org/' }]), 'here (https://example.org/)'],
    ['text from right to left', { ...words('שלום'), rightToLeft: true } as Utterance, 'שלום', `${plain}; RL=1`],
    ['/me', action('sighs'), '/me sighs'],
    ['emoji that MSN has', words('👍🏽 ❤️ 😀'), '(Y) (L) :D'],
    ['emoji that MSN has not', words('😂 👨‍👩‍👧'), '😂 👨‍👩‍👧'],
    ['emoji in code', words(['👍', { code: true }]), '`👍`'],
    ['text in lines', words('O\nRomeo'), 'O\r\nRomeo'],
    [
      'a change',
      { kind: 'edit', of: '$said' as RemoteId, content: { kind: 'text', runs: [{ text: 'But hark!' }] } },
      '* But hark!',
    ],
    ['an answer', { kind: 'text', runs: [{ text: 'Ay me' }], about: romeo }, '> Romeo: But soft! What light?\r\nAy me'],
    [
      'an answer to what we said',
      { kind: 'text', runs: [{ text: 'O' }], about: { line: 'Ay me', how: 'answer' } },
      '> Ay me\r\nO',
    ],
    [
      'something in a thread',
      { kind: 'text', runs: [{ text: 'O' }], about: { ...romeo, how: 'thread' } },
      '(in the thread "But soft! What light?", begun by Romeo)\r\nO',
    ],
    [
      'a reaction',
      { kind: 'reaction', of: '$said' as RemoteId, emoji: '👍', about: romeo },
      '/me reacted (Y) to "But soft! What light?"',
    ],
    ['a picture', rose, 'Picture: rose.png https://example.org/m/1/rose.png'],
    [
      'a picture with words along with it',
      { ...rose, caption: [{ text: 'By any other name' }] },
      'By any other name\r\nPicture: rose.png https://example.org/m/1/rose.png',
    ],
    ['a poll', words('Poll: Where to? 1) Mantua 2) Verona'), 'Poll: Where to? 1) Mantua 2) Verona'],
    [
      'a place',
      words('Location: Verona https://example.org/#map=16/45/10'),
      'Location: Verona https://example.org/#map=16/45/10',
    ],
    ['a notice', { kind: 'notice', phrase: { key: 'command.cancelled' } }, 'Stopped.'],
  ])('%s', (_, content, text, format = plain) => {
    expect(sent(content)).toEqual([{ text, format }])
  })

  it('a nudge', () => {
    expect(Buffer.from(writeContent({ kind: 'nudge' }, 'en')[0] ?? []).toString()).toBe(
      'MIME-Version: 1.0\r\nContent-Type: text/x-msnmsgr-datacast\r\n\r\nID: 1\r\n\r\n',
    )
  })

  it('a long answer, in pieces, of which the first has the quotation', () => {
    const parts = sent({ kind: 'text', runs: [{ text: 'wherefore '.repeat(300) }], about: romeo })
    expect(parts.map(({ text }) => text).join('')).toBe(`> Romeo: But soft! What light?\r\n${'wherefore '.repeat(300)}`)
    expect(parts.length).toBeGreaterThan(2)
  })
})
