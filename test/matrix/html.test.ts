import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run, Style } from '../../src/core/content.ts'
import { htmlFromRuns, runsFromHtml } from '../../src/matrix/html.ts'
import { appendRun, cleanText, trimRuns } from '../../src/matrix/style.ts'

const words = (html: string) =>
  runsFromHtml(html)
    .map((run) => run.text)
    .join('')

describe('HTML as runs', () => {
  it.each<[string, string, Run[]]>([
    [
      'keeps the looks that MSN knows',
      'a <b>b</b><i>c</i> <u>d</u><del>e</del>',
      [
        { text: 'a ' },
        { text: 'b', style: { bold: true } },
        { text: 'c', style: { italic: true } },
        { text: ' ' },
        { text: 'd', style: { underline: true } },
        { text: 'e', style: { strike: true } },
      ],
    ],
    [
      'adds looks up',
      '<strong>a<em>b</em></strong>',
      [
        { text: 'a', style: { bold: true } },
        { text: 'b', style: { bold: true, italic: true } },
      ],
    ],
    [
      'reads a colour from either attribute',
      '<font color="#FF0000">a</font><span data-mx-color="#00ff00">b</span>',
      [
        { text: 'a', style: { color: 'ff0000' } },
        { text: 'b', style: { color: '00ff00' } },
      ],
    ],
    [
      'keeps a link that leads to the web',
      '<a href="https://example.com/?a=1&amp;b=2">here</a>',
      [{ text: 'here', style: { link: 'https://example.com/?a=1&b=2' } }],
    ],
    ['drops a link that runs a script', '<a href="javascript:alert(1)">here</a>', [{ text: 'here' }]],
    ['shows a mention as the name', '<a href="https://matrix.to/#/@juliet:hs.test">Juliet</a>: hi', [{ text: 'Juliet: hi' }]],
  ])('%s', (_, html, runs) => {
    expect(runsFromHtml(html)).toEqual(runs)
  })

  it.each([
    ['line breaks', 'a<br>b<br/>c', 'a\nb\nc'],
    ['paragraphs', '<p>a</p>\n<p>b</p>\n', 'a\n\nb'],
    ['divisions', '<div>a</div><div>b</div>', 'a\nb'],
    ['white space', '  a \n\t b  ', 'a b'],
    ['spaces that do not break', 'a&nbsp;&nbsp;b', 'a  b'],
    ["what stands in a machine's type", '<pre><code>if x:\n  y\n</code></pre>', 'if x:\n  y'],
    ['a list', 'See:<ul><li>a</li><li><p>b</p></li></ul>end', 'See:\n• a\n• b\nend'],
    ['a numbered list', '<ol start="3"><li>a</li><li>b</li></ol>', '3. a\n4. b'],
    ['lists within lists', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>', '• a\n  • b\n• c'],
    ['a quotation', '<blockquote><p>a</p><p>b</p></blockquote>c', '> a\n\n> b\n\nc'],
    ['a heading', '<h1>a</h1>b', 'a\n\nb'],
    ['a table', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['a picture of a word', 'a <img src="mxc://x/y" alt=":rose:"> b', 'a :rose: b'],
    ['the message that is answered', '<mx-reply><blockquote>old</blockquote></mx-reply>new', 'new'],
    ['a script', 'a<script>alert(1)</script>b<style>p{}</style>c', 'abc'],
    ['entities', '&lt;b&gt; &amp;amp; &#x263a; &#0;', '<b> &amp; ☺ \ufffd'],
    ['tags that were never closed', '<b><i>a', 'a'],
    ['tags that were never opened', '</b></div>a</p>', 'a'],
    ['keys of every object', '<constructor>a</constructor><valueOf>b</valueOf><toString>c</toString>', 'abc'],
  ])('lays out %s', (_, html, text) => {
    expect(words(html)).toBe(text)
  })

  it('survives anything, with text that is clean and not much longer', () => {
    const piece = fc.constantFrom(
      ...[
        '<b>',
        '</b>',
        '<p>',
        '</p>',
        '<ul>',
        '<ol start="-9">',
        '<li>',
        '</li>',
        '</ul>',
        '<blockquote>',
        '</blockquote>',
        '<br>',
        '<pre>',
      ],
      ...[
        '</pre>',
        '<a href="http://x">',
        '</a>',
        '<mx-reply>',
        '</mx-reply>',
        '<script>',
        '</script>',
        '<font color="#123456">',
        '<!--',
        '-->',
      ],
      ...[
        '<![CDATA[',
        ']]>',
        '&',
        '&amp;',
        '&#xD800;',
        '<',
        '>',
        '"',
        ' ',
        '\n',
        '\u0000',
        '\u001b',
        '\ud83d',
        'word',
        '<svg><foreignObject>',
        '<table>',
      ],
    )
    const html = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(html, (hostile) => {
        const text = words(hostile)
        expect(text).toBe(cleanText(text).trim())
        expect(text.length).toBeLessThanOrEqual(10 * hostile.length + 10)
      }),
      { numRuns: 500 },
    )
  })

  it('is not overwhelmed by depth', () => {
    const deep = 10_000
    expect(words(`${'<b>'.repeat(deep)}a${'</i>'.repeat(deep)}`)).toBe('a')
    expect(words(`${'<blockquote>'.repeat(1000)}a`)).toBe('> > > > a')
    expect(words(`${'<ul><li>'.repeat(1000)}a`).length).toBeLessThan(40_000)
  })
})

describe('runs as HTML', () => {
  const style: fc.Arbitrary<Style> = fc.record(
    {
      bold: fc.constant(true as const),
      italic: fc.constant(true as const),
      underline: fc.constant(true as const),
      strike: fc.constant(true as const),
      code: fc.constant(true as const),
      color: fc.constantFrom('ff0000', '00ff00'),
      link: fc.constantFrom('https://example.com/?a=1&b="2"', "http://example.com/'x'"),
    },
    { requiredKeys: [] },
  )
  const text = fc.oneof(
    fc.stringMatching(/^[a-z <>&"'\n]{1,12}$/),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((any) => any.replace(/[\s\p{C}]/gu, '')),
    fc.constantFrom('</strong>', '<script>', '&amp;', '&lt;b', 'a  b', ' a', 'a ', 'a \n b', '\n\n'),
  )

  it('turn back into the same runs', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text, style }), { maxLength: 6 }), (pieces) => {
        const runs: Run[] = []
        for (const piece of pieces) appendRun(runs, piece.text, piece.style)
        // A line break looks the same in every style.
        const plain = (some: readonly Run[]) => some.map((run) => run.text).join('')
        const back = runsFromHtml(htmlFromRuns(runs))
        expect(plain(back)).toBe(plain(trimRuns(runs)))
        expect(looks(back)).toEqual(looks(trimRuns(runs)))
      }),
      { numRuns: 500 },
    )
  })

  it('cannot break out of their element', () => {
    expect(htmlFromRuns([{ text: '<b onclick="x">&', style: { italic: true } }])).toBe(
      '<em>&lt;b onclick=&quot;x&quot;&gt;&amp;</em>',
    )
    expect(htmlFromRuns([{ text: 'a', style: { link: 'https://x/"><script>' } }])).toBe(
      '<a href="https://x/&quot;&gt;&lt;script&gt;">a</a>',
    )
    expect(htmlFromRuns([{ text: 'a', style: { link: 'javascript:alert(1)' } }])).toBe('a')
    expect(htmlFromRuns([{ text: 'a', style: { color: 'red"><script>' } }])).toBe('a')
  })
})

/** Each visible character with its style. */
function looks(runs: readonly Run[]): string[] {
  return runs.flatMap((run) =>
    [...run.text]
      .filter((character) => character.trim() !== '')
      .map((character) => `${character} ${describeStyle(run.style ?? {})}`),
  )
}

function describeStyle(style: Style): string {
  return Object.entries(style)
    .map(([look, value]) => `${look}=${value}`)
    .sort()
    .join()
}
