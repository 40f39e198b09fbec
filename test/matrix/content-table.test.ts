// What is said on Matrix as the gateway understands it, and what the gateway says as Matrix gets it: a row for each kind.

import { describe, expect, it } from 'vitest'
import type { Run, Style, Utterance } from '../../src/core/content.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { readSaid } from '../../src/matrix/content/said.ts'
import { toMatrix } from '../../src/matrix/content.ts'

const delivery = 'delivery-1' as DeliveryId
const said = '$said' as RemoteId

type Content = Record<string, unknown>

const message = (content: Content) => ({ type: 'm.room.message', content })
const text = (body: string, more: Content = {}) => message({ msgtype: 'm.text', body, ...more })
const html = (body: string, formatted: string) => text(body, { format: 'org.matrix.custom.html', formatted_body: formatted })
const relatesTo = (relation: Content) => ({ 'm.relates_to': relation })
const words = (...runs: (string | [string, Style])[]): Utterance => ({ kind: 'text', runs: runs.map(run) })
const run = (of: string | [string, Style]): Run => (typeof of === 'string' ? { text: of } : { text: of[0], style: of[1] })
const file = (msgtype: string, more: Content = {}) =>
  message({ msgtype, body: 'rose.png', url: 'mxc://hs.test/rose', info: { mimetype: 'image/png', size: 1597 }, ...more })
const media = (what: string, more: Content = {}) => ({
  content: { kind: 'media', what, name: 'rose.png', type: 'image/png', size: 1597, ref: 'mxc://hs.test/rose', ...more },
})

