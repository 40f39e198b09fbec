import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../src/core/content.ts'
import type { DeliveryId } from '../../../src/core/delivery.ts'
import { emphasised } from '../../../src/matrix/content/emphasis.ts'
import { toMatrix } from '../../../src/matrix/content.ts'

describe('a list of our bot', () => {
  it('has the names of commands in bold, and what stands above them', () => {
    const title = 'General'
    const lines = '• help [command]: this list\n• psm: what <others> see'
    const phrase = { key: 'help.section', params: { title, lines } } as const
    expect(toMatrix({ kind: 'notice', phrase }, 'd' as DeliveryId)).toMatchObject({
      msgtype: 'm.notice',
      body: `${title}\n${lines}`,
      format: 'org.matrix.custom.html',
      formatted_body:
        '<strong>General<br></strong>• <strong>help</strong> [command]: this list<br>• <strong>psm</strong>: what &lt;others&gt; see',
    })
  })

  it.each(['Signed in.', '• Your id, and this room: until you write "logout"', 'a\n\nb', '', '• no end of a name'])(
    'is none, and stays plain: %j',
    (text) => {
      expect(emphasised(text)).toEqual([{ text }])
    },
  )

  it('says what it said before', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('', '• help: x', '• a', 'General', '• login [x]: y: z'))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n')
        expect(wordsOf({ kind: 'text', runs: emphasised(text) })).toBe(text)
      }),
    )
  })
})
