import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawn, emoticons, spelled } from '../../../src/msn/content/emoticons.ts'

describe('emoticons', () => {
  it.each(emoticons)('draws %s as %s, and spells it again', (shortcut, emoji, ...spellings) => {
    for (const spelling of [shortcut, ...spellings]) expect(drawn(`so ${spelling}!`)).toBe(`so ${emoji}!`)
    expect(drawn(shortcut.toLowerCase())).toBe(emoji)
    expect(spelled(emoji)).toBe(shortcut)
    expect(drawn(spelled(emoji))).toBe(emoji)
  })

  it('have each their own shortcut and their own emoji', () => {
    const spellings = emoticons.flatMap(([shortcut, , ...more]) => [shortcut, ...more])
    expect(new Set(spellings).size).toBe(spellings.length)
    expect(new Set(emoticons.map(([, emoji]) => emoji)).size).toBe(emoticons.length)
  })

  it.each([
    ['hello:) and (L)(L)(L), love(Y)', 'hello🙂 and ❤️❤️❤️, love👍'],
    ['(l) at last:D', '❤️ at last😃'],
    ['the longer one: 8-) 8-| :-* :-# <:o)', 'the longer one: 🙄 🤓 🤫 🤐 🥳'],
    ["(:) :'( >:)", '(🙂 😢 >🙂'],
  ])('draws %j as people meant it', (text, shown) => {
    expect(drawn(text)).toBe(shown)
  })

  it.each([
    'meet me at 12:00)',
    '(at 8:)',
    'file(s), f(x), f(8), (c)2013',
    'n+o(n) is 18| or a|)',
    'note:(see below), re:Subject, mail:@juliet, x:<y',
    'https://example.org/:D?q=(L) www.example.org/(Y) mailto:a:)@b msnim://x:)',
    'for (let i of all) { go(); }',
  ])('leaves %j alone', (text) => {
    expect(drawn(text)).toBe(text)
  })

  it('spells an emoji in any tone and sex, and with or without its colour', () => {
    expect(spelled('👍🏽 ❤ ❤️ ☀ 🤷🏿‍♂️ 🤷‍♀️')).toBe('(Y) (L) (L) (#) :^) :^)')
  })

  it('leaves an emoji that MSN has not, and one that is a part of another', () => {
    const others = '😂 🫠 👨‍👩‍👧 ❤️‍🔥 🏴‍☠️ 👩🏽‍🚀 1️⃣ 🇮🇹'
    expect(spelled(others)).toBe(others)
  })

  it('changes nothing in text that has none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\p{L}\p{Nd}\s.,!"=/-]{0,60}$/u), (text) => {
        expect(drawn(text)).toBe(text)
        expect(spelled(text)).toBe(text)
      }),
    )
  })

  it('turn back whatever stands between them', () => {
    const piece = fc.oneof(fc.constantFrom(...emoticons.map(([, emoji]) => emoji)), fc.stringMatching(/^[a-z]{1,8}$/))
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join(' ')
        expect(drawn(spelled(text))).toBe(text)
      }),
    )
  })

  it('are found in long text in no time that grows', () => {
    const long = ':'.repeat(30_000) + '('.repeat(30_000) + '👍'.repeat(10_000) + 'a.'.repeat(20_000)
    expect(spelled(drawn(long))).toBe(long.replaceAll('👍', '(Y)'))
  })
})