describe('from Matrix', () => {
  it.each<[string, { type: string; content: Content }, unknown]>([
    ['text', text('But soft!'), { content: words('But soft!') }],
    [
      'bold, italic, underlined and struck text',
      html('a b c d', '<b>a</b> <em>b</em> <u>c</u> <del>d</del>'),
      {
        content: words(['a', { bold: true }], ' ', ['b', { italic: true }], ' ', ['c', { underline: true }], ' ', [
          'd',
          { strike: true },
        ]),
      },
    ],
    [
      'a colour and a font',
      html('red', '<font data-mx-color="#ff0000" face="Comic Sans MS, cursive">red</font>'),
      { content: words(['red', { color: 'ff0000', font: 'Comic Sans MS' }]) },
    ],
    ['code', html('`x`', '<code>x</code>'), { content: words(['x', { code: true }]) }],
    [
      'a link under other words',
      html('here', '<a href="https://example.org/">here</a>'),
      { content: words(['here', { link: 'https://example.org/' }]) },
    ],
    [
      'a mention',
      html('Juliet: hi', '<a href="https://matrix.to/#/@msn_juliet:hs.test">Juliet</a>: hi'),
      { content: words('Juliet: hi') },
    ],
    ['text from right to left', text('שלום, Romeo'), { content: { ...words('שלום, Romeo'), rightToLeft: true } }],
    ['text from left to right with Hebrew in it', text('Romeo, שלום'), { content: words('Romeo, שלום') }],
    ['/me', message({ msgtype: 'm.emote', body: 'sighs' }), { content: { kind: 'action', runs: [{ text: 'sighs' }] } }],
    ['emoji', text('👍 ❤️'), { content: words('👍 ❤️') }],
    [
      'the reaction that is a nudge',
      { type: 'm.reaction', content: relatesTo({ rel_type: 'm.annotation', event_id: said, key: '📳\ufe0f' }) },
      { content: { kind: 'nudge' } },
    ],
    [
      'an answer, without the quotation before it',
      text('> <@juliet:hs.test> Ay me\n\nShe speaks', relatesTo({ 'm.in_reply_to': { event_id: said } })),
      { content: words('She speaks'), about: { id: said, how: 'answer' } },
    ],
    [
      'something in a thread',
      text(
        'O',
        relatesTo({ rel_type: 'm.thread', event_id: said, is_falling_back: true, 'm.in_reply_to': { event_id: '$last' } }),
      ),
      { content: words('O'), about: { id: said, how: 'thread' } },
    ],
    [
      'an answer in a thread',
      text(
        'O',
        relatesTo({ rel_type: 'm.thread', event_id: said, is_falling_back: false, 'm.in_reply_to': { event_id: '$last' } }),
      ),
      { content: words('O'), about: { id: '$last', how: 'answer' } },
    ],
    [
      'a change',
      text('* Ay me!', {
        'm.new_content': { msgtype: 'm.text', body: 'Ay me!' },
        ...relatesTo({ rel_type: 'm.replace', event_id: said }),
      }),
      { content: { kind: 'edit', of: said, content: words('Ay me!') } },
    ],
    [
      'a change, as old clients make it',
      text(' * Ay me!', relatesTo({ rel_type: 'm.replace', event_id: said })),
      { content: { kind: 'edit', of: said, content: words('Ay me!') } },
    ],
    [
      'a change of what is said along with a picture',
      text('* new', {
        'm.new_content': { msgtype: 'm.image', body: 'new', filename: 'rose.png', url: 'mxc://hs.test/rose' },
        ...relatesTo({ rel_type: 'm.replace', event_id: said }),
      }),
      { content: { kind: 'edit', of: said, content: words('new') } },
    ],
    [
      'a reaction',
      { type: 'm.reaction', content: relatesTo({ rel_type: 'm.annotation', event_id: said, key: '👍' }) },
      { content: { kind: 'reaction', of: said, emoji: '👍' } },
    ],
    [
      'a reaction with a picture of its own',
      {
        type: 'm.reaction',
        content: { shortcode: ':rose:', ...relatesTo({ rel_type: 'm.annotation', event_id: said, key: 'mxc://hs.test/rose' }) },
      },
      { content: { kind: 'reaction', of: said, emoji: ':rose:' } },
    ],
    ['a picture', file('m.image'), media('image')],
    ['a film', file('m.video'), media('video')],
    ['a sound', file('m.audio'), media('audio')],
    ['something spoken', file('m.audio', { 'org.matrix.msc3245.voice': {} }), media('voice')],
    ['a file', file('m.file'), media('file')],
    [
      'a picture with words along with it',
      file('m.image', { filename: 'rose.png', body: 'By any other name', ...relatesTo({ 'm.in_reply_to': { event_id: said } }) }),
      { ...media('image', { caption: [{ text: 'By any other name' }] }), about: { id: said, how: 'answer' } },
    ],
    ['a picture whose name is given twice', file('m.image', { filename: 'rose.png' }), media('image')],
    [
      'a sticker',
      {
        type: 'm.sticker',
        content: { body: 'rose.png', url: 'mxc://hs.test/rose', info: { mimetype: 'image/png', size: 1597 } },
      },
      media('sticker'),
    ],
    [
      'a place',
      message({ msgtype: 'm.location', body: 'Verona', geo_uri: 'geo:45.4384,10.9916;u=35' }),
      { content: words('Location: Verona https://www.openstreetmap.org/?mlat=45.4384&mlon=10.9916#map=16/45.4384/10.9916') },
    ],
    [
      'a place, as Element sends one',
      message({
        msgtype: 'm.location',
        body: 'Location was shared at geo:45.4,10.9',
        geo_uri: 'geo:45.4,10.9',
        'org.matrix.msc3488.location': { uri: 'geo:45.4,10.9', description: 'The\norchard' },
      }),
      { content: words('Location: The orchard https://www.openstreetmap.org/?mlat=45.4&mlon=10.9#map=16/45.4/10.9') },
    ],
    [
      'a poll',
      {
        type: 'm.poll.start',
        content: {
          'm.poll': {
            question: { 'm.text': [{ body: 'Where to?' }] },
            answers: [
              { 'm.id': 'a', 'm.text': [{ body: 'Mantua' }] },
              { 'm.id': 'b', 'm.text': [{ body: 'Verona' }] },
            ],
          },
        },
      },
      { content: words('Poll: Where to? 1) Mantua 2) Verona') },
    ],
    [
      'a poll, as clients send it today',
      {
        type: 'org.matrix.msc3381.poll.start',
        content: {
          'org.matrix.msc3381.poll.start': {
            question: { 'org.matrix.msc1767.text': 'Where to?', body: 'Where to?' },
            answers: [{ id: 'a', 'org.matrix.msc1767.text': 'Mantua' }],
          },
        },
      },
      { content: words('Poll: Where to? 1) Mantua') },
    ],
    [
      'the end of a poll',
      { type: 'm.poll.end', content: { 'm.text': [{ body: 'Mantua won.' }] } },
      { content: words('Mantua won.') },
    ],
    ['something new, by its text', message({ msgtype: 'org.example.new', body: 'new' }), { content: words('new') }],
    ['what a bot says', message({ msgtype: 'm.notice', body: 'beep' }), undefined],
    ['talk between machines', message({ msgtype: 'm.key.verification.request', body: 'verify' }), undefined],
    ['what was taken back', message({}), undefined],
    ['a call', { type: 'm.call.invite', content: {} }, { key: 'matrix.call' }],
    ['a call, as Element X rings', { type: 'org.matrix.msc4075.rtc.notification', content: {} }, { key: 'matrix.call' }],
    ['a place that moves', { type: 'org.matrix.msc3672.beacon_info', content: { live: true } }, { key: 'matrix.moving-place' }],
    ['a place that moves no more', { type: 'org.matrix.msc3672.beacon_info', content: { live: false } }, undefined],
    ['something encrypted', { type: 'm.room.encrypted', content: {} }, { key: 'matrix.encrypted-message' }],
  ])('%s', (_, event, reading) => {
    expect(readSaid(event, { nudgeReaction: '📳' })).toEqual(reading)
  })
})

