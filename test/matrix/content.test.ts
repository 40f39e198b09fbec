import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeliveryId } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { readSaid } from '../../src/matrix/content/said.ts'
import { toMatrix } from '../../src/matrix/content.ts'

const delivery = 'delivery-1' as DeliveryId

/** What a message says, or why it cannot be carried on. */
function read(content: Record<string, unknown>) {
  const reading = readSaid({ type: 'm.room.message', content }, { nudgeReaction: '📳' })
  return reading && 'content' in reading ? reading.content : reading
}

describe('a message from Matrix', () => {
  it('is text', () => {
    expect(read({ msgtype: 'm.text', body: 'hi there' })).toEqual({ kind: 'text', runs: [{ text: 'hi there' }] })
  })

  it('is an action when it is an emote', () => {
    expect(read({ msgtype: 'm.emote', body: 'sighs' })).toEqual({ kind: 'action', runs: [{ text: 'sighs' }] })
  })

  it('takes its looks from the HTML', () => {
    const html = { format: 'org.matrix.custom.html', formatted_body: '<b>hi</b>' }
    expect(read({ msgtype: 'm.text', body: '**hi**', ...html })).toEqual({
      kind: 'text',
      runs: [{ text: 'hi', style: { bold: true } }],
    })
  })

  it('takes its words from the body where the HTML has none or is of another kind', () => {
    const plain = { kind: 'text', runs: [{ text: 'hi' }] }
    expect(read({ msgtype: 'm.text', body: 'hi', format: 'org.matrix.custom.html', formatted_body: '<p></p>' })).toEqual(plain)
    expect(read({ msgtype: 'm.text', body: 'hi', format: 'text/x-other', formatted_body: '<b>no</b>' })).toEqual(plain)
    expect(read({ msgtype: 'm.text', body: 'hi', format: 7, formatted_body: ['no'] })).toEqual(plain)
  })

  it('leaves out what it answers', () => {
    const reply = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$old' } } }
    expect(read({ msgtype: 'm.text', body: '> <@juliet:hs> old\n> lines\n\nnew', ...reply })).toEqual({
      kind: 'text',
      runs: [{ text: 'new' }],
    })
    expect(read({ msgtype: 'm.text', body: '> a quotation of my own' })).toEqual({
      kind: 'text',
      runs: [{ text: '> a quotation of my own' }],
    })
  })

  it('is nothing when a bot says it, or when it has no words', () => {
    expect(read({ msgtype: 'm.notice', body: 'beep' })).toBeUndefined()
    expect(read({ msgtype: 'm.text', body: ' \n ' })).toBeUndefined()
    expect(read({})).toBeUndefined()
    expect(read({ msgtype: 'm.text' })).toBeUndefined()
  })

  it.each([
    ['a picture that is nowhere', { msgtype: 'm.image', body: 'rose.png' }, 'matrix.no-file'],
    ['a file by a way around', { msgtype: 'm.file', body: 'x', url: 'mxc://hs.test/../../secret' }, 'matrix.no-file'],
    ['a file by another way', { msgtype: 'm.file', body: 'x', url: 'https://hs.test/secret' }, 'matrix.no-file'],
    ['a file that is locked', { msgtype: 'm.file', body: 'x', file: { url: 'mxc://hs.test/abc' } }, 'matrix.encrypted-message'],
    ['a book', { msgtype: 'm.text', body: 'a'.repeat(70_000) }, 'matrix.too-long'],
  ])('says why %s cannot be carried on', (_, content, key) => {
    expect(read(content)).toEqual({ key })
  })

  it('never breaks the reader, and gives clean text', () => {
    const hostile = fc.record(
      {
        msgtype: fc.oneof(fc.constantFrom('m.text', 'm.emote'), fc.string(), fc.anything()),
        body: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        format: fc.oneof(fc.constant('org.matrix.custom.html'), fc.anything()),
        formatted_body: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        'm.relates_to': fc.oneof(fc.constant({ 'm.in_reply_to': {} }), fc.anything()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(hostile, (content) => {
        const result = read(content)
        if (result === undefined || !('kind' in result) || !('runs' in result)) return
        for (const { text } of result.runs) {
          expect(text.isWellFormed()).toBe(true)
          expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
        }
      }),
    )
  })
})

describe('a message into Matrix', () => {
  it('is plain text where it has no looks', () => {
    expect(toMatrix({ kind: 'text', runs: [{ text: 'hi' }] }, delivery)).toEqual({
      msgtype: 'm.text',
      body: 'hi',
      'm.mentions': {},
      'dev.nudge.delivery': delivery,
    })
  })

  it('has HTML where it has looks', () => {
    const runs = [{ text: 'a < b, ' }, { text: 'really', style: { italic: true, color: 'ff0000' } }] as const
    expect(toMatrix({ kind: 'text', runs }, delivery)).toMatchObject({
      body: 'a < b, really',
      format: 'org.matrix.custom.html',
      formatted_body: 'a &lt; b, <font data-mx-color="#ff0000" color="#ff0000"><em>really</em></font>',
    })
  })

  it('shows a bare link as it is', () => {
    const link = 'https://example.com/'
    expect(toMatrix({ kind: 'text', runs: [{ text: link, style: { link } }] }, delivery)).not.toHaveProperty('formatted_body')
  })

  it('says what the other kinds mean', () => {
    const of = '$said' as RemoteId
    expect(toMatrix({ kind: 'action', runs: [{ text: 'sighs' }] }, delivery)).toMatchObject({ msgtype: 'm.emote', body: 'sighs' })
    expect(toMatrix({ kind: 'nudge' }, delivery)).toMatchObject({ msgtype: 'm.emote', body: 'sends you a nudge' })
    expect(toMatrix({ kind: 'notice', phrase: { key: 'command.cancelled' } }, delivery)).toMatchObject({
      msgtype: 'm.notice',
      body: 'Stopped.',
    })
    expect(toMatrix({ kind: 'outcome', of, state: 'failed', phrase: { key: 'delivery.unreachable' } }, delivery)).toMatchObject({
      msgtype: 'm.notice',
      'm.relates_to': { 'm.in_reply_to': { event_id: of } },
    })
  })

  it('never wakes a whole room', () => {
    expect(toMatrix({ kind: 'text', runs: [{ text: '@room' }] }, delivery)['m.mentions']).toEqual({})
  })

  it('carries no half characters or control characters', () => {
    const sent = toMatrix({ kind: 'text', runs: [{ text: 'a\u0000\ud83db\r\nc', style: { bold: true } }] }, delivery)
    expect(sent['body']).toBe('a\ufffdb\nc')
    expect(sent['formatted_body']).toBe('<strong>a\ufffdb<br>c</strong>')
  })

  it('means the same when it comes back', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z<>&"]([a-z <>&"\n]{0,20}[a-z<>&"])?$/), fc.boolean(), (text, isBold) => {
        const runs = isBold ? [{ text, style: { bold: true } as const }] : [{ text }]
        const back = read(toMatrix({ kind: 'text', runs }, delivery))
        expect(back && 'runs' in back && back.runs.map((run) => run.text).join('')).toBe(text)
      }),
    )
  })
})
