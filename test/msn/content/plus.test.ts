import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src/core/content.ts'
import { runsFromPlus, withoutPlus } from '../../../src/msn/content/plus.ts'

const red = { color: 'ff0000' }

describe('the codes of Messenger Plus!', () => {
  it.each<[string, Run[]]>([
    ['[c=4]red[/c] plain', [{ text: 'red', style: red }, { text: ' plain' }]],
    ['[C=#FF0000]a[/C][c=red]b[/c][c=255,0,0]c[/c][c=#f00]d', [{ text: 'abcd', style: red }]],
    [
      '[c=04]a[c=12]b[/c]c[/c]',
      [
        { text: 'a', style: red },
        { text: 'b', style: { color: '0000fc' } },
        { text: 'c', style: red },
      ],
    ],
    [
      '[b]bold [i]and[/b] italic[/i]',
      [
        { text: 'bold ', style: { bold: true } },
        { text: 'and', style: { bold: true, italic: true } },
        { text: ' italic', style: { italic: true } },
      ],
    ],
    [
      '[u]a[/u][s]b[/s]',
      [
        { text: 'a', style: { underline: true } },
        { text: 'b', style: { strike: true } },
      ],
    ],
    ['[a=4]behind[/a] it', [{ text: 'behind it' }]],
    [
      "·$4red·$ ·#bold·# ·&italic·& ·@under·@ ·'strike·0 plain",
      [
        { text: 'red', style: red },
        { text: ' ' },
        { text: 'bold', style: { bold: true } },
        { text: ' ' },
        { text: 'italic', style: { italic: true } },
        { text: ' ' },
        { text: 'under', style: { underline: true } },
        { text: ' ' },
        { text: 'strike', style: { strike: true } },
        { text: ' plain' },
      ],
    ],
    [
      '·$4,1red ·$#00ff00,#000000green ·$(0,0,255)blue·$,5',
      [
        { text: 'red ', style: red },
        { text: 'green ', style: { color: '00ff00' } },
        { text: 'blue', style: { color: '0000ff' } },
      ],
    ],
    [
      '\u000304red\u0003 \u0002bold\u000f \u001funder\u001f \u0005i\u0005\u001dj\u001d \u0006s\u001e\u0016',
      [
        { text: 'red', style: red },
        { text: ' ' },
        { text: 'bold', style: { bold: true } },
        { text: ' ' },
        { text: 'under', style: { underline: true } },
        { text: ' ' },
        { text: 'ij', style: { italic: true } },
        { text: ' ' },
        { text: 's', style: { strike: true } },
      ],
    ],
  ])('%j become looks', (text, runs) => {
    expect(runsFromPlus(text)).toEqual(runs)
  })

  it('let a colour pass into another, from one end of the words to the other', () => {
    expect(runsFromPlus('[c=0]abc[/c=1]d')).toEqual([
      { text: 'a', style: { color: 'ffffff' } },
      { text: 'b', style: { color: '808080' } },
      { text: 'c', style: { color: '000000' } },
      { text: 'd' },
    ])
    expect(runsFromPlus('[c=0]a[b]b[/b][/c=1]')).toEqual([
      { text: 'a', style: { color: 'ffffff' } },
      { text: 'b', style: { bold: true, color: '000000' } },
    ])
    expect(runsFromPlus('[c=0]👩🏽‍🚀x[/c=1]')).toMatchObject([{ text: '👩🏽‍🚀' }, { text: 'x' }])
    expect(runsFromPlus(`[c=0]${'x'.repeat(5000)}[/c=1]`)).toHaveLength(24)
  })

  it('add to how all of it looks, and change its colour', () => {
    expect(runsFromPlus('a[c=4]b', { style: { bold: true, color: '0000ff' } })).toEqual([
      { text: 'a', style: { bold: true, color: '0000ff' } },
      { text: 'b', style: { bold: true, color: 'ff0000' } },
    ])
  })

  it.each([
    'words[i] and words[b]',
    'an end [/b] without a beginning',
    '[x=4] [c] [c=] [cc=4]',
    'input[a=b], [c=foo]',
    'col·lecció, 2·05, 3 · 4',
    'C$ and #4 and ,4',
  ])('are no codes in %j', (text) => {
    expect(runsFromPlus(text)).toEqual([{ text }])
  })

  it('are taken out of names, also when the name was cut off or the colour is unknown', () => {
    expect(withoutPlus('[c=4]~ [b]Juliet[/b] ~[/c=12] ·$4(L)·0')).toBe('~ Juliet ~ (L)')
    expect(withoutPlus('[c=nosuch]Nurse[/c][c=99]!')).toBe('Nurse!')
    expect(withoutPlus('[c=4][c=5]')).toBe('')
  })

  it('never break the reader, and what stands between them stays', () => {
    const code = fc.constantFrom(
      ...[
        '[c=4]',
        '[/c]',
        '[/c=7]',
        '[c=#123456]',
        '[a=1]',
        '[/a]',
        '[b]',
        '[/b]',
        '[i]',
        '[/i]',
        '·$',
        '·$4,5',
        '·#',
        '·0',
        '\u0003',
        '\u0003,1',
      ],
    )
    const piece = fc.oneof(code, fc.stringMatching(/^[A-Zx ]{1,5}$/), fc.string({ unit: 'binary', maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        const words = withoutPlus(text)
        expect(words.length).toBeLessThanOrEqual(text.length)
        for (const { style } of runsFromPlus(text)) expect(style?.color ?? '000000').toMatch(/^[0-9a-f]{6}$/)
      }),
      { numRuns: 500 },
    )
    const words = fc.stringMatching(/^[A-Z ]{0,8}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('[c=4]', '[/c]', '[/c=7]', '·#', '\u0002', '[a=1]'), words)), (pieces) => {
        expect(withoutPlus(pieces.flat().join(''))).toBe(pieces.map(([, word]) => word).join(''))
      }),
    )
  })

  it('cost time in proportion to the text, however many there are', () => {
    const many = 20_000
    for (const text of ['[c=1]', '[b]', '[/c=2]', '·$', '[c=1]x[/c=2]', '[', '·', `[c=${'1'.repeat(30)}`]) {
      const runs = runsFromPlus(`${text.repeat(many)}!`)
      expect(runs.length).toBeLessThanOrEqual(600)
    }
    expect(runsFromPlus(`${'[c=1]'.repeat(many)}x${'[/c=2]'.repeat(many)}`)).toHaveLength(1)
  })
})