describe('from Matrix, written to do harm', () => {
  const read = (event: { type: string; content: Content }) => readSaid(event, { nudgeReaction: '📳' })

  it.each<[string, { type: string; content: Content }, unknown]>([
    [
      'scripts',
      html('x', '<script>alert(1)</script><b onclick="x()">b</b><img src=x onerror="y()">'),
      { content: words(['b', { bold: true }]) },
    ],
    ['10,000 nested tags', html('deep', `${'<b>'.repeat(10_000)}deep`), { content: words(['deep', { bold: true }]) }],
    ['a body that is no text', message({ msgtype: 'm.text', body: { a: 1 } }), undefined],
    ['a body of 65 KB', text('x'.repeat(65_537)), { key: 'matrix.too-long' }],
    [
      'a change to 65 KB',
      text('x', {
        'm.new_content': { msgtype: 'm.text', body: 'x'.repeat(65_537) },
        ...relatesTo({ rel_type: 'm.replace', event_id: said }),
      }),
      { key: 'matrix.too-long' },
    ],
    ['an answer to no text', text('x', relatesTo({ 'm.in_reply_to': { event_id: ['$said'] } })), { content: words('x') }],
    ['an answer to what is no event', text('x', relatesTo({ 'm.in_reply_to': { event_id: 'said' } })), { content: words('x') }],
    ['relations that are none', text('x', { 'm.relates_to': 'everything' }), { content: words('x') }],
    ['a change of nothing', text('x', relatesTo({ rel_type: 'm.replace', event_id: 7 })), { content: words('x') }],
    [
      'a change that says nothing',
      text('x', { 'm.new_content': { msgtype: 'm.text', body: ' ' }, ...relatesTo({ rel_type: 'm.replace', event_id: said }) }),
      undefined,
    ],
    ['a reaction to nothing', { type: 'm.reaction', content: relatesTo({ rel_type: 'm.annotation', key: '👍' }) }, undefined],
    [
      'a reaction of 5 KB',
      { type: 'm.reaction', content: relatesTo({ rel_type: 'm.annotation', event_id: said, key: 'x\n'.repeat(2500) }) },
      { content: { kind: 'reaction', of: said, emoji: 'x '.repeat(50).trim() } },
    ],
    [
      'a place off the earth',
      message({ msgtype: 'm.location', body: 'Hades', geo_uri: 'geo:91,181' }),
      { content: words('Hades') },
    ],
    [
      'a place with more than a place in it',
      message({ msgtype: 'm.location', body: 'x', geo_uri: 'geo:1,2#&q="><script>' }),
      { content: words('x') },
    ],
    ['a poll that asks nothing', { type: 'm.poll.start', content: { 'm.poll': { question: 'x', answers: 7 } } }, undefined],
    [
      'a file name with a path and hidden letters',
      file('m.file', { body: '../../etc/passwd\u202etxt.exe' }),
      media('file', { name: 'passwdtxt.exe' }),
    ],
    [
      'a file with a length that is none',
      file('m.file', { info: { size: -1, mimetype: 'a\r\nb' } }),
      { content: { kind: 'media', what: 'file', name: 'rose.png', ref: 'mxc://hs.test/rose' } },
    ],
  ])('%s', (_, event, reading) => {
    expect(read(event)).toEqual(reading)
  })

  it('a poll of thousands is cut to what a poll may be', () => {
    const answers = Array.from({ length: 5000 }, (_, index) => ({ 'm.id': `${index}`, 'm.text': [{ body: 'x'.repeat(5000) }] }))
    const reading = read({
      type: 'm.poll.start',
      content: { 'm.poll': { question: { 'm.text': [{ body: 'y'.repeat(9000) }] }, answers } },
    })
    expect(JSON.stringify(reading).length).toBeLessThan(6000)
  })
})

describe('into Matrix', () => {
  const written = (content: Utterance, ...mentioned: string[]) => toMatrix(content, delivery, mentioned)
  const formatted = (body: string, formatted_body: string) => ({ body, format: 'org.matrix.custom.html', formatted_body })

  it.each<[string, Utterance, Content]>([
    ['text', words('Ay me'), { msgtype: 'm.text', body: 'Ay me' }],
    [
      'bold, italic, underlined and struck text',
      words(['a', { bold: true, italic: true, underline: true, strike: true }]),
      formatted('a', '<strong><em><u><del>a</del></u></em></strong>'),
    ],
    [
      'a colour and a font',
      words(['a', { color: 'ff0000', font: 'Comic Sans MS' }]),
      formatted('a', '<font data-mx-color="#ff0000" color="#ff0000" face="Comic Sans MS">a</font>'),
    ],
    [
      'text from right to left that begins with a letter from left to right',
      { ...words('Romeo, שלום'), rightToLeft: true } as Utterance,
      formatted('\u200fRomeo, שלום', '<div dir="rtl">\u200fRomeo, שלום</div>'),
    ],
    [
      'text from right to left',
      { ...words('שלום'), rightToLeft: true } as Utterance,
      formatted('שלום', '<div dir="rtl">שלום</div>'),
    ],
    ['/me', { kind: 'action', runs: [{ text: 'sighs' }] }, { msgtype: 'm.emote', body: 'sighs' }],
    ['a nudge', { kind: 'nudge' }, { msgtype: 'm.emote', body: 'sends you a nudge' }],
    [
      'a change',
      { kind: 'edit', of: said, content: { kind: 'text', runs: [{ text: 'Ay' }] } },
      { msgtype: 'm.text', body: '* Ay' },
    ],
    ['a reaction', { kind: 'reaction', of: said, emoji: '👍' }, { msgtype: 'm.emote', body: '👍' }],
    [
      'a file',
      {
        kind: 'media',
        what: 'file',
        name: 'letter.txt',
        ref: 'x',
        link: 'https://example.org/l',
        caption: [{ text: 'read it' }],
      },
      { msgtype: 'm.text', body: 'letter.txt: https://example.org/l\nread it' },
    ],
    ['a notice', { kind: 'notice', phrase: { key: 'command.cancelled' } }, { msgtype: 'm.notice', body: 'Stopped.' }],
    [
      'what became of a message',
      { kind: 'outcome', of: said, state: 'failed', phrase: { key: 'command.cancelled' } },
      { msgtype: 'm.notice', body: 'Stopped.', 'm.relates_to': { 'm.in_reply_to': { event_id: said } } },
    ],
    [
      'what became of a message after all, in the place of what was told before',
      { kind: 'outcome', of: said, state: 'delivered', phrase: { key: 'command.cancelled' }, instead: '$told' as RemoteId },
      {
        msgtype: 'm.notice',
        body: '* Stopped.',
        'm.new_content': { msgtype: 'm.notice', body: 'Stopped.', 'm.mentions': {} },
        'm.relates_to': { rel_type: 'm.replace', event_id: '$told' },
      },
    ],
  ])('%s', (_, content, event) => {
    expect(written(content)).toEqual({ msgtype: 'm.text', ...event, 'm.mentions': {}, 'dev.nudge.delivery': delivery })
  })

  it('a nudge for somebody wakes them, and names them', () => {
    expect(written({ kind: 'nudge' }, '@romeo:hs.test')).toEqual({
      msgtype: 'm.emote',
      ...formatted('sends romeo a nudge', 'sends <a href="https://matrix.to/#/%40romeo%3Ahs.test">romeo</a> a nudge'),
      'm.mentions': { user_ids: ['@romeo:hs.test'] },
      'dev.nudge.delivery': delivery,
    })
  })

  it('what failed wakes whoever wrote it', () => {
    const failed = written({ kind: 'outcome', of: said, state: 'failed', phrase: { key: 'command.cancelled' } }, '@romeo:hs.test')
    expect(failed['m.mentions']).toEqual({ user_ids: ['@romeo:hs.test'] })
  })

  it('names in a sentence of ours cannot turn it around', () => {
    const phrase = { key: 'delivery.contact-offline', params: { name: '\u202eteiluJ\u2066' } } as const
    expect(written({ kind: 'notice', phrase })['body']).toBe('teiluJ is offline.')
  })

  it('however long, it fits into an event', () => {
    for (const unit of ['x', '\u0001"', '😀', '\n', '<&'])
      for (const style of [{}, { bold: true, color: 'ff0000' } as const]) {
        const content = written(words([unit.repeat(40_000), style]))
        expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(60_000)
        expect(String(content['body']).isWellFormed()).toBe(true)
      }
    expect(written(words('x'.repeat(40_000)))['body']).toMatch(/x \[…\]$/)
  })
})
